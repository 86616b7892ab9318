/** What survives: for every row, how much of what it wrote is still in the cell at the end, averaged over the units. */

import { signed } from "../components/format.js";
import { ROWS, UNITS } from "../engine/dimensions.js";
import { rowInFocus, watch } from "../state/state.js";

/** @param {HTMLElement} means  gets a bar a row, beside the map @param {HTMLElement} note */
export function memory(means, note) {
  const bars = Array.from({ length: ROWS }, () => {
    const bar = document.createElement("i");
    means.append(bar);
    return bar;
  });
  /** @type {number[]} */ let mean = [];
  const write = (/** @type {import("../state/state.js").Shown} */ shown) => {
    const row = rowInFocus(shown);
    note.textContent = mean.length ? `Of row ${row + 1}, ${signed(100 * mean[row], 1)}% survives, averaged over the units.` : "";
  };
  watch(["reading"], (shown) => {
    const { reading } = shown;
    if (!reading) return;
    mean = bars.map((_, row) => {
      let sum = 0;
      for (let unit = 0; unit < UNITS; unit++) sum += reading.memory[row * UNITS + unit];
      return sum / UNITS;
    });
    bars.forEach((bar, row) => (bar.style.width = `${100 * mean[row]}%`));
    write(shown);
  });
  watch(["row", "pointed"], (shown) => {
    const row = rowInFocus(shown);
    bars.forEach((bar, k) => bar.classList.toggle("here", k === row));
    write(shown);
  });
}
