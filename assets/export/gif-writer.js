/**
 * Writes an animated GIF, version 89a: https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 *
 * A frame holds only the rectangle that has changed, and is transparent where nothing has: so it stays small.
 */

import { joined, two, utf8 } from "./bytes.js";

const CLEAR = 255; // the place in the palette that stands for no colour
const DEPTH = 8; // bits of a place
const MOST_CODES = 4096;

export class GifWriter {
  /** @type {(Uint8Array | number[])[]} */ #parts;
  /** @type {Uint32Array} */ #before;
  /** @type {number[]} */ #palette;
  /** @type {Map<number, number>} */ #places;

  /**
   * @param {number} width @param {number} height
   * @param {number[]} palette  at most 255 pixels, as ImageData holds them; other colours take the nearest of these
   * @param {string} comment
   */
  constructor(width, height, palette, comment) {
    Object.assign(this, { width, height });
    this.#palette = palette;
    this.#places = new Map(palette.map((pixel, place) => [pixel >>> 0, place]));
    const table = new Uint8Array(3 * 256);
    palette.forEach((pixel, place) => table.set([pixel, pixel >> 8, pixel >> 16], 3 * place));
    const loop = [0x21, 0xff, 11, ...utf8("NETSCAPE2.0"), 3, 1, ...two(0), 0]; // for ever
    const words = [0x21, 0xfe, ...blocks(utf8(comment)), 0];
    this.#parts = [utf8("GIF89a"), two(width), two(height), [0xf7, 0, 0], table, loop, words];
  }

  /** @param {Uint32Array} pixels  as ImageData holds them @param {number} delay  hundredths of a second */
  add(pixels, delay) {
    const box = this.#before ? this.#changed(pixels) : { x: 0, y: 0, width: this.width, height: this.height };
    const places = new Uint8Array(box.width * box.height);
    for (let row = 0, to = 0; row < box.height; row++)
      for (let column = 0, at = (box.y + row) * this.width + box.x; column < box.width; column++, at++)
        places[to++] = this.#before?.[at] === pixels[at] ? CLEAR : this.#place(pixels[at]);
    this.#before = pixels;
    this.#parts.push(
      [0x21, 0xf9, 4, 0b101, ...two(delay), CLEAR, 0], // what was there stays; one place is clear
      [0x2c, ...two(box.x), ...two(box.y), ...two(box.width), ...two(box.height), 0, DEPTH],
      blocks(packed(places)),
      [0],
    );
  }

  /** @returns {Uint8Array<ArrayBuffer>} the file */
  end() {
    return joined([...this.#parts, [0x3b]]);
  }

  /** The least rectangle that holds all changes. @param {Uint32Array} pixels */
  #changed(pixels) {
    let [left, top, right, bottom] = [this.width, this.height, -1, -1];
    for (let y = 0, at = 0; y < this.height; y++)
      for (let x = 0; x < this.width; x++, at++) {
        if (pixels[at] === this.#before[at]) continue;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        bottom = y;
      }
    // A frame must show something: without a change, one pixel that stays clear.
    if (right < 0) return { x: 0, y: 0, width: 1, height: 1 };
    return { x: left, y: top, width: right + 1 - left, height: bottom + 1 - top };
  }

  /** The place of the nearest colour. @param {number} pixel */
  #place(pixel) {
    let place = this.#places.get(pixel);
    if (place === undefined) {
      place = this.#nearest(pixel);
      this.#places.set(pixel, place);
    }
    return place;
  }

  /** @param {number} pixel */
  #nearest(pixel) {
    let best = 0;
    let least = Infinity;
    this.#palette.forEach((other, place) => {
      const off = (/** @type {number} */ shift) => (((pixel >> shift) & 255) - ((other >> shift) & 255)) ** 2;
      const distance = off(0) + off(8) + off(16);
      if (distance < least) [best, least] = [place, distance];
    });
    return best;
  }
}

/** Data in blocks of at most 255 bytes, each after its length. @param {Uint8Array} data */
function blocks(data) {
  const whole = new Uint8Array(data.length + Math.ceil(data.length / 255));
  for (let from = 0, to = 0; from < data.length; from += 255) {
    const block = data.subarray(from, from + 255);
    whole[to] = block.length;
    whole.set(block, to + 1);
    to += 1 + block.length;
  }
  return whole;
}

/**
 * LZW, as GIF has it: codes stand for runs of places seen before, and get longer as more are known.
 * @param {Uint8Array} places @returns {Uint8Array}
 */
function packed(places) {
  const restart = 1 << DEPTH;
  const end = restart + 1;
  const bytes = new Uint8Array(places.length * 2 + 16); // no code is longer than 12 bits
  let length = 0;
  let [bits, held] = [0, 0]; // that do not fill a byte yet, and how many
  const put = (/** @type {number} */ code) => {
    bits |= code << held;
    for (held += size; held >= 8; held -= 8, bits >>>= 8) bytes[length++] = bits & 255;
  };
  const longer = new Uint16Array(MOST_CODES << DEPTH); // the code of a run, and of one more place after it; 0 for none
  let size = DEPTH + 1;
  let next = end + 1;
  put(restart);
  let run = places[0];
  for (let k = 1; k < places.length; k++) {
    const key = (run << DEPTH) | places[k];
    if (longer[key]) {
      run = longer[key];
      continue;
    }
    put(run);
    run = places[k];
    if (next === MOST_CODES) {
      put(restart);
      longer.fill(0);
      size = DEPTH + 1;
      next = end + 1;
    } else {
      if (next === 1 << size) size += 1;
      longer[key] = next++;
    }
  }
  put(run);
  put(end);
  if (held) bytes[length++] = bits & 255;
  return bytes.subarray(0, length);
}
