/** What the network reads: the 28 × 28 image enlarged, the row in focus marked, the rows after it faded. */

import { cssColour } from "../components/colormap.js";
import { rowEvidence } from "./evidence.js";
import { drawInk } from "../components/ink.js";
import { pointRows } from "../components/point.js";
import { ROWS } from "../state/reading.js";
import { now, rowInFocus, show, watch } from "../state/state.js";

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
    const most = Math.max(...bars.map(Math.abs), 1e-6);
    const bands = Array.from(bars, (value, row) => {
      const colour = cssColour("diverging", (value / most + 1) / 2);
      return `${colour} ${(100 * row) / ROWS}% ${(100 * (row + 1)) / ROWS}%`;
    });
    tint.style.background = `linear-gradient(${bands.join(", ")})`;
  });
}
