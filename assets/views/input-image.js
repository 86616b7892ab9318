/** What the network reads: the 28 × 28 image enlarged, what was not read yet veiled. */

import { drawInk, pointRows } from "../components/canvas.js";
import { cssColour } from "../components/colormap.js";
import { rowEvidence } from "../engine/attribution.js";
import { ROWS } from "../engine/dimensions.js";
import { keep, lastRead, now, pointAtRow, rowInFocus, show, watch } from "../state/state.js";

/** @param {HTMLElement} holder @param {HTMLButtonElement} overlay  lays the evidence over the rows */
export function inputImage(holder, overlay) {
  const [canvas, tint, unread] = ["canvas", ".tint", ".unread"].map((part) => holder.querySelector(part));

  const mark = document.createElement("div"); // where the line through the pictures has no place
  mark.className = "row-mark";
  holder.append(mark);

  pointRows(canvas, pointAtRow, (row) => keep({ row }));
  overlay.addEventListener("click", () => show({ overlay: !now().overlay }));

  watch(["reading", "dark"], ({ reading, dark }) => reading && drawInk(canvas, reading.image, dark));
  watch(["row", "pointed"], (shown) => (mark.style.top = `${(100 * rowInFocus(shown)) / ROWS}%`));
  watch(["readTo"], (shown) => (unread.style.top = `${(100 * (lastRead(shown) + 1)) / ROWS}%`));
  watch(["overlay", "reading", "digit", "against", "dark"], (shown) => {
    overlay.setAttribute("aria-pressed", String(shown.overlay));
    const bars = rowEvidence(shown);
    tint.hidden = !shown.overlay || !bars;
    if (tint.hidden) return;
    const most = Math.max(...bars.map(Math.abs), 1e-6);
    const bands = Array.from(bars, (value, row) => {
      const colour = cssColour("diverging", (value / most + 1) / 2, shown.dark);
      return `${colour} ${(100 * row) / ROWS}% ${(100 * (row + 1)) / ROWS}%`;
    });
    tint.style.background = `linear-gradient(${bands.join(", ")})`;
  });
}
