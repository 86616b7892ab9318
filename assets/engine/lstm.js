/**
 * The LSTM, row by row, as the field writes it; and what becomes of gates that were sent.
 *
 * Hochreiter & Schmidhuber 1997, doi 10.1162/neco.1997.9.8.1735; the forget gate: Gers, Schmidhuber & Cummins 2000,
 * doi 10.1162/089976600300015015. `model/networks/lstm.py` gives the same.
 *
 * @typedef {Object} Gates  each 28 × 128, row by row
 * @property {Float32Array} input_gate   i, 0…1
 * @property {Float32Array} forget_gate  f, 0…1
 * @property {Float32Array} candidate    g, −1…1
 * @property {Float32Array} output_gate  o, 0…1
 */

import { PIXELS, ROWS, UNITS } from "./dimensions.js";

/**
 * The gates at every row:
 *
 *     i, f, g, o = x W + h′ U + b    then σ of i, f and o, tanh of g; h′: the hidden state at the row above
 *
 * @param {Pick<import("./weights.js").Weights, "kernel" | "recurrentKernel" | "bias">} weights
 * @param {Float32Array} image  28 × 28, ink = 1
 * @param {import("./request.js").Hold} [hold]
 * @param {number[]} [silence]  units whose hidden output is silenced
 * @returns {Gates}
 */
export function read({ kernel, recurrentKernel, bias }, image, hold = {}, silence = []) {
  const map = () => new Float32Array(ROWS * UNITS);
  const gates = { input_gate: map(), forget_gate: map(), candidate: map(), output_gate: map() };
  const { input_gate, forget_gate, candidate, output_gate } = gates;
  const cell = map();
  const hidden = map();
  const sums = new Float32Array(4 * UNITS);
  for (let row = 0; row < ROWS; row++) {
    sums.set(bias);
    addProduct(sums, image.subarray(row * PIXELS, (row + 1) * PIXELS), kernel);
    if (row) addProduct(sums, hidden.subarray((row - 1) * UNITS, row * UNITS), recurrentKernel);
    for (let unit = 0, at = row * UNITS; unit < UNITS; unit++, at++) {
      input_gate[at] = sigmoid(sums[unit]);
      forget_gate[at] = sigmoid(sums[UNITS + unit]);
      candidate[at] = Math.tanh(sums[2 * UNITS + unit]);
      output_gate[at] = sigmoid(sums[3 * UNITS + unit]);
    }
    holdRow(gates, row, hold);
    step(gates, row, cell, hidden, silence);
  }
  return gates;
}

/** Put the gates that are held at this row to their values. @param {Gates} gates @param {number} row @param {import("./request.js").Hold} hold */
export function holdRow(gates, row, hold) {
  for (const [gate, [value, first, last, unit]] of Object.entries(hold))
    if (first <= row && row <= last)
      gates[gate].fill(value, row * UNITS + (unit ?? 0), row * UNITS + (unit ?? UNITS - 1) + 1);
}

/**
 * Cell and hidden state at every row, row by row, of gates that are known.
 * @param {Gates} gates
 * @param {number[]} [silence]  units whose hidden output is silenced
 * @returns {{cell: Float32Array, hidden: Float32Array}} each 28 × 128
 */
export function unroll(gates, silence = []) {
  const cell = new Float32Array(ROWS * UNITS);
  const hidden = new Float32Array(ROWS * UNITS);
  for (let row = 0; row < ROWS; row++) step(gates, row, cell, hidden, silence);
  return { cell, hidden };
}

/**
 * Cell and hidden state at one row:
 *
 *     c = f · c′ + i · g    c′: the cell at the row above, 0 above the first
 *     h = o · tanh(c)       0 for a silenced unit
 *
 * @param {Gates} gates @param {number} row @param {Float32Array} cell @param {Float32Array} hidden @param {number[]} silence
 */
function step({ input_gate, forget_gate, candidate, output_gate }, row, cell, hidden, silence) {
  for (let at = row * UNITS; at < (row + 1) * UNITS; at++) {
    const before = row ? cell[at - UNITS] : 0;
    cell[at] = forget_gate[at] * before + input_gate[at] * candidate[at];
    hidden[at] = output_gate[at] * Math.tanh(cell[at]);
  }
  for (const unit of silence) hidden[row * UNITS + unit] = 0;
}

const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));

/** Where the inputs of a row are not 0. */
const INKED = new Uint8Array(UNITS);

/**
 * Add a row of inputs times a matrix to the sums. Most pixels are paper, and are left out. The matrix is walked in the
 * order in which it lies in memory, four of its rows at once, so that each sum is fetched and stored a quarter as often.
 * Plainly written: with destructuring in these loops WebKit's compiler gives up again and again, and takes four times as
 * long.
 * @param {Float32Array} sums    n
 * @param {Float32Array} inputs  m
 * @param {Float32Array} matrix  m × n
 */
function addProduct(sums, inputs, matrix) {
  const n = sums.length;
  let count = 0;
  for (let k = 0; k < inputs.length; k++) if (inputs[k] !== 0) INKED[count++] = k;
  let next = 0;
  for (; next + 4 <= count; next += 4) {
    const a = INKED[next];
    const b = INKED[next + 1];
    const c = INKED[next + 2];
    const d = INKED[next + 3];
    const x = inputs[a];
    const y = inputs[b];
    const z = inputs[c];
    const w = inputs[d];
    for (let at = 0, i = a * n, j = b * n, l = c * n, m = d * n; at < n; at++, i++, j++, l++, m++)
      sums[at] += x * matrix[i] + y * matrix[j] + z * matrix[l] + w * matrix[m];
  }
  for (; next < count; next++) {
    const x = inputs[INKED[next]];
    for (let at = 0, i = INKED[next] * n; at < n; at++, i++) sums[at] += x * matrix[i];
  }
}
