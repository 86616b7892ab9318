/** A heatmap: rows × columns of numbers as colours, with a mark on the row and the column in focus. */

import { colours } from "./colours.js";

/** @typedef {{row: number, column: number}} Place */

export class Heatmap {
  /** @type {Float32Array} */ #values;
  /** @type {{row: number, column: ?number}} */ #marked = { row: 0, column: null };
  #canvas = document.createElement("canvas");
  #column = document.createElement("div");
  #row = document.createElement("div");

  /**
   * @param {HTMLElement} holder  gets the canvas and the marks
   * @param {Object} how
   * @param {number} how.rows @param {number} how.columns
   * @param {import("./colours.js").ColourMap} how.map
   * @param {[number, number]} how.range  the values at the two ends of the map; beyond them it is clipped
   * @param {string} how.label            what it shows, for screen readers
   * @param {(place: ?Place) => void} how.point  told where the pointer or the arrow keys are, and when they have left
   * @param {(place: Place) => void} how.pin     told where was clicked, tapped or Enter was pressed
   */
  constructor(holder, { rows, columns, map, range, label, point, pin }) {
    Object.assign(this, { rows, columns, map, range });
    this.#canvas.width = columns;
    this.#canvas.height = rows;
    this.#canvas.tabIndex = 0;
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", `${label}. Arrow keys look around, Enter keeps the row.`);
    this.#column.className = "column-mark";
    this.#row.className = "row-mark";
    holder.append(this.#canvas, this.#column, this.#row);

    /** @param {PointerEvent} event @returns {Place} */
    const under = (event) => {
      const { left, top, width, height } = this.#canvas.getBoundingClientRect();
      return {
        row: within(Math.floor(((event.clientY - top) / height) * rows), rows),
        column: within(Math.floor(((event.clientX - left) / width) * columns), columns),
      };
    };
    this.#canvas.addEventListener("pointermove", (event) => point(under(event)));
    this.#canvas.addEventListener("pointerdown", (event) => {
      point(under(event));
      pin(under(event));
    });
    // A finger that has been lifted still points: its value stays to be read.
    this.#canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && point(null));
    this.#canvas.addEventListener("blur", () => point(null));
    this.#canvas.addEventListener("keydown", (event) => {
      const here = { row: this.#marked.row, column: this.#marked.column ?? 0 };
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (event.key === "Enter") pin(here);
      if (!step) return;
      event.preventDefault();
      point({ row: within(here.row + step[0], rows), column: within(here.column + step[1], columns) });
    });
  }

  /** @param {Float32Array} values  rows × columns */
  draw(values) {
    this.#values = values;
    const [low, high] = this.range;
    const table = colours(this.map);
    const picture = new ImageData(this.columns, this.rows);
    const pixels = new Uint32Array(picture.data.buffer);
    const scale = (table.length - 1) / (high - low);
    for (let k = 0; k < pixels.length; k++)
      pixels[k] = table[Math.min(table.length - 1, Math.max(0, Math.round((values[k] - low) * scale)))];
    this.#canvas.getContext("2d").putImageData(picture, 0, 0);
  }

  /** Mark a row, and a column if there is one. @param {number} row @param {?number} column */
  mark(row, column) {
    this.#marked = { row, column };
    this.#row.style.top = `${(100 * row) / this.rows}%`;
    this.#row.style.height = `${100 / this.rows}%`;
    this.#column.hidden = column === null;
    this.#column.style.left = `${(100 * (column ?? 0)) / this.columns}%`;
    this.#column.style.width = `${100 / this.columns}%`;
  }

  /** @returns {?number} the value under the marks, if a column is marked */
  get value() {
    const { row, column } = this.#marked;
    return column === null || !this.#values ? null : this.#values[row * this.columns + column];
  }
}

/** @param {number} index @param {number} count */
const within = (index, count) => Math.min(count - 1, Math.max(0, index));
