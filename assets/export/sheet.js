/** A picture being drawn: text that fits, heatmaps, ink, bars and scales. Places and sizes are in its pixels. */

import { colourTable, cssColour } from "../components/colormap.js";
import { percent, signed } from "../components/format.js";
import tables from "../data/tables.json" with { type: "json" };
import { CLASSES, PIXELS, ROWS } from "../engine/dimensions.js";

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

/**
 * @typedef {Object} Look  of words
 * @property {number} size
 * @property {string} [colour]
 * @property {boolean} [bold]
 * @property {boolean} [italic]
 * @property {CanvasTextAlign} [align]
 * @property {number} [width]  that the words must not exceed; they get smaller until they fit
 *
 * @typedef {{colours: import("../components/colormap.js").ColourMap, range: [number, number]}} Scale
 */

export class Sheet {
  /** @param {number} width @param {number} height @param {boolean} dark */
  constructor(width, height, dark) {
    this.dark = dark;
    this.theme = tables.themes[dark ? "dark" : "light"];
    this.unread = mixed(this.theme.paper, this.theme.line, 0.5);
    this.canvas = document.createElement("canvas");
    this.canvas.width = width;
    this.canvas.height = height;
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.clear();
  }

  /** Clear the sheet. */
  clear() {
    this.box(0, 0, this.canvas.width, this.canvas.height, this.theme.paper);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height @param {string} colour */
  box(x, y, width, height, colour) {
    this.pen.fillStyle = colour;
    this.pen.fillRect(x, y, width, height);
  }

  /**
   * A line around a box, outside it.
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {string} colour
   * @param {number} [thick]
   */
  frame(x, y, width, height, colour, thick = 1) {
    this.box(x - thick, y - thick, width + 2 * thick, thick, colour);
    this.box(x - thick, y + height, width + 2 * thick, thick, colour);
    this.box(x - thick, y, thick, height, colour);
    this.box(x + width, y, thick, height, colour);
  }

  /**
   * Write words on a baseline.
   * @param {number} x
   * @param {number} y
   * @param {string} words
   * @param {Look} look
   * @returns {number} their width
   */
  text(x, y, words, { colour = this.theme.text, align = "left", ...look }) {
    const size = this.fitting(words, look);
    this.pen.font = font({ ...look, size });
    this.pen.fillStyle = colour;
    this.pen.textAlign = align;
    this.pen.fillText(words, x, y);
    return this.pen.measureText(words).width;
  }

  /** The size at which words are no wider than they may be. @param {string} words @param {Look} look */
  fitting(words, { width = Infinity, ...look }) {
    this.pen.font = font(look);
    return look.size * Math.min(1, width / this.pen.measureText(words).width);
  }

  /**
   * Write words on as many lines as it takes, at most `most`: they get smaller until they fit.
   * @param {number} x @param {number} y  of the first baseline
   * @param {string} words @param {Look & {width: number}} look @param {number} most
   */
  paragraph(x, y, words, { width, ...look }, most) {
    let { size } = look;
    let lines = this.#wrapped(words, { ...look, size }, width);
    // Smaller letters leave room for more lines.
    while (lines.length * size > most * look.size) {
      size *= 0.95;
      lines = this.#wrapped(words, { ...look, size }, width);
    }
    lines.forEach((line, k) => this.text(x, y + k * size * 1.28, line, { ...look, size, width }));
  }

  /** @param {string} words @param {Look} look @param {number} width @returns {string[]} */
  #wrapped(words, look, width) {
    this.pen.font = font(look);
    const lines = [""];
    for (const word of words.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (lines.at(-1) && this.pen.measureText(longer).width > width) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  }

  /**
   * @param {number} x @param {number} y
   * @param {ArrayLike<number>} values  28 rows
   * @param {Scale} scale
   * @param {[number, number]} cell  width and height of one value
   * @param {ArrayLike<number>} columns  which of a row's values stands in each column
   * @param {number} rows  that are read; the others stay empty
   */
  heatmap(x, y, values, { colours, range: [low, high] }, cell, columns, rows) {
    const table = colourTable(colours, this.dark);
    const top = table.length - 1;
    this.#pixels(x, y, columns.length, cell, rows, (row, column) => {
      const share = (values[row * columns.length + columns[column]] - low) / (high - low);
      return table[Math.min(top, Math.max(0, Math.round(share * top)))];
    });
    this.box(x, y + rows * cell[1], columns.length * cell[0], (ROWS - rows) * cell[1], this.unread);
  }

  /**
   * The image, ink in 0…1.
   * @param {number} x
   * @param {number} y
   * @param {ArrayLike<number>} image
   * @param {number} cell
   * @param {number} rows  that are read
   */
  ink(x, y, image, cell, rows) {
    const { card, ink } = this.theme;
    const shades = Array.from({ length: 256 }, (_, k) => pixelOf(mixed(card, ink, k / 255)));
    const shade = (/** @type {number} */ row, /** @type {number} */ column) =>
      shades[Math.round(255 * image[row * PIXELS + column])];
    this.#pixels(x, y, PIXELS, [cell, cell], rows, shade);
    this.box(x, y + rows * cell, PIXELS * cell, (ROWS - rows) * cell, this.unread);
    this.frame(x, y, PIXELS * cell, ROWS * cell, this.theme.line);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} columns
   * @param {[number, number]} cell
   * @param {number} rows
   * @param {(row: number, column: number) => number} pixel
   */
  #pixels(x, y, columns, cell, rows, pixel) {
    const small = document.createElement("canvas");
    small.width = columns;
    small.height = rows;
    const picture = new ImageData(columns, rows);
    const pixels = new Uint32Array(picture.data.buffer);
    for (let at = 0; at < pixels.length; at++) pixels[at] = pixel(Math.floor(at / columns), at % columns);
    small.getContext("2d").putImageData(picture, 0, 0);
    this.pen.imageSmoothingEnabled = false;
    this.pen.drawImage(small, x, y, columns * cell[0], rows * cell[1]);
  }

  /**
   * The numbers of some rows, left of a picture of them.
   * @param {number} x
   * @param {number} y
   * @param {number} height  of a row
   * @param {number} size
   */
  rowTicks(x, y, height, size) {
    const look = { size, colour: this.theme.soft, align: /** @type {const} */ ("right") };
    for (const row of tables.rowTicks) {
      const middle = y + (row + 0.5) * height;
      this.box(x - size * 0.4, Math.round(middle), size * 0.3, 1, this.theme.soft);
      this.text(x - size * 0.6, middle + size * 0.36, String(row + 1), look);
    }
  }

  /**
   * The numbers of some units below a map, or of their places when they do not stand as they are numbered.
   * @param {number} x
   * @param {number} y  of its lower edge
   * @param {number} width  of a column
   * @param {ArrayLike<number>} columns
   * @param {number} size
   */
  unitTicks(x, y, width, columns, size) {
    const look = { size, colour: this.theme.soft };
    const counts = Array.from(columns).every((unit, place) => unit === place) ? "unit" : "place";
    this.text(x - 0.3 * size, y + size * 1.4, counts, { ...look, align: "right" });
    for (const place of tables.unitTicks) {
      const middle = x + (place + 0.5) * width;
      this.box(Math.round(middle), y + size * 0.15, 1, size * 0.3, this.theme.soft);
      this.text(middle, y + size * 1.4, String(place), { ...look, align: "center" });
    }
  }

  /**
   * The colours of a map between the values they stand for, ending at `right`.
   * @param {number} right @param {number} y @param {Scale} scale @param {number} size
   * @returns {number} where it begins
   */
  scale(right, y, { colours, range }, size) {
    const [low, high] = range.map((end) => signed(end));
    const look = { size, colour: this.theme.soft };
    const [gap, length, thick] = [0.4 * size, Math.round(3.4 * size), Math.round(0.7 * size)];
    const left = Math.round(right - this.text(right, y, high, { ...look, align: "right" }) - gap - length);
    const table = colourTable(colours, this.dark);
    for (let k = 0; k < length; k++) {
      const pixel = table[Math.round((k / (length - 1)) * (table.length - 1))];
      this.box(left + k, Math.round(y - 0.72 * size), 1, thick, cssPixel(pixel));
    }
    return left - gap - this.text(left - gap, y, low, { ...look, align: "right" });
  }

  /**
   * Ten digits down, with a bar and a percentage each; no bars for null.
   * @param {number} x @param {number} y @param {number} width @param {number} step  from one to the next
   * @param {?ArrayLike<number>} shares @param {?number} best @param {number} size
   */
  bars(x, y, width, step, shares, best, size) {
    const { line, soft, text, accent } = this.theme;
    const [from, length, thick] = [x + 1.4 * size, width - 5.4 * size, Math.round(0.62 * step)];
    for (let k = 0; k < CLASSES; k++) {
      const middle = y + (k + 0.5) * step;
      const look = { size, colour: k === best ? text : soft, bold: k === best };
      this.text(x, middle + 0.36 * size, String(k), look);
      this.box(from, Math.round(middle - thick / 2), length, thick, mixed(this.theme.paper, line, 0.6));
      if (!shares) continue;
      this.box(from, Math.round(middle - thick / 2), length * shares[k], thick, k === best ? accent : this.quiet);
      this.text(x + width, middle + 0.36 * size, percent(shares[k]), { ...look, align: "right" });
    }
  }

  /** The colour of bars that are not the best. */
  get quiet() {
    return mixed(this.theme.line, this.theme.soft, 0.6);
  }

  /**
   * Bars of 28 rows to both sides of zero, and what they are worth.
   * @param {number} x @param {number} y @param {number} width @param {number} height  of a row
   * @param {?Float32Array} values  null for none yet
   * @param {number} size  of the numbers below
   */
  evidence(x, y, width, height, values, size) {
    const { line, soft } = this.theme;
    this.box(x, y, width, ROWS * height, this.theme.card);
    this.frame(x, y, width, ROWS * height, line);
    if (!values) return;
    const [low, high] = [Math.min(-0.2, ...values), Math.max(1, ...values)];
    const inner = width - 2 * size;
    const at = (/** @type {number} */ value) => x + size + ((value - low) / (high - low)) * inner;
    const step = [0.5, 1, 2, 5, 10, 20, 50].find((step) => (high - low) / step <= 4.5) ?? 100;
    const look = { size, colour: soft, align: /** @type {const} */ ("center") };
    for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
      this.box(Math.round(at(value)), y, 1, ROWS * height + size * 0.4, value === 0 ? soft : line);
      this.text(at(value), y + ROWS * height + size * 1.4, signed(value, step < 1 ? 1 : 0), look);
    }
    values.forEach((value, row) => {
      const [from, to] = [at(0), at(value)].sort((a, b) => a - b).map(Math.round);
      const colour = cssColour("diverging", value > 0 ? 0.92 : 0.08, this.dark);
      this.box(from, y + row * height + 1, to - from, height - 2, colour);
    });
  }
}

export const ALL_CLASSES = Uint8Array.from({ length: CLASSES }, (_, digit) => digit);

/** @param {string} colour  #rrggbb @returns {number[]} its three channels */
export const channels = (colour) => [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));

/**
 * @param {string} ground
 * @param {string} over  both #rrggbb
 * @param {number} share  of the one over the other
 * @returns {string}
 */
export function mixed(ground, over, share) {
  const above = channels(over);
  const mix = channels(ground).map((below, k) => Math.round(below + (above[k] - below) * share));
  return written(mix);
}

/** A colour as ImageData holds it. @param {string} colour  #rrggbb */
export function pixelOf(colour) {
  const [red, green, blue] = channels(colour);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The other way round. @param {number} pixel */
const cssPixel = (pixel) => written([pixel, pixel >> 8, pixel >> 16].map((byte) => byte & 255));

/** @param {number[]} channels  red, green, blue */
const written = (channels) => `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;

/** @param {Look} look */
const font = ({ size, bold, italic }) => `${italic ? "italic " : ""}${bold ? 650 : 400} ${size}px ${FONT}`;
