/**
 * What is to be read, checked as `model/serving/request.py` does, with the same sentences.
 *
 * @typedef {Object} Asked
 * @property {number[][]} [strokes]  [x, y, x, y, …] each, or
 * @property {string} [image]        base64 of 784 bytes, ink = 255
 * @property {Hold} [hold]
 * @property {number[]} [silence]    units
 * @property {string} [vary]         the name of a variation
 *
 * @typedef {Record<string, number[]>} Hold  by gate: a value, the first and last row at which the gate is held to it,
 *   and maybe the one unit whose gate it is
 *
 * @typedef {{pixels: Uint8Array, hold: Hold, silence: number[]}} Request  pixels: 784, ink = 255
 */

import constants from "../data/preprocessing.json" with { type: "json" };
import tables from "../data/tables.json" with { type: "json" };
import { PIXELS, ROWS, UNITS } from "./dimensions.js";
import { grouped, strokesToImage } from "./strokes.js";
import { VARIATIONS } from "./variations.js";

const FIELDS = ["full", "hold", "image", "silence", "strokes", "vary"];
const GATES = tables.gates.map(({ id }) => id);

/**
 * @param {any} asked
 * @returns {Request}
 * Throws an Error, with a sentence for people, for what cannot be read.
 */
export function checked(asked) {
  const unknown = Object.keys(asked).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw new Error(`There is no field '${cut(unknown)}'; there are ${FIELDS.join(", ")}.`);
  const pixels = varied(drawn(asked), asked.vary);
  const { full = false, hold, silence } = asked;
  if (typeof full !== "boolean") throw new Error("The request holds no true or false for full.");
  return { pixels, hold: held(hold), silence: silenced(silence) };
}

/** @param {any} asked @returns {Uint8Array} */
function drawn({ strokes, image }) {
  if (image !== undefined) return pixelsOf(image);
  if (!Array.isArray(strokes)) throw new Error("The request holds no list of strokes.");
  const { maxStrokes, maxPoints } = constants;
  if (strokes.length > maxStrokes)
    throw new Error(`The drawing has ${grouped(strokes.length)} strokes; at most ${grouped(maxStrokes)} can be read.`);
  if (!strokes.every((stroke) => Array.isArray(stroke) && stroke.length % 2 === 0 && stroke.length <= 2 * maxPoints))
    throw new Error(`A stroke must be a list x, y, x, y, … of at most ${grouped(maxPoints)} points.`);
  if (!strokes.every(areNumbers)) throw new Error("A stroke must hold numbers only.");
  return strokes.some((stroke) => stroke.length) ? strokesToImage(strokes) : new Uint8Array(ROWS * PIXELS);
}

/** @param {any} image */
function pixelsOf(image) {
  if (typeof image !== "string") throw new Error("The request holds no image.");
  const pixels = bytes(image);
  if (pixels.length !== ROWS * PIXELS)
    throw new Error(`An image must be ${ROWS * PIXELS} bytes; this one is ${grouped(pixels.length)}.`);
  return pixels;
}

/** @param {string} base64 */
function bytes(base64) {
  try {
    if (/\s/.test(base64) || base64.length % 4) throw new RangeError("not as Python takes it");
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw new Error("The request holds data that is not base64.");
  }
}

/** @param {Uint8Array} pixels @param {any} how */
function varied(pixels, how) {
  if (how === undefined || how === null) return pixels;
  if (typeof how !== "string" || !Object.hasOwn(VARIATIONS, how))
    throw new Error(`A drawing can be varied in these ways: ${Object.keys(VARIATIONS).join(", ")}.`);
  return VARIATIONS[how](pixels);
}

/** @param {any} hold @returns {Hold} */
function held(hold = {}) {
  if (typeof hold !== "object" || hold === null || Array.isArray(hold))
    throw new Error("The request holds no object of gates to hold.");
  for (const [gate, how] of Object.entries(hold)) {
    if (!GATES.includes(gate)) throw new Error(`There is no gate '${cut(gate)}' to hold; there are ${GATES.join(", ")}.`);
    if (!(Array.isArray(how) && [3, 4].includes(how.length) && areNumbers(how) && how[0] >= 0 && how[0] <= 1))
      throw new Error(`Hold the ${gate} as [value from 0 to 1, first row, last row], and maybe its unit last.`);
    const [, first, last, unit = 0] = how;
    if (!(isPlace(first, ROWS) && isPlace(last, ROWS) && first <= last))
      throw new Error(`Hold the ${gate} from one row to another, 0 to ${ROWS - 1}, in this order.`);
    if (!isPlace(unit, UNITS))
      throw new Error(`Hold the ${gate} of one unit, a whole number from 0 to ${UNITS - 1}, or of all.`);
  }
  return hold;
}

/** @param {any} units @returns {number[]} */
function silenced(units = []) {
  if (!Array.isArray(units)) throw new Error("The request holds no list of units to silence.");
  if (!units.every(Number.isInteger)) throw new Error("Units to silence are whole numbers.");
  if (!units.every((unit) => isPlace(unit, UNITS)))
    throw new Error(`Units to silence are whole numbers from 0 to ${UNITS - 1}.`);
  return units;
}

const areNumbers = (/** @type {any[]} */ values) => values.every((value) => typeof value === "number");

/** A whole number from 0 to below `end`. @param {number} value @param {number} end */
const isPlace = (value, end) => Number.isInteger(value) && value >= 0 && value < end;

/** A name that somebody made up, not all of it. @param {string} name */
const cut = (name) => name.slice(0, 40);
