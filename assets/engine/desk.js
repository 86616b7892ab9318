/** A photo of a sheet of paper that lies on a darker desk, without the desk: what `model/preprocessing/desk.py` says. */

import constants from "../data/pictures.json" with { type: "json" };
import { border, closed, edges, otsu, patchesOf, shapeOf, smoothed, twiceHull } from "./fields.js";
import { wasTaken } from "./paper.js";

const C = constants.desk;

/** @typedef {{pixels: Uint8Array, width: number, height: number}} Picture  of one byte a pixel */

/**
 * The sheet alone, paper where the desk was beside it; the picture when there is none.
 * @param {Picture} picture
 * @returns {Picture}
 */
export function withoutDesk(picture) {
  const { pixels, width, height } = picture;
  const side = Math.max(width, height);
  if (side < C.LEAST_PHOTO || !wasTaken(pixels, width, height)) return picture;
  const paper = closed({ values: smoothed(pixels, width, height), width, height }, Math.floor((side * C.FILL) / 1000) | 1, null);
  const sheet = brightest(paper, width, height);
  if (!isSheet(sheet, paper, width, height, Math.max(2, Math.floor((C.REACH * side + 500) / 1000)))) return picture;
  const alone = Uint8Array.from(pixels);
  const [top, bottom] = fill(alone, paper, sheet, { lines: height, stride: width, length: width, step: 1 });
  const [left, right] = fill(alone, paper, sheet, { lines: width, stride: 1, length: height, step: width });
  const [newWidth, newHeight] = [right - left + 1, bottom - top + 1];
  const cropped = new Uint8Array(newWidth * newHeight);
  for (let y = 0; y < newHeight; y++)
    cropped.set(alone.subarray((top + y) * width + left, (top + y) * width + right + 1), y * newWidth);
  return { pixels: cropped, width: newWidth, height: newHeight };
}

/**
 * Put the paper at the ends of the sheet in each line instead of what is beside them.
 * @param {Uint8Array} alone @param {Int32Array} paper @param {Uint8Array} sheet
 * @param {{lines: number, stride: number, length: number, step: number}} how  the lines are rows or columns
 * @returns {[number, number]} the first and the last line that is all sheet where there is any
 */
function fill(alone, paper, sheet, { lines, stride, length, step }) {
  let [begin, end] = [lines, 0];
  for (let line = 0; line < lines; line++) {
    const at = (/** @type {number} */ place) => line * stride + place * step;
    let first = 0;
    while (first < length && !sheet[at(first)]) first += 1;
    if (first === length) continue;
    let last = length - 1;
    while (!sheet[at(last)]) last -= 1;
    [begin, end] = [Math.min(begin, line), line];
    const middle = Math.floor((first + last) / 2);
    if (first > 0) first = Math.min(first + C.INSET, middle);
    if (last < length - 1) last = Math.max(last - C.INSET, middle);
    for (let place = 0; place < length; place++)
      if (place < first || place > last) alone[at(place)] = paper[at(place < first ? first : last)] >> 4;
  }
  return [begin + (begin > 0 ? C.INSET : 0), end - (end < lines - 1 ? C.INSET : 0)];
}

/** The largest patch of the brighter of two classes. @param {Int32Array} paper @param {number} width @param {number} height */
function brightest(paper, width, height) {
  const counts = new Float64Array(256);
  for (const value of paper) counts[value >> 4] += 1;
  const least = otsu(counts);
  const { label, sizes } = patchesOf(Uint8Array.from(paper, (value) => Number(value >> 4 >= least)), width, height);
  const largest = sizes.indexOf(Math.max(...sizes));
  return Uint8Array.from(label, (patch) => Number(patch > 0 && patch === largest));
}

/**
 * Whether it has the size, the shape and the edges of a sheet.
 * @param {Uint8Array} sheet @param {Int32Array} paper @param {number} width @param {number} height
 * @param {number} reach  pixels across an edge
 */
function isSheet(sheet, paper, width, height, reach) {
  const area = sheet.reduce((a, b) => a + b, 0);
  if (100 * area < C.LEAST_AREA * sheet.length || area === sheet.length) return false;
  const along = border(width, height);
  if (100 * along.filter((at) => sheet[at]).length > C.MOST_BORDER * along.length) return false;
  const { solid, long } = shapeOf(sheet, width, 1);
  if (solid > C.MOST_SOLID || long > C.MOST_LONG || 200 * area < C.LEAST_CONVEX * twiceHull(sheet, width)) return false;
  let [within, beyond] = [0, 0];
  sheet.forEach((is, at) => (is ? (within += paper[at]) : (beyond += paper[at])));
  const bright = Math.floor(within / area);
  const dark = Math.floor(beyond / (sheet.length - area));
  let [ends, sharp] = [0, 0];
  edges(sheet, width, height, reach, (at, place) => {
    ends += 1;
    if (2 * (paper[at] - paper[place]) >= bright - dark) sharp += 1;
  });
  return 100 * sharp >= C.LEAST_SHARP * ends;
}
