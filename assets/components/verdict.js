/** The verdict by row: what the network would say if it stopped there. 28 rows down, 10 digits across. */

import { inShort, percent } from "./format.js";
import { Heatmap } from "./heatmap.js";
import { CLASSES, ROWS } from "../engine/dimensions.js";

/** @typedef {import("./heatmap.js").Place} Place */

export class VerdictMap {
  /** @type {Heatmap} */ #heatmap;
  /** @type {?Float32Array} */ #verdict = null;
  /** @type {Place | {row: number, column: null}} */ #marked = { row: 0, column: null };

  /**
   * @param {HTMLElement} holder
   * @param {HTMLElement} labels  gets the ten digits that stand below
   * @param {Object} told
   * @param {(place: ?Place) => void} told.point  where the pointer or the arrow keys are, and when they have left
   * @param {(place: Place) => void} told.pin     where was clicked, tapped or Enter was pressed
   */
  constructor(holder, labels, told) {
    this.digits = Array.from({ length: CLASSES }, (_, k) => {
      const label = document.createElement("li");
      label.textContent = String(k);
      labels.append(label);
      return label;
    });
    this.#heatmap = new Heatmap(holder, {
      rows: ROWS,
      columns: CLASSES,
      label: `Verdict by row: ${ROWS} rows down, the ten digits across`,
      ...told,
    });
    this.tip = document.createElement("output");
    this.tip.className = "tip";
    this.tip.setAttribute("aria-live", "off");
    holder.append(this.tip);
  }

  /**
   * @param {{digit: ?number, closest: ?number, probabilities: Float32Array, verdict: Float32Array}} reading
   * @param {boolean} dark
   */
  draw(reading, dark) {
    this.#verdict = reading.verdict;
    this.#heatmap.draw(reading.verdict, { colours: "sequential", range: [0, 1], dark });
    this.digits.forEach((label, k) => label.classList.toggle("best", k === reading.digit));
    this.#heatmap.describe(reading.closest === null ? "" : `After the last row: ${inShort(reading)}.`);
    this.#write();
  }

  /** Mark a row, and a digit if there is one: its probability is written beside. @param {number} row @param {?number} digit */
  mark(row, digit) {
    this.#marked = { row, column: digit };
    this.#heatmap.mark(row, digit);
    this.tip.style.top = `${(100 * (row + 0.5)) / ROWS}%`;
    this.tip.style.left = `${(100 * ((digit ?? 0) + 0.5)) / CLASSES}%`;
    this.tip.classList.toggle("leftward", digit >= CLASSES / 2);
    this.#write();
  }

  /** Veil all rows from one on. @param {number} row */
  veil(row) {
    this.#heatmap.veil(row);
  }

  #write() {
    const { row, column } = this.#marked;
    this.tip.hidden = column === null || this.#verdict === null;
    if (this.tip.hidden) return this.#heatmap.say(`row ${row + 1}`);
    this.tip.textContent = percent(this.#verdict[row * CLASSES + column]);
    this.#heatmap.say(`row ${row + 1}: ${column} with ${this.tip.textContent}`);
  }
}
