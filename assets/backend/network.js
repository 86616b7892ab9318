/**
 * What does not change with the drawing, as the server tells it.
 *
 * @typedef {Object} Network
 * @property {string} name
 * @property {string} sha256             of the file of its weights
 * @property {string} weights           SHA-256 of page/weights.bin, which holds them for the browser
 * @property {number} temperature        by which the readout was divided, so that the probabilities are calibrated
 * @property {number} leastScore         a lower score is taken for no digit
 * @property {Float32Array} readout      128 × 10: the weights from the hidden state to the logits
 * @property {Float32Array} bias         10
 * @property {Uint8Array} similarity     128: the units in an order in which similar ones are neighbours
 *
 * @typedef {Object} Units
 * @property {number[][]} best   for each unit the digits of the bank that drive it highest, highest first
 * @property {number[][]} least  likewise those that drive it lowest, lowest first
 * @property {Uint8Array} bank   images of 28 × 28 bytes, ink = 255
 */

import { CLASSES, PIXELS, ROWS, UNITS } from "../engine/dimensions.js";

/**
 * @param {any} facts  page/network.json
 * @returns {Network}
 * Throws an Error when it is damaged.
 */
export function openNetwork({ name, sha256, weights, temperature, least_score, readout, bias, similarity }) {
  return {
    name,
    sha256,
    weights,
    temperature,
    leastScore: least_score,
    readout: finite(new Float32Array(bytes(readout).buffer), UNITS * CLASSES),
    bias: finite(Float32Array.from(bias), CLASSES),
    similarity: order(similarity),
  };
}

/**
 * @param {any} facts  page/units.json
 * @returns {Units}
 * Throws an Error when it is damaged.
 */
export function openUnits({ best, least, bank }) {
  const images = bytes(bank);
  const count = images.length / (ROWS * PIXELS);
  const known = (/** @type {number} */ image) => Number.isInteger(image) && image >= 0 && image < count;
  for (const chosen of [best, least])
    if (chosen.length !== UNITS || !Number.isInteger(count) || !chosen.flat().every(known))
      throw new RangeError(`the best of ${count} digits for ${chosen.length} units`);
  return { best, least, bank: images };
}

const bytes = (/** @type {string} */ base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** @param {Float32Array} values @param {number} count */
function finite(values, count) {
  if (values.length !== count || !values.every(Number.isFinite)) throw new RangeError(`not ${count} numbers`);
  return values;
}

/** @param {number[]} units */
function order(units) {
  const places = Uint8Array.from(units);
  if (places.slice().sort().some((unit, k) => unit !== k) || places.length !== UNITS)
    throw new RangeError("not an order of the units");
  return places;
}
