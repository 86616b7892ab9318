/**
 * The LSTM's cell: what becomes of the gates that were sent.
 *
 * Hochreiter & Schmidhuber 1997, doi 10.1162/neco.1997.9.8.1735; the forget gate: Gers, Schmidhuber & Cummins 2000,
 * doi 10.1162/089976600300015015. `model/networks/lstm.py` computes the gates themselves.
 *
 * @typedef {Object} Gates  each 28 × 128, row by row
 * @property {Float32Array} input_gate   i, 0…1
 * @property {Float32Array} forget_gate  f, 0…1
 * @property {Float32Array} candidate    g, −1…1
 * @property {Float32Array} output_gate  o, 0…1
 */

import { ROWS, UNITS } from "./dimensions.js";

/**
 * Cell and hidden state at every row, row by row:
 *
 *     c = f · c′ + i · g    c′: the cell at the row above, 0 above the first
 *     h = o · tanh(c)       0 for a silenced unit
 *
 * @param {Gates} gates
 * @param {number[]} [silence]  units whose hidden output is silenced
 * @returns {{cell: Float32Array, hidden: Float32Array}} each 28 × 128
 */
export function unroll({ input_gate, forget_gate, candidate, output_gate }, silence = []) {
  const cell = new Float32Array(ROWS * UNITS);
  const hidden = new Float32Array(ROWS * UNITS);
  for (let at = 0; at < ROWS * UNITS; at++) {
    const before = at < UNITS ? 0 : cell[at - UNITS];
    cell[at] = forget_gate[at] * before + input_gate[at] * candidate[at];
    hidden[at] = output_gate[at] * Math.tanh(cell[at]);
  }
  for (const unit of silence) for (let row = 0; row < ROWS; row++) hidden[row * UNITS + unit] = 0;
  return { cell, hidden };
}
