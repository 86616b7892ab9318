/**
 * The form in which the network reads a digit, as in `model/preprocessing/normalize.py`: 28 × 28, the digit's centre of
 * mass in the middle. All of it is sums of whole numbers, so that both give the same bytes.
 */

import { PIXELS as SIDE } from "./dimensions.js";
import constants from "../data/preprocessing.json" with { type: "json" };

export const { box: BOX, fine: FINE, sheet: SHEET } = constants;

const FIELD = SIDE * FINE;

/**
 * Cut 28 × 28 out of the sheet, the centre of mass in the middle, and average down.
 * @param {Uint8Array} sheet  height × width at the fine resolution, ink = 255; its ink no larger than the field
 * @param {number} width
 * @returns {Uint8Array} 784 bytes, ink = 255; all zeros where there is no ink
 */
export function centred(sheet, width) {
  const height = sheet.length / width;
  const byRow = new Float64Array(height);
  const byColumn = new Float64Array(width);
  for (let y = 0, at = 0; y < height; y++) {
    let sum = 0;
    for (let x = 0; x < width; x++, at++) {
      sum += sheet[at];
      byColumn[x] += sheet[at];
    }
    byRow[y] = sum;
  }
  const left = corner(byColumn);
  const top = corner(byRow);
  const image = new Uint8Array(SIDE * SIDE);
  for (let row = 0, at = 0; row < SIDE; row++) {
    const above = Math.max(top + row * FINE, 0); // where the block begins and ends, as far as it lies on the sheet
    const below = Math.min(top + (row + 1) * FINE, height);
    for (let column = 0; column < SIDE; column++, at++) {
      const first = Math.max(left + column * FINE, 0);
      const last = Math.min(left + (column + 1) * FINE, width);
      let sum = 0;
      for (let y = above; y < below; y++) for (let x = first; x < last; x++) sum += sheet[y * width + x];
      image[at] = Math.floor((sum + (FINE * FINE) / 2) / (FINE * FINE));
    }
  }
  return image;
}

/**
 * Where the field begins along one axis: the centre of mass in its middle. Ink never leaves the field: a lone far mark
 * pulls the centre of mass only as far as its box allows.
 * @param {Float64Array} ink  sums
 */
function corner(ink) {
  const low = ink.findIndex((sum) => sum > 0);
  if (low < 0) return 0;
  let high = ink.length;
  while (ink[high - 1] === 0) high -= 1;
  let whole = 0;
  let moment = 0;
  for (let k = low; k < high; k++) {
    whole += ink[k];
    moment += ink[k] * k;
  }
  return Math.min(Math.max(Math.floor(moment / whole) - (FIELD / 2 - 1), high - FIELD), low);
}

/** Bytes as ink in 0…1. @param {Uint8Array} pixels @returns {Float32Array} */
export const toFloat32 = (pixels) => Float32Array.from(pixels, (value) => value / 255);
