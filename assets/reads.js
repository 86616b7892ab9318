/** What the network reads: the 28 × 28 image enlarged, the row in focus marked, the rows after it faded. */

import { drawInk } from "./ink.js";
import { ROWS } from "./reading.js";
import { focus, show, watch } from "./state.js";

/** @param {HTMLElement} holder */
export function reads(holder) {
  const [canvas, unread, mark] = ["canvas", ".unread", ".row-mark"].map((part) => holder.querySelector(part));

  const under = (/** @type {PointerEvent} */ event) => {
    const { top, height } = canvas.getBoundingClientRect();
    return Math.min(ROWS - 1, Math.max(0, Math.floor(((event.clientY - top) / height) * ROWS)));
  };
  canvas.addEventListener("pointermove", (event) => show({ pointed: { row: under(event) } }));
  canvas.addEventListener("pointerleave", () => show({ pointed: null }));
  canvas.addEventListener("pointerdown", (event) => show({ row: under(event), playing: false }));

  watch(["reading", "dark"], ({ reading }) => reading && drawInk(canvas, reading.image));
  watch(["row", "pointed"], (shown) => {
    const row = focus(shown);
    mark.style.top = `${(100 * row) / ROWS}%`;
    unread.style.top = `${(100 * (row + 1)) / ROWS}%`;
  });
}
