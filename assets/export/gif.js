/** A reading row by row, as an animation: GIF, 1344 × 756. What comes of a row is shown when it has been read. */

import { colourTable } from "../components/colormap.js";
import { ROWS } from "../engine/dimensions.js";
import { oneLine } from "./about.js";
import { GifWriter } from "./gif-writer.js";
import { FILM, picture } from "./picture.js";
import { mixed, pixelOf, Sheet } from "./sheet.js";

const LAST = 4000; // milliseconds that the last row stays

/**
 * @param {import("./about.js").Taken} taken
 * @param {number} pace  milliseconds a row
 * @param {(share: number) => void} [told]  how much is done, 0…1
 * @returns {Promise<Blob>}
 */
export async function gif(taken, pace, told = () => {}) {
  const sheet = new Sheet(FILM.width, FILM.height, taken.dark);
  const writer = new GifWriter(FILM.width, FILM.height, palette(sheet), oneLine(taken));
  let shownUntil = 0; // hundredths of a second, which GIF counts in
  for (let rows = 1; rows <= ROWS; rows++) {
    await new Promise((next) => setTimeout(next)); // or the page would stand still
    picture(sheet, taken, FILM, rows);
    const until = Math.round((pace * rows) / 10);
    const { data } = sheet.pen.getImageData(0, 0, FILM.width, FILM.height);
    writer.add(new Uint32Array(data.buffer), rows === ROWS ? LAST / 10 : until - shownUntil);
    shownUntil = until;
    told(rows / ROWS);
  }
  return new Blob([writer.end()], { type: "image/gif" });
}

/**
 * At most 255 colours; the last place is for what a frame does not change.
 * @param {Sheet} sheet
 * @returns {number[]} pixels
 */
function palette(sheet) {
  const { paper, card, line, text, soft, accent, ink } = sheet.theme;
  const ramp = (/** @type {string} */ from, /** @type {string} */ to, /** @type {number} */ count) =>
    Array.from({ length: count }, (_, k) => pixelOf(mixed(from, to, k / (count - 1))));
  const sampled = (/** @type {Uint32Array} */ table, /** @type {number} */ count) =>
    Array.from({ length: count }, (_, k) => table[Math.round((k / (count - 1)) * (table.length - 1))]);
  const colours = [
    ...sampled(colourTable("sequential", sheet.dark), 92),
    ...sampled(colourTable("diverging", sheet.dark), 92),
    ...ramp(card, ink, 30),
    ...ramp(paper, text, 12),
    ...ramp(paper, soft, 8),
    ...ramp(paper, accent, 8),
    ...[line, sheet.unread, sheet.quiet, mixed(paper, line, 0.6)].map(pixelOf),
  ];
  return [...new Set(colours)];
}
