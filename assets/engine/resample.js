/**
 * Pictures of one byte a pixel made larger or smaller, as Pillow does it (`Image.resize`, 8 bits): weights of a filter
 * in whole numbers, along the rows and then down the columns, each time rounded to a byte. So both give the same bytes.
 */

const BITS = 22; // of a weight, after the point

/** @typedef {{support: number, weight: (x: number) => number}} Filter */

/** The mean of what lies in a pixel's place. @type {Filter} */
export const BOX_FILTER = { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };

/** Keys 1981 with a = −1/2. @type {Filter} */
export const BICUBIC = {
  support: 2,
  weight(x) {
    const a = -0.5;
    const d = Math.abs(x);
    if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
  },
};

/**
 * @param {Uint8Array} pixels  height × width
 * @param {number} width
 * @param {number} height
 * @param {number} newWidth
 * @param {number} newHeight
 * @param {Filter} filter
 * @returns {Uint8Array} newHeight × newWidth
 */
export function resized(pixels, width, height, newWidth, newHeight, filter) {
  const wide = newWidth === width ? pixels : new Uint8Array(newWidth * height);
  if (wide !== pixels)
    weights(width, newWidth, filter).forEach(({ first, weight }, x) => {
      for (let y = 0; y < height; y++) {
        let sum = 1 << (BITS - 1);
        for (let k = 0, at = y * width + first; k < weight.length; k++, at++) sum += pixels[at] * weight[k];
        wide[y * newWidth + x] = toByte(sum);
      }
    });
  if (newHeight === height) return wide.slice();
  const out = new Uint8Array(newWidth * newHeight);
  weights(height, newHeight, filter).forEach(({ first, weight }, y) => {
    for (let x = 0; x < newWidth; x++) {
      let sum = 1 << (BITS - 1);
      for (let k = 0, at = first * newWidth + x; k < weight.length; k++, at += newWidth) sum += wide[at] * weight[k];
      out[y * newWidth + x] = toByte(sum);
    }
  });
  return out;
}

/** @param {number} sum */
const toByte = (sum) => Math.min(Math.max(sum >> BITS, 0), 255);

/** For each new pixel along a line, where the old ones begin that it is made of, and the weight of each. */
function weights(/** @type {number} */ size, /** @type {number} */ newSize, /** @type {Filter} */ filter) {
  const scale = size / newSize;
  const wide = Math.max(scale, 1);
  const support = filter.support * wide;
  return Array.from({ length: newSize }, (_, place) => {
    const center = (place + 0.5) * scale;
    const first = Math.max(Math.trunc(center - support + 0.5), 0);
    const end = Math.min(Math.trunc(center + support + 0.5), size);
    const exact = Array.from({ length: end - first }, (_, k) => filter.weight((k + first - center + 0.5) * (1 / wide)));
    const sum = exact.reduce((a, b) => a + b, 0);
    const weight = exact.map((w) => Math.trunc((w / sum) * (1 << BITS) + (w / sum < 0 ? -0.5 : 0.5)));
    return { first, weight };
  });
}
