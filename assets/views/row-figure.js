/** Beside the chapter on rows: the row in focus as the network gets it, and what it says after it. */

import { drawInk, pointRows } from "../components/canvas.js";
import { percent } from "../components/format.js";
import { CLASSES, PIXELS, ROWS } from "../engine/dimensions.js";
import { keep, pointAtRow, rowInFocus, watch } from "../state/state.js";

/** @param {HTMLElement} figure */
export function rowFigure(figure) {
  const [title, canvas, mark, holder, slider, note] = ["h4 span", "canvas", ".row-mark", ".pixels", "input", ".note"].map(
    (part) => figure.querySelector(part),
  );
  const bars = Array.from({ length: PIXELS }, () => holder.appendChild(document.createElement("i")));
  pointRows(canvas, pointAtRow, (row) => keep({ row }));
  slider.addEventListener("input", () => keep({ row: slider.valueAsNumber, pointed: null }));

  watch(["reading", "dark"], ({ reading, dark }) => reading && drawInk(canvas, reading.image, dark));
  watch(["reading", "row", "pointed"], (shown) => {
    const row = rowInFocus(shown);
    const { reading } = shown;
    title.textContent = `Row ${row + 1} comes in`;
    mark.style.top = `${(100 * row) / ROWS}%`;
    slider.value = String(row);
    slider.setAttribute("aria-valuetext", `row ${row + 1} of ${ROWS}`);
    bars.forEach((bar, k) => (bar.style.height = `${100 * (reading?.image[row * PIXELS + k] ?? 0)}%`));
    note.textContent = !reading || reading.closest === null ? "Draw a digit, and its rows come in here." : says(reading.verdict, row);
  });
}

/** The three digits that are most probable after a row. @param {Float32Array} verdict @param {number} row */
function says(verdict, row) {
  const p = (/** @type {number} */ k) => verdict[row * CLASSES + k];
  const three = Array.from({ length: CLASSES }, (_, k) => k).sort((a, b) => p(b) - p(a)).slice(0, 3);
  return `If it stopped here, it would say ${three.map((k) => `${k} with ${percent(p(k))}`).join(", ")}.`;
}
