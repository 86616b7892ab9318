/**
 * All that follows from the gates of a reading.
 *
 * @typedef {Object} Derived
 * @property {Float32Array} cell      28 × 128
 * @property {Float32Array} hidden    28 × 128
 * @property {Float32Array} memory    28 × 128
 * @property {Float32Array} added     28 × 128
 * @property {Float32Array} logits    28 × 10
 * @property {Float32Array} verdict   28 × 10: the softmax of the logits
 * @property {Float32Array} evidence  28 × 10
 */

import * as attribution from "./attribution.js";
import { unroll } from "./lstm.js";
import * as readout from "./readout.js";

/**
 * @param {import("./lstm.js").Gates} gates
 * @param {number[]} silence  units whose hidden output is silenced
 * @param {import("./readout.js").Readout} network
 * @returns {Derived}
 */
export function derive(gates, silence, network) {
  const { cell, hidden } = unroll(gates, silence);
  const memory = attribution.memory(gates.forget_gate);
  const added = attribution.whatRowsAdd(gates, memory, silence);
  const logits = readout.logits(hidden, network);
  const verdict = readout.softmax(logits);
  const evidence = attribution.evidence(added, network);
  return { cell, hidden, memory, added, logits, verdict, evidence };
}
