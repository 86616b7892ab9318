/** The browser as the one who reads: the engine with the network's weights. Loaded when it is needed, or soon will be. */

import { Reader } from "../engine/reader.js";
import { openWeights } from "../engine/weights.js";

/**
 * @typedef {Object} Local
 * @property {(asked: import("./remote.js").Request) => import("./decode.js").Reply} read  fails with a sentence for people
 * @property {(picture: string) => Promise<{image: string}>} find  likewise; as the server's
 */

/**
 * @param {import("./network.js").Network} network
 * @param {ArrayBuffer} weights
 * @returns {Local}
 * Throws an Error when the weights are damaged.
 */
export function openLocal(network, weights) {
  const reader = new Reader(network, openWeights(weights));
  return { read: (asked) => reader.read(asked), find };
}

/** @returns {Promise<never>} */
async function find() {
  throw new Error("Only the server finds digits in pictures, and it is away.");
}
