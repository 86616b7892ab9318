/** A map of 28 rows × 128 units, with the digit's own rows beside it, its scale, and the value in focus. */

import { gradient } from "./colormap.js";
import { Heatmap } from "./heatmap.js";
import { drawInk } from "./ink.js";
import { ROWS, UNITS } from "../state/reading.js";
import { now, rowInFocus, show, unitInFocus, watch } from "../state/state.js";
import { signed } from "./format.js";

const REST = 700; // milliseconds

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

/** @param {HTMLElement} holder @param {Kind} kind */
export function unitMap(holder, { id, title, symbol, does, tip, colours, range }) {
  const figure = document.createElement("figure");
  figure.innerHTML = `
    <figcaption>
      <b title="${tip}">${title} <i>${symbol}</i></b> <output></output>
      <span class="does">${does}</span>
      <span class="scale"></span>
    </figcaption>
    <div class="beside">
      <div class="strip" aria-hidden="true">
        <canvas width="${ROWS}" height="${ROWS}"></canvas>
        <div class="row-mark"></div>
      </div>
      <div id="${id}" class="frame"></div>
    </div>`;
  holder.append(figure);
  const [, far] = range; // a difference may go as far either way
  const [strip, rowMark, text, ends] = [".strip canvas", ".strip .row-mark", "output", ".scale"].map((part) =>
    figure.querySelector(part),
  );

  const place = (/** @type {import("./heatmap.js").Place} */ { row, column }) => ({ row, unit: now().columns[column] });
  const heatmap = new Heatmap(figure.querySelector(".frame"), {
    rows: ROWS,
    columns: UNITS,
    label: `${title}, ${does}: 28 rows down, 128 units across`,
    point: (at) => show({ pointed: at && { ...place(at), map: id } }),
    pin: (at) => show({ ...place(at), playing: false }),
    brush: (from, to, done) => {
      if (!now().brush) return;
      show({ silence: [...now().columns.slice(from, to + 1)].sort((a, b) => a - b), brush: !done });
    },
  });

  /** @type {?Float32Array} */ let values = null;
  /** @type {import("./heatmap.js").Scale} */ let scale;
  /** @type {number | undefined} */ let rest;
  const write = (/** @type {import("../state/state.js").Shown} */ shown) => {
    text.textContent = values ? signed(values[rowInFocus(shown) * UNITS + unitInFocus(shown)], 2) : "";
  };

  const apart = (/** @type {import("../state/state.js").Shown} */ shown) => shown.difference && shown.pinned !== null;
  watch(["pinned", "difference", "dark"], (shown) => {
    scale = apart(shown) ? { colours: "diverging", range: [-far, far] } : { colours, range };
    const [low, high] = scale.range.map((end) => signed(end));
    ends.innerHTML = `${low}<i style="background: ${gradient(scale.colours)}"></i>${high}`;
  });

  watch(["reading", "pinned", "difference", "dark", "columns"], (shown) => {
    const { reading, pinned, columns } = shown;
    if (!reading) return;
    values = apart(shown) ? reading[id].map((value, k) => value - pinned[id][k]) : reading[id];
    heatmap.draw(values, scale, columns);
    drawInk(strip, reading.image);
    write(shown);
    // In words once the pen has rested: it is read aloud, and not at every frame.
    clearTimeout(rest);
    rest = setTimeout(() => heatmap.describe(summary(values)), REST);
  });

  watch(["row", "unit", "pointed", "columns"], (shown) => {
    const row = rowInFocus(shown);
    heatmap.mark(row, shown.columns.indexOf(unitInFocus(shown)));
    rowMark.style.top = `${(100 * row) / ROWS}%`;
    write(shown);
  });

  watch(["lit", "unit", "pointed", "columns"], (shown) => {
    const { lit, columns } = shown;
    heatmap.light(lit?.map === id && lit.row >= 0 ? { row: lit.row, column: columns.indexOf(unitInFocus(shown)) } : null);
  });
}

/** A map in a sentence: its mean at the first row, in the middle and at the last. @param {Float32Array} values */
function summary(values) {
  const mean = (/** @type {number} */ row) =>
    signed(values.subarray(row * UNITS, (row + 1) * UNITS).reduce((sum, value) => sum + value, 0) / UNITS, 2);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return (
    `From ${signed(low, 2)} to ${signed(high, 2)}. ` +
    `Mean over the units: row 1 ${mean(0)}, row 14 ${mean(13)}, row ${ROWS} ${mean(ROWS - 1)}.`
  );
}
