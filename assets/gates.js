/** The six maps of what the LSTM did: 28 rows down, 128 units across, with the digit's own rows beside each. */

import { Heatmap } from "./heatmap.js";
import { drawInk } from "./ink.js";
import { ROWS, UNITS } from "./reading.js";
import { focus, show, watch } from "./state.js";
import { signed } from "./words.js";

/** How far the cell's map reaches; few cells ever go further, and those are drawn at its end. */
const CELL_RANGE = 3;

const MAPS = /** @type {const} */ ([
  { id: "input_gate", title: "Input gate", symbol: "i", does: "how much of this row to write", map: "sequential", range: [0, 1] },
  { id: "forget_gate", title: "Forget gate", symbol: "f", does: "how much memory to keep", map: "sequential", range: [0, 1] },
  { id: "output_gate", title: "Output gate", symbol: "o", does: "how much memory to show", map: "sequential", range: [0, 1] },
  { id: "candidate", title: "Candidate", symbol: "g", does: "what would be written", map: "diverging", range: [-1, 1] },
  { id: "cell", title: "Cell", symbol: "c", does: "the memory itself", map: "diverging", range: [-CELL_RANGE, CELL_RANGE] },
  { id: "hidden", title: "Hidden", symbol: "h", does: "what the unit says", map: "diverging", range: [-1, 1] },
]);

/**
 * @param {HTMLElement} holder
 * @param {HTMLElement} cursorText  says which row and unit are pointed at
 */
export function gates(holder, cursorText) {
  const maps = MAPS.map(({ id, title, symbol, does, map, range }) => {
    const figure = document.createElement("figure");
    figure.innerHTML = `
      <figcaption>
        <b>${title} <i>${symbol}</i></b> <output></output>
        <span class="does">${does}</span>
        <span class="scale" data-colours="${map}">${signed(range[0])}<i></i>${signed(range[1])}</span>
      </figcaption>
      <div class="beside">
        <div class="strip" aria-hidden="true">
          <canvas width="${ROWS}" height="${ROWS}"></canvas>
          <div class="row-mark"></div>
        </div>
        <div id="${id}" class="frame"></div>
      </div>`;
    holder.append(figure);
    const heatmap = new Heatmap(figure.querySelector(`#${id}`), {
      rows: ROWS,
      columns: UNITS,
      map,
      range,
      label: `${title}, ${does}: 28 rows down, 128 units across`,
      point: (place) => show({ pointed: place && { row: place.row, unit: place.column } }),
      pin: ({ row }) => show({ row, playing: false }),
    });
    const [strip, rowMark, value] = [".strip canvas", ".strip .row-mark", "output"].map((s) => figure.querySelector(s));
    return { id, heatmap, strip, rowMark, value };
  });

  const write = () => {
    for (const { heatmap, value } of maps) value.textContent = heatmap.value === null ? "" : signed(heatmap.value, 2);
  };

  watch(["reading", "dark"], ({ reading }) => {
    if (!reading) return;
    for (const { id, heatmap, strip } of maps) {
      heatmap.draw(reading[id]);
      drawInk(strip, reading.image);
    }
    write();
  });

  watch(["row", "pointed"], (shown) => {
    const row = focus(shown);
    const unit = shown.pointed?.unit ?? null;
    for (const { heatmap, rowMark } of maps) {
      heatmap.mark(row, unit);
      rowMark.style.top = `${(100 * row) / ROWS}%`;
    }
    cursorText.textContent = unit === null ? "" : `row ${row + 1} · unit ${unit}`;
    write();
  });
}
