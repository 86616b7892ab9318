/**
 * From a picture to the 28 × 28 pixels that the network reads: what `model/preprocessing/pictures.py` does with the same
 * pixels, to the byte.
 */

import constants from "../data/pictures.json" with { type: "json" };
import { withoutDesk } from "./desk.js";
import { findInk, lineWidth } from "./ink.js";
import { BOX, FINE, SHEET, centred } from "./normalize.js";
import { BICUBIC, BOX_FILTER, resized } from "./resample.js";

/** @typedef {{pixels: Uint8Array, width: number, height: number}} Sheet  of one byte a pixel */

/**
 * Find the digit in a picture: a photo, a scan, an export of a drawing; ink on light or dark. Throws an Error with a
 * sentence for people when nothing stands out, or the picture is far too long.
 * @param {{data: Uint8ClampedArray | Uint8Array, width: number, height: number}} picture  RGBA
 * @returns {Uint8Array} 784 bytes, ink = 255
 */
export function findDigit({ data, width, height }) {
  if (Math.min(width, height) === 0 || Math.max(width, height) > constants.maxAspect * Math.min(width, height))
    throw new Error(`A picture of ${width} × ${height} pixels is too long and thin to hold a digit.`);
  const gray = withoutDesk(grayOf(data, width, height));
  const ink = { ...gray, pixels: findInk(gray.pixels, gray.width, gray.height) };
  const image = ink.pixels.some((value) => value > 127) ? centred(fitted(withNormalLines(fitted(ink))).pixels, SHEET * FINE) : [];
  if (!image.some((value) => value > 0)) throw new Error(constants.nothing);
  return /** @type {Uint8Array} */ (image);
}

/** @param {Uint8ClampedArray | Uint8Array} data @param {number} width @param {number} height @returns {Sheet} */
function grayOf(data, width, height) {
  const count = width * height;
  let opaque = true;
  for (let at = 3; opaque && at < 4 * count; at += 4) opaque = data[at] === 255;
  const longer = Math.max(width, height);
  const side = constants.workingSide;
  const fit = (/** @type {number} */ size) => Math.max(1, Math.floor((2 * size * side + longer) / (2 * longer)));
  const [newWidth, newHeight] = longer > side ? [fit(width), fit(height)] : [width, height];
  const shrunk = (/** @type {Uint8Array} */ pixels) => resized(pixels, width, height, newWidth, newHeight, BOX_FILTER);
  if (opaque) {
    const pixels = new Uint8Array(count);
    for (let k = 0, at = 0; k < count; k++, at += 4) pixels[k] = luminance(data[at], data[at + 1], data[at + 2]);
    return { pixels: shrunk(pixels), width: newWidth, height: newHeight };
  }
  const channels = [0, 1, 2, 3].map((channel) => {
    const pixels = new Uint8Array(count);
    for (let k = 0; k < count; k++) {
      const value = data[4 * k + channel];
      pixels[k] = longer > side && channel < 3 ? by255(value * data[4 * k + 3] + 128) : value;
    }
    return shrunk(pixels);
  });
  const alphas = channels[3];
  if (longer > side)
    for (const channel of channels.slice(0, 3))
      channel.forEach((value, k) => {
        if (alphas[k] % 255) channel[k] = Math.min(Math.floor((255 * value) / alphas[k]), 255);
      });
  return { pixels: onContrastingPaper(channels), width: newWidth, height: newHeight };
}

