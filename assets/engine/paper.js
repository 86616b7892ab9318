/** How bright a picture's paper is, and whether a camera took it: what `model/preprocessing/paper.py` says. */

import constants from "../data/pictures.json" with { type: "json" };
import { border } from "./fields.js";

const C = constants.paper;

/** @param {Uint8Array} gray @param {number} side @returns {?number} */
export function exactPaper(gray, side) {
  const counts = new Array(256).fill(0);
  for (const g of gray) counts[g] += 1;
  const most = Math.max(...counts);
  const paper = counts.indexOf(most);
  if (side < C.LEAST_PHOTO) return 100 * most >= C.LEAST_TINY * gray.length ? paper : null;
  counts[paper] = 0;
  const exact = 100 * most >= C.LEAST_EXACT * gray.length && 100 * Math.max(...counts) < C.MOST_OTHER * gray.length;
  const near = counts.slice(Math.max(0, paper - C.NEAR), paper + C.NEAR + 1).reduce((a, b) => a + b, 0);
  return exact && 100 * near < C.MOST_NEAR * gray.length ? paper : null;
}

/**
 * @param {Uint8Array} gray @param {number} width @param {number} height
 * @param {number} [off] @param {number} [least] @returns {?number}
 */
export function paperAtBorder(gray, width, height, off = C.SAME, least = C.LEAST_SAME) {
  const along = border(width, height).map((at) => gray[at]).sort((a, b) => a - b);
  const middle = along[Math.floor(along.length / 2)];
  const same = along.filter((g) => Math.abs(g - middle) <= off).length;
  return 100 * same >= least * along.length ? middle : null;
}

/** @param {Uint8Array} gray @param {number} width @param {number} height */
export const wasTaken = (gray, width, height) =>
  exactPaper(gray, Math.max(width, height)) === null && paperAtBorder(gray, width, height, 0, C.LEAST_FLAT) === null;
