/**
 * A reading as the server sends it, taken apart.
 *
 * @typedef {Object} Reading
 * @property {?number} digit               the digit read, or null when there is none
 * @property {?("blank" | "several" | "other")} why  there is none; null when there is one
 * @property {?number} closest             the most probable digit, whether taken for one or not; null when blank
 * @property {Float32Array} input_gate     28 × 128, as are the next five
 * @property {Float32Array} forget_gate
 * @property {Float32Array} candidate
 * @property {Float32Array} output_gate
 * @property {Float32Array} cell
 * @property {Float32Array} hidden
 * @property {Float32Array} memory         28 × 128: how much of what each row wrote is left at the end
 * @property {Float32Array} added          28 × 128: what each row adds to the last hidden state
 * @property {Float32Array} logits         28 × 10
 * @property {Float32Array} verdict        28 × 10
 * @property {Float32Array} evidence       28 × 10
 * @property {Float32Array} probabilities  10
 * @property {Float32Array} image          28 × 28
 */

export const ROWS = 28;
export const UNITS = 128;
export const CLASSES = 10;

/** The arrays in the order in which `model/wire.py` packs them. */
const LAYOUT = [
  ...["input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden"].map((name) => [name, ROWS * UNITS]),
  ...["memory", "added"].map((name) => [name, ROWS * UNITS]),
  ...["logits", "verdict", "evidence"].map((name) => [name, ROWS * CLASSES]),
  ["probabilities", CLASSES],
  ["image", ROWS * ROWS],
];

/** Every float16 as a number; browsers without Float16Array are still about. */
const HALVES = Float32Array.from({ length: 1 << 16 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
});

/** @param {string} base64  of little-endian float16 @returns {Float32Array} */
export function floats(base64) {
  const text = atob(base64);
  const values = new Float32Array(text.length / 2);
  for (let k = 0; k < values.length; k++) values[k] = HALVES[text.charCodeAt(2 * k) | (text.charCodeAt(2 * k + 1) << 8)];
  return values;
}

/**
 * @param {Pick<Reading, "digit" | "why" | "closest"> & {arrays: string}} reply
 * @returns {Reading}
 */
export function unpack({ digit, why, closest, arrays }) {
  const values = floats(arrays);
  const reading = { digit, why, closest };
  let at = 0;
  for (const [name, length] of LAYOUT) reading[name] = values.subarray(at, (at += length));
  if (at !== values.length) throw new RangeError(`a reading of ${values.length} numbers instead of ${at}`);
  return /** @type {Reading} */ (reading);
}
