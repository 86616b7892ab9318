/**
 * Which rows and which units the answer comes from. The decomposition of the last hidden state by rows is exact:
 * Murdoch & Szlam 2017, arXiv 1702.02540, section 3.
 */

import { CLASSES, ROWS, UNITS } from "./dimensions.js";
import { project } from "./readout.js";

/** @typedef {import("./lstm.js").Gates} Gates @typedef {import("./readout.js").Readout} Readout */

/**
 * How much of what each row wrote into the cell is left after the last row: the product of the forget gates of all
 * later rows. All that the last row wrote is left.
 * @param {Float32Array} forget_gate  28 × 128
 * @returns {Float32Array} 28 × 128, 0…1
 */
export function memory(forget_gate) {
  const left = new Float32Array(ROWS * UNITS).fill(1, (ROWS - 1) * UNITS);
  for (let at = (ROWS - 1) * UNITS - 1; at >= 0; at--) left[at] = left[at + UNITS] * forget_gate[at + UNITS];
  return left;
}

/**
 * What each row adds to the last hidden state; the rows add up to it:
 *
 *     o · (tanh(C) − tanh(C′))    o: at the last row; C: the sum, down to this row, of what is left of i · g; C′: to the row above
 *
 * @param {Gates} gates
 * @param {Float32Array} memory  28 × 128: how much of each row's i · g is left
 * @param {number[]} [silence]   units whose hidden output is silenced: no row adds to it
 * @returns {Float32Array} 28 × 128
 */
export function whatRowsAdd({ input_gate, candidate, output_gate }, memory, silence = []) {
  const added = new Float32Array(ROWS * UNITS);
  const sums = new Float64Array(UNITS); // C
  const squashed = new Float64Array(UNITS); // tanh(C′)
  const last = output_gate.slice((ROWS - 1) * UNITS);
  for (const unit of silence) last[unit] = 0;
  for (let row = 0, at = 0; row < ROWS; row++)
    for (let unit = 0; unit < UNITS; unit++, at++) {
      sums[unit] += memory[at] * input_gate[at] * candidate[at];
      const now = Math.tanh(sums[unit]);
      added[at] = last[unit] * (now - squashed[unit]);
      squashed[unit] = now;
    }
  return added;
}

/**
 * What each row adds to each of the last logits; with the bias the rows add up to them.
 * @param {Float32Array} added  28 × 128, from `whatRowsAdd`
 * @param {Readout} network
 * @returns {Float32Array} 28 × 10
 */
export const evidence = (added, { readout }) => project(added, readout);

/** @param {{reading: ?{closest: ?number}, digit?: ?number}} shown  as in `rowEvidence` */
const inFocus = ({ reading, digit = null }) => digit ?? reading?.closest ?? null;

/**
 * The class whose evidence is taken off: none where the one chosen is the very digit that is shown.
 * @param {{reading: ?{closest: ?number}, digit?: ?number, against?: ?number}} shown  as in `rowEvidence`
 */
export const rival = (shown) => (shown.against === inFocus(shown) ? null : (shown.against ?? null));

/**
 * What each row adds to the logit of the digit that is shown, less what it adds to that of the one against it.
 * @param {{reading: ?{evidence: Float32Array, closest: ?number}, digit?: ?number, against?: ?number}} shown
 *   digit: null for the closest to what was read; against: null for none
 * @returns {?Float32Array} 28; on a blank pad null, where no digit was chosen
 */
export function rowEvidence(shown) {
  const { reading } = shown;
  const chosen = inFocus(shown);
  if (!reading || chosen === null) return null;
  const against = rival(shown);
  const rows = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const off = against === null ? 0 : reading.evidence[row * CLASSES + against];
    rows[row] = reading.evidence[row * CLASSES + chosen] - off;
  }
  return rows;
}

/**
 * What a unit adds to a digit's logit: its last hidden state times its weight.
 * @param {{reading: {hidden: Float32Array}, network: Pick<Readout, "readout">}} shown
 * @param {number} unit
 * @param {number} digit
 */
export const unitEvidence = ({ reading, network }, unit, digit) =>
  reading.hidden[(ROWS - 1) * UNITS + unit] * network.readout[unit * CLASSES + digit];
