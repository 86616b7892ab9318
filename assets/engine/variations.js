/** Variations of an image, the same to the byte as in `model/preprocessing/variations.py`. */

import constants from "../data/preprocessing.json" with { type: "json" };
import { PIXELS as SIDE } from "./dimensions.js";

const { shift: SHIFT, large: LARGE, thinned: THINNED, steps: STEPS } = constants.variations;
const [COSINE, SINE] = constants.variations.turn;
const ONE = 65536;

/** By name. @type {Record<string, (pixels: Uint8Array) => Uint8Array>} */
export const VARIATIONS = {
  shifted: (pixels) => each((x, y) => at(pixels, SIDE, x - SHIFT, y - SHIFT)),
  rotated: (pixels) => {
    const part = (2 * ONE) / STEPS;
    return each((column, row) => {
      const x = 2 * column - (SIDE - 1); // half pixels from the middle
      const y = 2 * row - (SIDE - 1);
      const from = (/** @type {number} */ turned) => Math.floor((turned + (SIDE - 1) * ONE + part / 2) / part);
      return sampled(pixels, from(COSINE * x - SINE * y), from(SINE * x + COSINE * y));
    });
  },
  thinner: (pixels) => {
    // Made large, the lightest around each place taken, and made small again.
    const side = LARGE * SIDE;
    const place = (/** @type {number} */ k) => Math.floor(((2 * k + 1 - LARGE) * STEPS) / (2 * LARGE));
    const large = new Uint8Array(side * side);
    for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) large[y * side + x] = sampled(pixels, place(x), place(y));
    return each((column, row) => {
      let sum = 0;
      for (let y = row * LARGE; y < (row + 1) * LARGE; y++)
        for (let x = column * LARGE; x < (column + 1) * LARGE; x++) sum += lightest(large, side, x, y);
      return Math.floor((sum + (LARGE * LARGE) / 2) / (LARGE * LARGE));
    });
  },
};

/** An image by its pixels. @param {(x: number, y: number) => number} of */
function each(of) {
  const image = new Uint8Array(SIDE * SIDE);
  for (let k = 0; k < image.length; k++) image[k] = of(k % SIDE, Math.floor(k / SIDE));
  return image;
}

/** A pixel; paper beyond the edges. @param {Uint8Array} pixels @param {number} side @param {number} x @param {number} y */
const at = (pixels, side, x, y) => (x < 0 || y < 0 || x >= side || y >= side ? 0 : pixels[y * side + x]);

/** @param {Uint8Array} pixels @param {number} side @param {number} x @param {number} y */
function lightest(pixels, side, x, y) {
  let least = 255;
  for (let down = y - THINNED; down <= y + THINNED; down++)
    for (let right = x - THINNED; right <= x + THINNED; right++) least = Math.min(least, at(pixels, side, right, down));
  return least;
}

/**
 * A pixel between pixels, by cubic convolution (Keys 1981, doi 10.1109/TASSP.1981.1163711).
 * @param {Uint8Array} pixels
 * @param {number} x  in parts of a pixel, 0 in the middle of the first one; a whole number
 * @param {number} y
 */
function sampled(pixels, x, y) {
  const column = Math.floor(x / STEPS);
  const row = Math.floor(y / STEPS);
  const ofX = CUBIC[x - STEPS * column];
  const ofY = CUBIC[y - STEPS * row];
  let sum = 0;
  for (let j = 0; j < 4; j++)
    for (let k = 0; k < 4; k++) sum += ofY[j] * ofX[k] * at(pixels, SIDE, column + k - 1, row + j - 1);
  const one = (2 * STEPS ** 3) ** 2;
  return Math.min(Math.max(Math.floor((sum + one / 2) / one), 0), 255);
}

/** By sixteenths from a pixel: the weights of the one before, of it and of the two after, together 2 · 16³. */
const CUBIC = Array.from({ length: STEPS }, (_, t) => [
  -t * (t - STEPS) ** 2,
  3 * t ** 3 - 5 * STEPS * t ** 2 + 2 * STEPS ** 3,
  -3 * t ** 3 + 4 * STEPS * t ** 2 + STEPS ** 2 * t,
  t ** 3 - STEPS * t ** 2,
]);
