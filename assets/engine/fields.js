/** What is done to a field of whole numbers, such as a picture's brightness: what `model/preprocessing/fields.py` says. */

import constants from "../data/pictures.json" with { type: "json" };

const C = constants.fields;

/**
 * A field of numbers, row after row.
 * @typedef {{values: Int32Array, width: number, height: number}} Field
 * @typedef {{solid: number, long: number}} Shape
 */

/** @param {Uint8Array} gray @param {number} width @param {number} height @returns {Int32Array} */
export function smoothed(gray, width, height) {
  const rows = new Int32Array(gray.length);
  const out = new Int32Array(gray.length);
  for (let y = 0, at = 0; y < height; y++) {
    const above = y > 0 ? width : 0;
    const below = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++, at++) rows[at] = gray[at - above] + 2 * gray[at] + gray[at + below];
  }
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++)
      out[at] = rows[x > 0 ? at - 1 : at] + 2 * rows[at] + rows[x < width - 1 ? at + 1 : at];
  return out;
}

/** @param {Field} field @param {number} wide @param {?number} paper @returns {Int32Array} */
export function closed({ values, width, height }, wide, paper) {
  const reach = (wide - 1) / 2;
  const w = width + 4 * reach;
  const h = height + 4 * reach;
  const around = new Int32Array(w * h);
  for (let y = 0, at = 0; y < h; y++) {
    const row = y - 2 * reach;
    const inside = row >= 0 && row < height;
    const from = Math.min(Math.max(row, 0), height - 1) * width;
    for (let x = 0; x < w; x++, at++) {
      const column = x - 2 * reach;
      const known = paper === null || (inside && column >= 0 && column < width);
      around[at] = known ? values[from + Math.min(Math.max(column, 0), width - 1)] : /** @type {number} */ (paper);
    }
  }
  const slanting = Math.min(Math.floor((C.SLANT * reach + 500) / 1000), Math.floor((reach - 1) / 2));
  const straight = 2 * (reach - 2 * slanting) + 1;
  let field = { values: around, width: w, height: h };
  for (let time = 0; time < 2; time++) {
    field = highest(field, 0, 1, straight);
    field = highest(field, 1, 0, straight);
    field = highest(field, 1, 1, 2 * slanting + 1);
    field = highest(field, 1, -1, 2 * slanting + 1);
    field.values.forEach((value, at) => (field.values[at] = -value)); // the lowest are the highest of these
  }
  return field.values;
}

/**
 * The highest of so many in a row, wherever all of them lie in the field, which so gets smaller.
 * @param {Field} field @param {number} down @param {number} right @param {number} length @returns {Field}
 */
function highest({ values, width, height }, down, right, length) {
  let seen = 1;
  while (seen < length) {
    const step = Math.min(seen, length - seen);
    const w = width - Math.abs(right) * step;
    const h = height - down * step;
    const first = Math.max(0, -right * step);
    const second = down * step * width + Math.max(0, right * step);
    const out = new Int32Array(w * h);
    for (let y = 0, at = 0; y < h; y++)
      for (let x = 0, from = y * width; x < w; x++, at++, from++) {
        const [a, b] = [values[from + first], values[from + second]];
        out[at] = a > b ? a : b;
      }
    [values, width, height] = [out, w, h];
    seen += step;
  }
  return { values, width, height };
}

/** The least value up to which so many of all lie. @param {Float64Array} counts @param {number} percent */
export function quantile(counts, percent) {
  const all = counts.reduce((a, b) => a + b, 0);
  let below = 0;
  return counts.findIndex((count) => 100 * (below += count) >= percent * all);
}

/** @param {Float64Array} counts */
export function otsu(counts) {
  const total = counts.reduce((a, b) => a + b, 0);
  const mass = counts.reduce((sum, count, value) => sum + count * value, 0);
  let n = 0;
  let m = 0;
  let best = 0;
  let most = -1;
  counts.forEach((count, value) => {
    n += count;
    m += count * value;
    const apart = mass * n - total * m;
    const within = n * (total - n);
    const between = within > 0 ? (apart * apart) / Math.max(within, 1) : 0;
    if (between > most) [most, best] = [between, value];
  });
  return best + 1;
}

