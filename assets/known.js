/**
 * What does not change with the drawing, fetched once.
 *
 * @typedef {Object} Known
 * @property {Float32Array} readout  128 × 10: the weights from the hidden state to the logits
 * @property {Uint8Array} likeness   128: the units in an order in which neighbours are alike
 * @property {number[][]} best       for each unit the digits of the bank that drive it highest
 * @property {Uint8Array} bank       images of 28 × 28 bytes, ink = 255
 */

import { floats } from "./reading.js";
import { show } from "./state.js";

/** @param {() => Promise<any>} ask  has the server tell what it knows */
export async function fetchKnown(ask) {
  const reply = await ask().catch(() => undefined);
  if (!reply?.ok) return void setTimeout(() => fetchKnown(ask), 2000);
  const bytes = (/** @type {string} */ base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const { readout, likeness, best, bank } = reply;
  show({ known: { readout: floats(readout), likeness: Uint8Array.from(likeness), best, bank: bytes(bank) } });
}
