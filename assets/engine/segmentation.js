/** How many marks stand side by side in an image, as `model/preprocessing/segmentation.py` counts them. */

import constants from "../data/preprocessing.json" with { type: "json" };
import { PIXELS as SIDE } from "./dimensions.js";

const { part: PART, slants: SLANTS, slantSteps: STEPS, clear: CLEAR } = constants;

/**
 * How many marks stand side by side, a gap between them, upright or slanting, and each a fair share of the ink.
 * @param {Uint8Array} pixels  784, ink = 255
 */
export function partsSideBySide(pixels) {
  const whole = sum(pixels);
  return Math.max(...SLANTS.map((slant) => marks(pixels, slant).filter((mark) => PART * mark > whole).length));
}

/** The ink of each mark, from left to right. @param {Uint8Array} pixels @param {number} slant */
function marks(pixels, slant) {
  const room = Math.ceil((Math.abs(slant) * SIDE) / STEPS) + 1; // to the left of what leans
  const columns = new Float64Array(SIDE + 2 * room);
  for (let y = 0, at = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++, at++) columns[room + x + Math.floor((slant * y + STEPS / 2) / STEPS)] += pixels[at];
  const found = [0];
  for (const ink of columns) {
    if (ink < CLEAR) found.push(0); // the edges of a gap are no marks: a dot is all edge
    else found[found.length - 1] += ink;
  }
  return found;
}

/** @param {Uint8Array} values */
const sum = (values) => values.reduce((whole, value) => whole + value, 0);
