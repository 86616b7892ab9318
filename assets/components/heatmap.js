/** A heatmap: rows × columns of numbers as colours, with a mark on the row and the column in focus. */

import { colourTable } from "./colormap.js";

/**
 * @typedef {{row: number, column: number}} Place
 * @typedef {{colours: import("./colormap.js").ColourMap, range: [number, number], dark: boolean}} Scale
 *   the values at the two ends of the colour map, beyond which it is clipped, and whether the page is dark
 */

const SLACK = 6; // pixels that a finger may move and still tap

export class Heatmap {
  #canvas = document.createElement("canvas");
  #column = mark("column-mark");
  #row = mark("row-mark");
  #cell = mark("cell-mark");
  #veil = mark("veil");
  /** @type {{row: number, column: ?number}} */ #marked = { row: 0, column: null };

  /**
   * @param {HTMLElement} holder  gets the canvas and the marks
   * @param {Object} how
   * @param {number} how.rows
   * @param {number} how.columns
   * @param {string} how.label  what it shows, for screen readers
   * @param {(place: ?Place) => void} how.point  told where the pointer or the arrow keys are, and when they have left
   * @param {(place: Place) => void} how.pin     told where was clicked, tapped or Enter was pressed
   * @param {(from: number, to: number, done: boolean) => void} [how.brush]  told of columns dragged over
   */
  constructor(holder, { rows, columns, label, point, pin, brush }) {
    Object.assign(this, { rows, columns });
    this.#canvas.width = columns;
    this.#canvas.height = rows;
    this.#canvas.tabIndex = 0;
    // Of the roles that are operated by arrow keys only a slider says its value as it changes.
    this.#canvas.setAttribute("role", "slider");
    this.#canvas.setAttribute("aria-roledescription", "map");
    this.label = label;
    this.#canvas.setAttribute("aria-valuemin", "0");
    this.#canvas.setAttribute("aria-valuemax", String(rows * columns - 1));
    this.#cell.hidden = this.#veil.hidden = true;
    holder.append(this.#canvas, this.#veil, this.#column, this.#row, this.#cell);

    /** @param {PointerEvent} event @returns {Place} */
    const under = (event) => {
      const { left, top, width, height } = this.#canvas.getBoundingClientRect();
      return {
        row: within(Math.floor(((event.clientY - top) / height) * rows), rows),
        column: within(Math.floor(((event.clientX - left) / width) * columns), columns),
      };
    };
    /** @type {?{place: Place, x: number, finger: boolean, dragged: boolean}} what began with the pointer going down */
    let down = null;
    this.#canvas.addEventListener("pointermove", (event) => {
      const place = under(event);
      if (down?.finger) {
        // Down or up the browser scrolls, and takes the pointer away. Sideways a finger keeps to its row.
        down.dragged ||= Math.abs(event.clientX - down.x) > SLACK;
        if (!down.dragged) return;
        place.row = down.place.row;
      }
      if (down) brush?.(Math.min(down.place.column, place.column), Math.max(down.place.column, place.column), false);
      point(place);
    });
    this.#canvas.addEventListener("pointerdown", (event) => {
      const place = under(event);
      const finger = event.pointerType !== "mouse";
      down = { place, x: event.clientX, finger, dragged: false };
      if (finger) return; // it may be about to scroll
      this.#canvas.setPointerCapture(event.pointerId);
      point(place);
      pin(place);
    });
    this.#canvas.addEventListener("pointerup", (event) => {
      if (!down) return;
      const place = under(event);
      if (down.finger) place.row = down.place.row;
      pin(place); // where a drag ended
      if (down.finger) point(null);
      brush?.(Math.min(down.place.column, place.column), Math.max(down.place.column, place.column), true);
      down = null;
    });
    this.#canvas.addEventListener("pointercancel", () => {
      if (down) point(null);
      down = null;
    });
    this.#canvas.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && point(null));
    this.#canvas.addEventListener("blur", () => point(null));
    this.#canvas.addEventListener("keydown", (event) => {
      if (event.altKey || event.metaKey) return; // the browser's: back and forward
      const here = { row: this.#marked.row, column: this.#marked.column ?? 0 };
      const page = Math.ceil(rows / 4);
      const step = {
        ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
        PageUp: [-page, 0], PageDown: [page, 0],
        Home: [event.ctrlKey ? -rows : 0, -columns], End: [event.ctrlKey ? rows : 0, columns],
      }[event.key]; // prettier-ignore
      if (event.key === "Enter") pin(here);
      if (!step) return;
      event.preventDefault();
      point({ row: within(here.row + step[0], rows), column: within(here.column + step[1], columns) });
    });
  }

  /**
   * @param {Float32Array} values  rows × columns
   * @param {Scale} scale
   * @param {Uint8Array} [order]  which of the values' columns stands in each column
   */
  draw(values, { colours, range: [low, high], dark }, order) {
    const table = colourTable(colours, dark);
    const top = table.length - 1;
    const picture = new ImageData(this.columns, this.rows);
    const pixels = new Uint32Array(picture.data.buffer);
    const step = top / (high - low);
    for (let row = 0, at = 0; row < this.rows; row++)
      for (let column = 0; column < this.columns; column++, at++) {
        const value = values[row * this.columns + (order ? order[column] : column)];
        pixels[at] = table[Math.min(top, Math.max(0, Math.round((value - low) * step)))];
      }
    this.#canvas.getContext("2d").putImageData(picture, 0, 0);
  }

  /** Mark a row, and a column if there is one. @param {number} row @param {?number} column */
  mark(row, column) {
    this.#marked = { row, column };
    this.#place(this.#row, row, null);
    this.#place(this.#column, null, column ?? 0);
    this.#column.hidden = column === null;
  }

  /** Ring one cell, or none. @param {?Place} place */
  light(place) {
    this.#cell.hidden = place === null;
    if (place) this.#place(this.#cell, place.row, place.column);
  }

  /** Veil all rows from one on; with as many as there are, none. @param {number} row */
  veil(row) {
    this.#veil.hidden = row >= this.rows;
    this.#veil.style.top = `${(100 * row) / this.rows}%`;
  }

  /** The value that is marked, in words, for screen readers. @param {string} text */
  say(text) {
    const { row, column } = this.#marked;
    this.#canvas.setAttribute("aria-valuenow", String(row * this.columns + (column ?? 0)));
    this.#canvas.setAttribute("aria-valuetext", text);
  }

  /** What it is, for screen readers. @param {string} text */
  set label(text) {
    this.#canvas.setAttribute("aria-label", `${text}. Arrow, Home, End and Page keys look around, Enter keeps the place.`);
  }

  /** What it shows, for screen readers. @param {string} text */
  describe(text) {
    this.#canvas.setAttribute("aria-description", text);
  }

  /** @param {HTMLElement} element @param {?number} row @param {?number} column */
  #place(element, row, column) {
    if (row !== null) {
      element.style.top = `${(100 * row) / this.rows}%`;
      element.style.height = `${100 / this.rows}%`;
    }
    if (column !== null) {
      element.style.left = `${(100 * column) / this.columns}%`;
      element.style.width = `${100 / this.columns}%`;
    }
  }
}

/** @param {string} kind */
function mark(kind) {
  const element = document.createElement("div");
  element.className = kind;
  return element;
}

/** @param {number} index @param {number} count */
const within = (index, count) => Math.min(count - 1, Math.max(0, index));
