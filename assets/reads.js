/** What the network reads: the 28 × 28 image enlarged, the row in focus marked, the rows after it faded. */

import { colourTable } from "./colours.js";
import { rowEvidence } from "./evidence.js";
import { drawInk } from "./ink.js";
import { pointRows } from "./point.js";
import { ROWS } from "./reading.js";
import { now, rowInFocus, show, watch } from "./state.js";

/** @param {HTMLElement} holder @param {HTMLButtonElement} overlay  lays the evidence over the rows */
export function reads(holder, overlay) {
  const [canvas, tint, unread, mark] = ["canvas", ".tint", ".unread", ".row-mark"].map((part) =>
    holder.querySelector(part),
  );

  pointRows(canvas);
  overlay.addEventListener("click", () => show({ overlay: !now().overlay }));

  watch(["reading", "dark"], ({ reading }) => reading && drawInk(canvas, reading.image));
  watch(["row", "pointed"], (shown) => {
    const row = rowInFocus(shown);
    mark.style.top = `${(100 * row) / ROWS}%`;
    unread.style.top = `${(100 * (row + 1)) / ROWS}%`;
  });
  watch(["overlay", "reading", "digit", "against", "dark"], (shown) => {
    overlay.setAttribute("aria-pressed", String(shown.overlay));
    const bars = rowEvidence(shown);
    tint.hidden = !shown.overlay || !bars;
    if (tint.hidden) return;
    const table = colourTable("diverging");
    const most = Math.max(...bars.map(Math.abs), 1e-6);
    const picture = new ImageData(1, ROWS);
    const pixels = new Uint32Array(picture.data.buffer);
    bars.forEach((value, row) => (pixels[row] = table[Math.round(((value / most + 1) / 2) * (table.length - 1))]));
    tint.getContext("2d").putImageData(picture, 0, 0);
  });
}
