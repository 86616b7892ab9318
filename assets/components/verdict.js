/** The verdict by row: what the network would say if it stopped there. 28 rows down, 10 digits across. */

import { Heatmap } from "./heatmap.js";
import { CLASSES, ROWS } from "../state/reading.js";
import { rowInFocus, show, watch } from "../state/state.js";
import { inShort, percent } from "./format.js";

/** @type {import("./heatmap.js").Scale} */
const SHARE = { colours: "sequential", range: [0, 1] };

/**
 * @param {HTMLElement} holder
 * @param {HTMLElement} labels  gets the ten digits that stand below
 * @param {"reading" | "pinned"} which  reading it shows
 */
export function verdict(holder, labels, which) {
  const digits = Array.from({ length: CLASSES }, (_, k) => {
    const label = document.createElement("li");
    label.textContent = String(k);
    labels.append(label);
    return label;
  });
  const heatmap = new Heatmap(holder, {
    rows: ROWS,
    columns: CLASSES,
    label: "Verdict by row: 28 rows down, the ten digits across",
    point: (place) => show({ pointed: place && { row: place.row, digit: place.column } }),
    pin: ({ row, column }) => show({ row, digit: column, playing: false }),
  });
  const tip = document.createElement("output");
  tip.className = "tip";
  holder.append(tip);

  const write = (/** @type {import("../state/state.js").Shown} */ shown) => {
    const digit = shown.pointed?.digit;
    tip.hidden = digit === undefined || !shown[which];
    if (!tip.hidden) tip.textContent = percent(shown[which].verdict[rowInFocus(shown) * CLASSES + digit]);
  };

  watch([which, "dark"], (shown) => {
    if (!shown[which]) return;
    heatmap.draw(shown[which].verdict, SHARE);
    const best = shown[which].digit;
    digits.forEach((label, k) => label.classList.toggle("best", k === best));
    heatmap.describe(shown[which].closest === null ? "" : `After the last row: ${inShort(shown[which])}.`);
    write(shown);
  });
  watch(["row", "pointed"], (shown) => {
    const row = rowInFocus(shown);
    const digit = shown.pointed?.digit ?? null;
    heatmap.mark(row, digit);
    tip.style.top = `${(100 * (row + 0.5)) / ROWS}%`;
    tip.style.left = `${(100 * ((digit ?? 0) + 0.5)) / CLASSES}%`;
    tip.classList.toggle("leftward", digit >= CLASSES / 2);
    write(shown);
  });
}
