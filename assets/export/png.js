/** A labelled picture of a reading, for slides: PNG, 16:9 or tall. */

import { ROWS } from "../engine/dimensions.js";
import { oneLine } from "./about.js";
import { crc32, four, joined, utf8 } from "./bytes.js";
import { picture, TALL, WIDE } from "./picture.js";
import { Sheet } from "./sheet.js";

const AFTER_HEADER = 33; // 8 bytes that say it is a PNG, 25 of the first chunk

/**
 * @param {import("./about.js").Taken} taken
 * @param {boolean} [tall]  1080 × 1920 instead of 1920 × 1080
 * @returns {Promise<Blob>}
 */
export async function png(taken, tall = false) {
  const layout = tall ? TALL : WIDE;
  const sheet = new Sheet(layout.width, layout.height, taken.dark);
  picture(sheet, taken, layout, ROWS);
  /** @type {?Blob} */
  const drawn = await new Promise((done) => sheet.canvas.toBlob(done, "image/png"));
  if (!drawn) throw new Error("This browser could not make the picture.");
  const bytes = new Uint8Array(await drawn.arrayBuffer());
  const words = chunk("iTXt", [utf8("Description"), [0, 0, 0, 0, 0], utf8(oneLine(taken))]);
  return new Blob([bytes.subarray(0, AFTER_HEADER), words, bytes.subarray(AFTER_HEADER)], { type: "image/png" });
}

/** A part of a PNG. @param {string} kind @param {(Uint8Array | number[])[]} parts */
function chunk(kind, parts) {
  const content = joined(parts);
  const named = joined([utf8(kind), content]);
  return joined([four(content.length).reverse(), named, four(crc32(named)).reverse()]);
}
