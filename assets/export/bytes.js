/**
 * What files of several kinds are made of: bytes end to end, little-endian numbers, and the CRC-32 of PNG and ZIP.
 */

/** @param {(Uint8Array | number[])[]} parts @returns {Uint8Array<ArrayBuffer>} */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {number} value @returns {number[]} two bytes, the lower one first */
export const two = (value) => [value & 255, (value >> 8) & 255];

/** @param {number} value @returns {number[]} four bytes, the lowest first */
export const four = (value) => [...two(value), ...two(value >>> 16)];

/** @param {string} text @returns {Uint8Array} in UTF-8 */
export const utf8 = (text) => new TextEncoder().encode(text);

const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

/** @param {Uint8Array} data @returns {number} 32 bits */
export function crc32(data) {
  let rest = 0xffffffff;
  for (const byte of data) rest = REMAINDERS[(rest ^ byte) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}
