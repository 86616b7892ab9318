/** The verdict by row, of the present reading or of the pinned one. */

import { gradient } from "../components/colormap.js";
import { VerdictMap } from "../components/verdict.js";
import { keep, lastRead, rowInFocus, show, watch } from "../state/state.js";

/**
 * @param {HTMLElement} holder
 * @param {HTMLElement} labels  gets the ten digits that stand below
 * @param {"reading" | "pinned"} which  reading it shows
 */
export function verdict(holder, labels, which) {
  const map = new VerdictMap(holder, labels, {
    point: (place) => show({ pointed: place && { row: place.row, digit: place.column } }),
    pin: ({ row, column }) => keep({ row, digit: column }),
  });
  watch([which, "dark"], ({ [which]: reading, dark }) => reading && map.draw(reading, dark));
  watch(["row", "pointed", "digit"], (shown) => map.mark(rowInFocus(shown), shown.pointed?.digit ?? shown.digit));
  if (which === "reading") watch(["readTo"], (shown) => map.veil(lastRead(shown) + 1));
}

/** The colours from 0 to 1. @param {HTMLElement} bar */
export function verdictScale(bar) {
  watch(["dark"], ({ dark }) => (bar.style.background = gradient("sequential", dark)));
}
