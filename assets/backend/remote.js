/** The server as the one who reads. */

import { decode } from "./decode.js";
import { ask } from "./retry.js";

/**
 * @template T
 * @typedef {import("./retry.js").Answer<T>} Answer
 */

/**
 * @typedef {import("./decode.js").Reply} Reply
 *
 * @typedef {Object} Request  what is to be read, as `model/serving/request.py` takes it
 * @property {number[][]} [strokes]
 * @property {string} [image]  instead of strokes
 * @property {import("../state/state.js").Shown["hold"]} [hold]
 * @property {number[]} [silence]
 * @property {string} [vary]
 */

const FILE_PATIENCE = 20_000; // milliseconds: a picture, or a reading in full, takes longer to send

/** @param {Request} asked @returns {Promise<Answer<Reply>>} */
export const read = (asked) => ask("page/read", opened, { json: asked });

/** With the server's own float32 in all arrays. @param {Request} asked @returns {Promise<Answer<Reply>>} */
export const readInFull = (asked) =>
  ask("page/read", openedInFull, { json: { ...asked, full: true }, patience: FILE_PATIENCE });

/**
 * The digit in a picture.
 * @param {string} picture  base64 of a picture file
 * @returns {Promise<Answer<{image: string}>>} base64 of 784 bytes, ink = 255
 */
export const find = (picture) => ask("page/find", openedImage, { json: { picture }, patience: FILE_PATIENCE });

const opened = async (/** @type {Response} */ response) => decode(await response.arrayBuffer());

const openedInFull = async (/** @type {Response} */ response) => {
  const reply = await opened(response);
  if (!reply.derived) throw new RangeError("the gates alone");
  return reply;
};

const openedImage = async (/** @type {Response} */ response) => {
  const { image } = await response.json();
  if (typeof image !== "string") throw new TypeError("no image");
  return { image };
};