/** The places along the border, some of them twice. @param {number} width @param {number} height */
export function border(width, height) {
  const places = [];
  for (let x = 0; x < width; x++) places.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) places.push(y * width, y * width + width - 1);
  return places;
}

/**
 * The patches of a mask, joined at sides and corners: the number of each pixel's, 0 for none; their sizes and extents.
 * @param {Uint8Array} mask @param {number} width @param {number} height
 */
export function patchesOf(mask, width, height) {
  const label = new Int32Array(mask.length);
  const sizes = [0];
  const extents = [0];
  const waiting = new Int32Array(mask.length);
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || label[start]) continue;
    const patch = sizes.length;
    let [left, right, top, bottom] = [width, 0, height, 0];
    let [taken, known] = [0, 1];
    waiting[0] = start;
    label[start] = patch;
    for (; taken < known; taken++) {
      const at = waiting[taken];
      const x = at % width;
      const y = (at - x) / width;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v++)
        for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, width - 1); u++) {
          const near = v * width + u;
          if (!mask[near] || label[near]) continue;
          label[near] = patch;
          waiting[known++] = near;
        }
    }
    sizes.push(known);
    extents.push(Math.max(right - left, bottom - top) + 1);
  }
  return { label, sizes, extents };
}

/**
 * Where what is not 0 ends within so many pixels: upwards, downwards, to the left and to the right.
 * @param {ArrayLike<number>} values @param {number} width @param {number} height @param {number} reach
 * @param {(within: number, beyond: number) => void} look  told of every such pair of places
 */
export function edges(values, width, height, reach, look) {
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      if (!values[at]) continue;
      if (y >= reach && !values[at - reach * width]) look(at, at - reach * width);
      if (y + reach < height && !values[at + reach * width]) look(at, at + reach * width);
      if (x >= reach && !values[at - reach]) look(at, at - reach);
      if (x + reach < width && !values[at + reach]) look(at, at + reach);
    }
}

/**
 * The shape of the pixels that have this value, by their moments.
 * @param {ArrayLike<number>} values @param {number} width @param {number} value @returns {Shape}
 */
export function shapeOf(values, width, value) {
  let [n, sumY, sumX, sumYY, sumXX, sumYX] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    if (values[at] !== value) continue;
    const x = at % width;
    const y = (at - x) / width;
    n += 1;
    sumY += y;
    sumX += x;
    sumYY += y * y;
    sumXX += x * x;
    sumYX += y * x;
  }
  const [yy, xx, yx] = [n * sumYY - sumY * sumY, n * sumXX - sumX * sumX, n * sumYX - sumY * sumX];
  const determinant = Math.max(yy * xx - yx * yx, 1);
  return { solid: (n * n * n) / (12 * Math.sqrt(determinant)), long: ((yy + xx) * (yy + xx)) / determinant };
}

/**
 * Twice the area of the convex hull of a mask's pixels.
 * @param {Uint8Array} mask @param {number} width
 */
export function twiceHull(mask, width) {
  /** @type {[number, number][][]} */ const chains = [[], []]; // of the left ends of the rows, and of the right ones
  for (let y = 0; y * width < mask.length; y++) {
    const row = mask.subarray(y * width, (y + 1) * width);
    const ends = [row.indexOf(1), row.lastIndexOf(1) + 1];
    if (ends[0] < 0) continue;
    for (const side of [0, 1])
      for (const below of [0, 1]) {
        const [chain, point] = [chains[side], /** @type {[number, number]} */ ([ends[side], y + below])];
        const sign = side ? -1 : 1;
        while (chain.length > 1 && sign * turn(chain.at(-2), chain.at(-1), point) >= 0) chain.pop();
        chain.push(point);
      }
  }
  const [left, right] = chains.map((chain) =>
    chain.slice(1).reduce((sum, [x, y], k) => sum + (chain[k][0] + x) * (y - chain[k][1]), 0),
  );
  return right - left;
}

/** Above 0 when the way over three points turns to the right, where y points down. */
const turn = (/** @type {[number, number]} */ a, /** @type {[number, number]} */ b, /** @type {[number, number]} */ c) =>
  (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
