/**
 * All that was learned, from one file: the arrays one after another as float16, little-endian, as
 * `model/networks/weights.py` packs them.
 *
 * @typedef {Object} Weights  the four kernels of the cell side by side in the order i, f, g, o
 * @property {Float32Array} kernel           28 × 512, from a row's pixels
 * @property {Float32Array} recurrentKernel  128 × 512, from the hidden state
 * @property {Float32Array} bias             512
 * @property {Float32Array} readoutKernel    128 × 10
 * @property {Float32Array} readoutBias      10
 */

import { CLASSES, PIXELS, UNITS } from "./dimensions.js";

/** How many numbers each array holds, in the order of the file. */
const SIZES = {
  kernel: PIXELS * 4 * UNITS,
  recurrentKernel: UNITS * 4 * UNITS,
  bias: 4 * UNITS,
  readoutKernel: UNITS * CLASSES,
  readoutBias: CLASSES,
};

/**
 * @param {ArrayBuffer} file
 * @returns {Weights}
 * Throws an Error when it has another length or holds a number that is not finite.
 */
export function openWeights(file) {
  const length = Object.values(SIZES).reduce((sum, size) => sum + 2 * size, 0);
  if (file.byteLength !== length) throw new RangeError(`${file.byteLength} bytes of weights, not ${length}`);
  const view = new DataView(file);
  let at = 0;
  const arrays = Object.entries(SIZES).map(([name, size]) => {
    const values = Float32Array.from({ length: size }, (_, k) => float16(view.getUint16(at + 2 * k, true)));
    if (!values.every(Number.isFinite)) throw new RangeError(`a number of ${name} that is not finite`);
    at += 2 * size;
    return [name, values];
  });
  return Object.fromEntries(arrays);
}

/** The number that 16 bits stand for: sign, 5 bits of exponent, 10 of fraction (IEEE 754). @param {number} bits */
function float16(bits) {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return NaN;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
}
