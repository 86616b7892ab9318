/** Pointing at a picture whose 28 rows run down: the row in focus follows, and a click keeps it. */

import { ROWS } from "../state/reading.js";
import { show } from "../state/state.js";

/** @param {HTMLElement} picture */
export function pointRows(picture) {
  const under = (/** @type {PointerEvent} */ event) => {
    const { top, height } = picture.getBoundingClientRect();
    return Math.min(ROWS - 1, Math.max(0, Math.floor(((event.clientY - top) / height) * ROWS)));
  };
  picture.addEventListener("pointermove", (event) => show({ pointed: { row: under(event) } }));
  picture.addEventListener("pointerleave", () => show({ pointed: null }));
  picture.addEventListener("pointerdown", (event) => show({ row: under(event), playing: false }));
}
