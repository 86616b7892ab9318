/** What survives: for every row, how much of what it wrote is still in the cell at the end, averaged over the units. */

import { signed } from "../components/format.js";
import { ROWS, UNITS } from "../engine/dimensions.js";
import { differing, rowInFocus, watch } from "../state/state.js";

/** @param {HTMLElement} means  gets a bar a row, beside the map @param {HTMLElement} note */
export function memory(means, note) {
  const bars = Array.from({ length: ROWS }, () => {
    const bar = document.createElement("i");
    means.append(bar);
    return bar;
  });
  /** Averaged over the units, of a row. @param {import("../state/state.js").Reading} reading @param {number} row */
  const meanOf = ({ memory }, row) => {
    let sum = 0;
    for (let unit = 0; unit < UNITS; unit++) sum += memory[row * UNITS + unit];
    return sum / UNITS;
  };
  const write = (/** @type {import("../state/state.js").Shown} */ shown) => {
    if (!shown.reading) return void (note.textContent = "");
    const row = rowInFocus(shown);
    const share = (/** @type {import("../state/state.js").Reading} */ reading) => `${signed(100 * meanOf(reading, row), 1)}%`;
    const pinned = differing(shown) ? `, and ${share(shown.pinned)} in the pinned reading` : "";
    note.textContent = `Of row ${row + 1}, ${share(shown.reading)} survives, averaged over the units${pinned}.`;
  };
  watch(["reading", "difference", "pinned"], (shown) => {
    const { reading } = shown;
    if (!reading) return;
    bars.forEach((bar, row) => (bar.style.width = `${100 * meanOf(reading, row)}%`));
    write(shown);
  });
  watch(["row", "pointed"], (shown) => {
    const row = rowInFocus(shown);
    bars.forEach((bar, k) => bar.classList.toggle("here", k === row));
    write(shown);
  });
}
