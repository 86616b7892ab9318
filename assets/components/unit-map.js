/** A map of 28 rows × 128 units, with its ticks, its scale, and the value in focus. */

import { gradient } from "./colormap.js";
import { signed } from "./format.js";
import { Heatmap } from "./heatmap.js";
import { ROWS, UNITS } from "../engine/dimensions.js";
import tables from "../data/tables.json" with { type: "json" };

/** @typedef {import("./heatmap.js").Place} Place @typedef {import("./heatmap.js").Scale} Scale */

/**
 * @typedef {Object} Kind
 * @property {string} id      the array of the reading that it shows
 * @property {string} title
 * @property {string} symbol  as in the equations
 * @property {string} does    in plain words
 * @property {string} tip     a sentence more, for those who wonder
 * @property {import("./colormap.js").ColourMap} colours
 * @property {[number, number]} range  the values at the two ends of the colours
 */

const REST = 700; // milliseconds

export class UnitMap {
  /** @type {Heatmap} */ #heatmap;
  /** @type {Scale} */ #scale;
  /** @type {number | undefined} */ #rest;

  /**
   * @param {HTMLElement} holder  gets a figure
   * @param {Kind} kind
   * @param {Object} told
   * @param {(place: ?Place) => void} told.point  where the pointer or the arrow keys are, and when they have left
   * @param {(place: Place) => void} told.pin     where was clicked, tapped or Enter was pressed
   * @param {(from: number, to: number, done: boolean) => void} told.brush  columns dragged over
   * @param {() => void} [told.enlarge]  that this map was chosen where it stands small; without it there is no button for that
   */
  constructor(holder, { id, title, symbol, does, tip }, told) {
    const figure = document.createElement("figure");
    figure.dataset.map = id;
    figure.innerHTML = `
      <figcaption>
        <b title="${tip}">${title.replace(" gate", "<span> gate</span>")} <i>${symbol}</i></b>
        <span class="does">${does}</span>
        <span class="scale"><span></span><i></i><span></span></span>
        <output aria-live="off"></output>
      </figcaption>
      <div class="beside">
        <ol class="row-ticks" aria-hidden="true">${tables.rowTicks.map((row) => `<li>${row + 1}</li>`).join("")}</ol>
        <div id="${id}" class="frame"></div>
        <ol class="unit-ticks" aria-hidden="true">${tables.unitTicks.map((place) => `<li>${place}</li>`).join("")}</ol>
      </div>`;
    holder.append(figure);
    this.figure = figure;
    this.title = title;
    this.words = figure.querySelector(".does");
    const ticks = [...figure.querySelectorAll(".unit-ticks li")];
    ticks.slice(0, -1).forEach((tick, k) => (tick.style.left = `${(100 * tables.unitTicks[k]) / UNITS}%`));
    this.axis = ticks[0].dataset;
    [this.text, this.low, this.colours, this.high] = [
      "output",
      ".scale span:first-child",
      ".scale i",
      ".scale span:last-child",
    ].map((part) => figure.querySelector(part));
    this.#heatmap = new Heatmap(figure.querySelector(".frame"), {
      rows: ROWS,
      columns: UNITS,
      label: named(title, does),
      ...told,
    });
    this.hatched = document.createElement("div");
    this.hatched.className = "hatch";
    this.hatched.hidden = true;
    figure.querySelector(".frame").append(this.hatched);
    if (!told.enlarge) return;
    const swap = document.createElement("button");
    swap.type = "button";
    swap.className = "swap";
    swap.setAttribute("aria-label", `${title}: show it large`);
    swap.addEventListener("click", told.enlarge);
    figure.append(swap);
  }

  /** Whether it is the large one, where only one is. @param {boolean} full */
  set full(full) {
    this.figure.classList.toggle("full", full);
  }

  /** How the values that are drawn next are coloured. @param {Scale} scale */
  set scale(scale) {
    const same = JSON.stringify(scale) === JSON.stringify(this.#scale);
    this.#scale = scale;
    if (same) return; // what follows costs a layout
    [this.low.textContent, this.high.textContent] = scale.range.map((end) => signed(end));
    this.colours.style.background = gradient(scale.colours, scale.dark);
  }

  /**
   * @param {Float32Array} values  28 × 128
   * @param {Uint8Array} columns   the unit in each column
   */
  draw(values, columns) {
    this.#heatmap.draw(values, this.#scale, columns);
    const counted = counts(columns);
    if (this.axis.counts !== counted) this.axis.counts = counted; // costs a layout
    // In words once the pen has rested: it is read aloud, and not at every frame.
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#heatmap.describe(summary(values)), REST);
  }

  /** Mark a row and a column. @param {number} row @param {number} column */
  mark(row, column) {
    this.#heatmap.mark(row, column);
  }

  /** What it shows, in words. @param {string} words */
  set does(words) {
    if (this.words.textContent === words) return; // what follows costs a layout
    this.words.textContent = words;
    this.#heatmap.label = named(this.title, words);
  }

  /** Veil all rows from one on. @param {number} row */
  veil(row) {
    this.#heatmap.veil(row);
  }

  /**
   * Hatch the values that are held, or none.
   * @param {?{first: number, last: number, column: ?number}} part  rows, and a column when it is only one
   */
  hatch(part) {
    this.hatched.hidden = part === null;
    if (!part) return;
    const { first, last, column } = part;
    Object.assign(this.hatched.style, {
      top: `${(100 * first) / ROWS}%`,
      height: `${(100 * (last + 1 - first)) / ROWS}%`,
      left: column === null ? "0" : `${(100 * column) / UNITS}%`,
      width: column === null ? "100%" : `${100 / UNITS}%`,
    });
  }

  /** Ring one cell, or none. @param {?Place} place */
  light(place) {
    this.#heatmap.light(place);
  }

  /** The value in focus; null for none. @param {?number} value @param {string} place  where it stands */
  say(value, place) {
    this.text.textContent = value === null ? "\u00a0" : signed(value, 2); // or the line would change its height
    this.#heatmap.say(value === null ? place : `${place}: ${signed(value, 2)}`);
  }
}

/** What a map is, for screen readers. @param {string} title @param {string} does */
const named = (title, does) => `${title}, ${does}: ${ROWS} rows down, ${UNITS} units across`;

/** What the numbers below the columns count. @param {Uint8Array} columns  the unit in each */
const counts = (columns) => (columns.every((unit, place) => unit === place) ? "unit" : "place");

/** A map in a sentence: its mean at the first row, in the middle and at the last. @param {Float32Array} values */
function summary(values) {
  const mean = (/** @type {number} */ row) =>
    signed(values.subarray(row * UNITS, (row + 1) * UNITS).reduce((sum, value) => sum + value, 0) / UNITS, 2);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return (
    `From ${signed(low, 2)} to ${signed(high, 2)}. ` +
    `Mean over the units: row 1 ${mean(0)}, row ${ROWS / 2} ${mean(ROWS / 2 - 1)}, row ${ROWS} ${mean(ROWS - 1)}.`
  );
}
