/** The browser as the one who reads: the engine with the network's weights. Loaded when it is needed, or soon will be. */

import { findDigit } from "../engine/pictures.js";
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

/**
 * The digit in a picture.
 * @param {string} picture  base64 of a picture file
 * @returns {Promise<{image: string}>} base64 of 784 bytes, ink = 255; fails with a sentence for people
 */
async function find(picture) {
  const file = new Blob([Uint8Array.from(atob(picture), (c) => c.charCodeAt(0))]);
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const found = findDigit(context.getImageData(0, 0, bitmap.width, bitmap.height));
  return { image: btoa(String.fromCharCode(...found)) };
}
