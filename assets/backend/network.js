/**
 * What does not change with the drawing, fetched once.
 *
 * @typedef {Object} Known
 * @property {Float32Array} readout  128 × 10: the weights from the hidden state to the logits
 * @property {Uint8Array} likeness   128: the units in an order in which neighbours are alike
 * @property {number[][]} best       for each unit the digits of the bank that drive it highest
 * @property {Uint8Array} bank       images of 28 × 28 bytes, ink = 255
 */

import { answered, rest } from "./retry.js";
import { floats } from "../state/reading.js";
import { show } from "../state/state.js";

/** @param {() => Promise<any>} ask  has the server tell what it knows */
export async function fetchKnown(ask) {
  for (let failures = 0; ; failures++) {
    const reply = await answered(ask(), open);
    if (reply?.known) return show({ known: reply.known });
    await rest(failures);
  }
}

const bytes = (/** @type {string} */ base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** @returns {{known: Known}} */
const open = (/** @type {any} */ { readout, likeness, best, bank }) => ({
  known: { readout: floats(readout), likeness: Uint8Array.from(likeness), best, bank: bytes(bank) },
});