/** @param {number} red @param {number} green @param {number} blue */
const luminance = (red, green, blue) => (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;

/** A number divided by 255, as Pillow does it. @param {number} value */
const by255 = (value) => ((value >> 8) + value) >> 8;

/** On white when what a see-through picture shows is dark, on black when it is light. @param {Uint8Array[]} channels */
function onContrastingPaper([red, green, blue, alpha]) {
  let opacity = 0;
  let brightness = 0;
  alpha.forEach((a, k) => {
    opacity += a;
    brightness += ((red[k] + green[k] + blue[k]) / 3) * a;
  });
  const paper = (opacity ? brightness / opacity : 0) < 128 ? 255 : 0;
  const over = (/** @type {number} */ value, /** @type {number} */ a) =>
    by255(value * 128 * a + paper * 128 * (255 - a) + (0x80 << 7)) >> 7;
  return alpha.map((a, k) => (a ? luminance(over(red[k], a), over(green[k], a), over(blue[k], a)) : paper));
}

/** Crop to the ink and scale its longer side to the box, at the fine resolution. @param {Sheet} ink @returns {Sheet} */
function fitted({ pixels, width, height }) {
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++)
      if (pixels[at] > 127) {
        if (x < left) left = x;
        if (x >= right) right = x + 1;
        if (y < top) top = y;
        if (y >= bottom) bottom = y + 1;
      }
  if (right === 0) [left, right, top, bottom] = [0, width, 0, height];
  const [w, h] = [right - left, bottom - top];
  const cropped = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) cropped.set(pixels.subarray((top + y) * width + left, (top + y) * width + right), y * w);
  const scale = (BOX * FINE) / Math.max(w, h);
  const [newW, newH] = [w, h].map((size) => Math.max(1, Math.floor(size * scale + 0.5)));
  const scaled = resized(cropped, w, h, newW, newH, BICUBIC);
  const side = SHEET * FINE;
  const sheet = new Uint8Array(side * side);
  const [x0, y0] = [newW, newH].map((size) => Math.floor((side - size) / 2));
  for (let y = 0; y < newH; y++) sheet.set(scaled.subarray(y * newW, (y + 1) * newW), (y0 + y) * side + x0);
  return { pixels: sheet, width: side, height: side };
}

/** Thicken hair lines and thin marker lines by the same amount on every side. @param {Sheet} ink @returns {Sheet} */
function withNormalLines(ink) {
  const { pixels, width, height } = ink;
  const limit = Math.min(127, Math.floor(pixels.reduce((a, b) => Math.max(a, b), 0) / 2));
  const mask = pixels.map((value) => Number(value > limit));
  const now = lineWidth(mask, width, height) / FINE;
  const [least, most] = constants.lineWidths;
  const wanted = Math.min(Math.max(now, least), most);
  if (wanted === now) return ink;
  const inside = distances(mask, width, height, 0);
  const outside = distances(mask, width, height, 1);
  let outwards = (((wanted * (BOX - now)) / (BOX - wanted) - now) / 2) * FINE;
  outwards = Math.max(outwards, 1.5 - inside.reduce((a, b) => Math.max(a, b), 0));
  const level = (/** @type {number} */ at) => Math.min(Math.max(inside[at] - outside[at] + outwards + 0.5, 0), 1);
  return { ...ink, pixels: pixels.map((_, at) => Math.floor(255 * level(at))) };
}

/**
 * How far each pixel is from the nearest of this value: exact, by whole numbers (Meijster, Roerdink & Hesselink 2000).
 * @param {Uint8Array} mask @param {number} width @param {number} height @param {number} value
 */
function distances(mask, width, height, value) {
  const far = width + height;
  const down = new Int32Array(mask.length); // to the nearest in the column
  for (let x = 0; x < width; x++) {
    for (let y = 0, at = x, d = far; y < height; y++, at += width) down[at] = d = mask[at] === value ? 0 : Math.min(d + 1, far);
    for (let y = height - 1, at = y * width + x, d = far; y >= 0; y--, at -= width)
      down[at] = d = Math.min(d + 1, down[at]);
  }
  const out = new Float64Array(mask.length);
  const nearest = new Int32Array(width); // columns, each the nearest from a place on
  const places = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const square = (/** @type {number} */ x, /** @type {number} */ of) => (x - of) ** 2 + down[row + of] ** 2;
    let last = 0;
    nearest[0] = places[0] = 0;
    for (let u = 1; u < width; u++) {
      while (last >= 0 && square(places[last], nearest[last]) > square(places[last], u)) last -= 1;
      if (last < 0) {
        last = 0;
        nearest[0] = u;
        continue;
      }
      const of = nearest[last];
      const from = 1 + Math.floor((u * u - of * of + down[row + u] ** 2 - down[row + of] ** 2) / (2 * (u - of)));
      if (from < width) {
        last += 1;
        nearest[last] = u;
        places[last] = from;
      }
    }
    for (let x = width - 1; x >= 0; x--) {
      out[row + x] = Math.sqrt(square(x, nearest[last]));
      if (x === places[last]) last -= 1;
    }
  }
  return out;
}
