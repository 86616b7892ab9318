/** The reader: a drawing through the whole network, as `model/reader.py` reads it. */

import { derive } from "./derive.js";
import { CLASSES, ROWS } from "./dimensions.js";
import { read } from "./lstm.js";
import { toFloat32 } from "./normalize.js";
import { logSumExp } from "./readout.js";
import { checked } from "./request.js";
import { partsSideBySide } from "./segmentation.js";

/**
 * @typedef {import("./request.js").Asked} Asked
 * @typedef {import("./lstm.js").Gates} Gates
 * @typedef {import("./derive.js").Derived} Derived
 *
 * @typedef {Object} Said  what was read
 * @property {?number} digit               null when there is none
 * @property {?("blank" | "several" | "other")} why  there is none; null when there is one
 * @property {?number} closest             the most probable digit, taken for one or not; null when blank
 * @property {number} score                how much speaks for a digit at all
 * @property {Float32Array} probabilities  10, after the last row
 *
 * @typedef {{said: Said, untouched: ?Said, image: Float32Array, gates: Gates, derived: Derived}} Reply
 *   untouched: what is read without the experiment on the network; null when there is none
 */

export class Reader {
  /**
   * @param {{leastScore: ?number}} network  leastScore: a lower score is taken for no digit; null: none is
   * @param {import("./weights.js").Weights} weights
   */
  constructor({ leastScore }, weights) {
    this.leastScore = leastScore ?? -Infinity;
    this.weights = weights;
    this.readout = { readout: weights.readoutKernel, bias: weights.readoutBias };
  }

  /**
   * Read what is asked for.
   * @param {Asked} asked
   * @returns {Reply}
   * Throws an Error, with a sentence for people, for what cannot be read.
   */
  read(asked) {
    const { pixels, hold, silence } = checked(asked);
    const isExperiment = Object.keys(hold).length > 0 || silence.length > 0;
    const image = toFloat32(pixels);
    const gates = read(this.weights, image, hold, silence);
    const derived = derive(gates, silence, this.readout);
    const untouched = isExperiment ? this.#said(pixels, derive(read(this.weights, image), [], this.readout)) : null;
    return { said: this.#said(pixels, derived), untouched, image, gates, derived };
  }

  /** @param {Uint8Array} pixels @param {Derived} derived @returns {Said} */
  #said(pixels, { logits, verdict }) {
    const last = (ROWS - 1) * CLASSES;
    const score = logSumExp(logits, last);
    const probabilities = verdict.slice(last);
    const closest = probabilities.indexOf(Math.max(...probabilities));
    const why = this.#whyNot(pixels, score);
    return { digit: why ? null : closest, why, closest: why === "blank" ? null : closest, score, probabilities };
  }

  /** @param {Uint8Array} pixels @param {number} score @returns {Said["why"]} */
  #whyNot(pixels, score) {
    if (!pixels.some(Boolean)) return "blank";
    if (score >= this.leastScore) return null;
    return partsSideBySide(pixels) > 1 ? "several" : "other";
  }
}
