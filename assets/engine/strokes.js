/**
 * From pen strokes to what the network reads: drawn with a round pen, fitted and centred as `normalize.js` says.
 *
 * `model/preprocessing/strokes.py` draws the same, to the byte: with whole numbers, and on floats only with + − × ÷ √ and
 * floor, in the same order, each of which has one right result.
 *
 * @typedef {number[]} Stroke  x, y, x, y, …; x to the right, y down, in any unit
 */

import constants from "../data/preprocessing.json" with { type: "json" };
import { BOX, FINE, SHEET, centred } from "./normalize.js";

const SIDE = SHEET * FINE;
const { pen: PEN, penSteps: STEPS } = constants;

/**
 * Draw strokes as the network reads them: where the digit was drawn and how large makes no difference. A stray dot far
 * from the rest is left out.
 * @param {Stroke[]} strokes
 * @returns {Uint8Array} 28 × 28, ink = 255
 * Throws an Error, with a sentence for people, when there are no points, too many, or not numbers.
 */
export function strokesToImage(strokes) {
  const drawn = strokes.filter((stroke) => stroke.length);
  const count = drawn.reduce((sum, stroke) => sum + stroke.length / 2, 0);
  if (count === 0) throw new Error("There is nothing to read: the drawing has no points.");
  if (count > constants.maxPoints)
    throw new Error(`The drawing has ${grouped(count)} points; at most ${grouped(constants.maxPoints)} can be read.`);
  for (const stroke of drawn)
    if (!stroke.every(Number.isFinite)) throw new Error("A stroke holds a coordinate that is not a finite number.");
  for (const stroke of drawn)
    if (!stroke.every((value) => Math.abs(value) <= constants.maxCoordinate))
      throw new Error(`A stroke holds a coordinate beyond ±${grouped(constants.maxCoordinate)}.`);
  return draw(withoutDots(drawn));
}

/** A whole number as people write it. @param {number} value */
export const grouped = (value) => value.toLocaleString("en-US");

/** Stamp a disc at every sample of the lines. @param {Stroke[]} strokes */
function draw(strokes) {
  const boxes = strokes.map(box);
  const left = Math.min(...boxes.map((box) => box.left));
  const right = Math.max(...boxes.map((box) => box.right));
  const top = Math.min(...boxes.map((box) => box.top));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const extent = Math.max(right - left, bottom - top);
  const scale = extent > constants.leastExtent ? ((BOX - PEN) * FINE) / extent : 0;
  const fitted = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) =>
    (value - (low + high) / 2) * scale + SIDE / 2;

  const sheet = new Uint8Array(SIDE * SIDE);
  const stamp = stamper(sheet, Math.floor(PEN * STEPS + 0.5));
  let samples = 0;
  for (const stroke of strokes)
    for (let at = 0; at < stroke.length; at += 2) {
      const x = fitted(stroke[at], left, right);
      const y = fitted(stroke[at + 1], top, bottom);
      const last = at + 2 === stroke.length;
      const dx = last ? 0 : fitted(stroke[at + 2], left, right) - x;
      const dy = last ? 0 : fitted(stroke[at + 3], top, bottom) - y;
      // Samples are less than 1 apart; beyond the longest line only the points themselves are.
      const count = Math.floor(Math.sqrt(dx * dx + dy * dy)) + 1;
      samples += count;
      const drawn = samples > constants.longest * BOX * FINE ? 1 : count;
      for (let k = 0; k < drawn; k++)
        stamp(Math.floor(x + dx * (k / count)), Math.floor(y + dy * (k / count)));
    }
  return centred(sheet, SIDE);
}

/**
 * Stamps discs of so many tenths of a final pixel; each place is stamped once, however often the line goes over it.
 * @param {Uint8Array} sheet @param {number} tenths
 */
function stamper(sheet, tenths) {
  const reach = Math.floor((tenths * FINE) / (2 * STEPS));
  /** @type {number[]} */ const disc = []; // places from its middle
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++)
      if ((2 * STEPS) ** 2 * (x * x + y * y) <= (tenths * FINE) ** 2) disc.push(y * SIDE + x);
  const stamped = new Uint8Array(SIDE * SIDE);
  return (/** @type {number} */ x, /** @type {number} */ y) => {
    const middle = y * SIDE + x;
    if (stamped[middle]) return;
    stamped[middle] = 1;
    for (const place of disc) sheet[middle + place] = 255;
  };
}

/** @param {Stroke} stroke */
function box(stroke) {
  let [left, top] = stroke;
  let [right, bottom] = stroke;
  for (let at = 2; at < stroke.length; at += 2) {
    left = Math.min(left, stroke[at]);
    right = Math.max(right, stroke[at]);
    top = Math.min(top, stroke[at + 1]);
    bottom = Math.max(bottom, stroke[at + 1]);
  }
  return { left, right, top, bottom };
}

/** Leave out the stray dots: strokes far smaller than the drawing that touch nothing else of it. @param {Stroke[]} strokes */
function withoutDots(strokes) {
  if (strokes.length === 1) return strokes;
  const boxes = strokes.map(box);
  const sizes = boxes.map(({ left, right, top, bottom }) => Math.max(right - left, bottom - top));
  const size = Math.max(...sizes);
  const isDot = sizes.map((own) => own < constants.leastStroke * size);
  const dots = isDot.filter(Boolean).length;
  if (dots === 0 || dots > constants.mostStray) return strokes;
  const rest = strokes.filter((_, k) => !isDot[k]);
  const near = constants.near * size;
  return strokes.filter((_, k) => {
    if (!isDot[k]) return true;
    const { left, right, top, bottom } = boxes[k];
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    return rest.some((stroke) => {
      for (let at = 0; at < stroke.length; at += 2) {
        const dx = stroke[at] - x;
        const dy = stroke[at + 1] - y;
        if (dx * dx + dy * dy < near * near) return true;
      }
      return false;
    });
  });
}
