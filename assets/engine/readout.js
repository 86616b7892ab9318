/**
 * The linear readout of the hidden state, and its softmax.
 *
 * @typedef {Object} Readout
 * @property {Float32Array} readout  128 × 10: the weights from the hidden state to the logits
 * @property {Float32Array} bias     10
 */

import { CLASSES, ROWS, UNITS } from "./dimensions.js";

/**
 * The readout applied to the hidden state after each row: h V + d.
 * @param {Float32Array} hidden  28 × 128
 * @param {Readout} network
 * @returns {Float32Array} 28 × 10
 */
export const logits = (hidden, { readout, bias }) => project(hidden, readout, bias);

/**
 * Every row of 128 values through the readout's weights.
 * @param {Float32Array} rows     28 × 128
 * @param {Float32Array} readout  128 × 10
 * @param {Float32Array} [bias]   10, added to every row
 * @returns {Float32Array} 28 × 10
 */
export function project(rows, readout, bias) {
  const projected = new Float32Array(ROWS * CLASSES);
  const sums = new Float64Array(CLASSES); // rounded once, at the end
  for (let row = 0; row < ROWS; row++) {
    if (bias) sums.set(bias);
    else sums.fill(0);
    for (let unit = 0; unit < UNITS; unit++) {
      const value = rows[row * UNITS + unit];
      for (let k = 0; k < CLASSES; k++) sums[k] += value * readout[unit * CLASSES + k];
    }
    projected.set(sums, row * CLASSES);
  }
  return projected;
}

/**
 * The softmax of each ten logits.
 * @param {Float32Array} logits  n × 10
 * @returns {Float32Array} n × 10
 */
export function softmax(logits) {
  const shares = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += CLASSES) {
    const whole = logSumExp(logits, start);
    for (let k = start; k < start + CLASSES; k++) shares[k] = Math.exp(logits[k] - whole);
  }
  return shares;
}

/**
 * log Σ exp of ten logits; of those after the last row it is a reading's score, how much speaks for a digit at all.
 * @param {Float32Array} logits
 * @param {number} [start]  the first of the ten
 */
export function logSumExp(logits, start = 0) {
  let most = logits[start]; // taken off first, or exp might overflow
  for (let k = start + 1; k < start + CLASSES; k++) most = Math.max(most, logits[k]);
  let sum = 0;
  for (let k = start; k < start + CLASSES; k++) sum += Math.exp(logits[k] - most);
  return most + Math.log(sum);
}
