/** The verdict by row: what the network would say if it stopped there. 28 rows down, 10 digits across. */

import { Heatmap } from "./heatmap.js";
import { CLASSES, ROWS } from "./reading.js";
import { focus, show, watch } from "./state.js";
import { percent } from "./words.js";

/** @param {HTMLElement} holder @param {HTMLElement} digits  the labels below */
export function verdict(holder, digits) {
  const labels = Array.from({ length: CLASSES }, (_, k) => {
    const label = document.createElement("li");
    label.textContent = String(k);
    digits.append(label);
    return label;
  });
  const heatmap = new Heatmap(holder, {
    rows: ROWS,
    columns: CLASSES,
    map: "sequential",
    range: [0, 1],
    label: "Verdict by row: 28 rows down, the ten digits across",
    point: (place) => show({ pointed: place && { row: place.row, digit: place.column } }),
    pin: ({ row }) => show({ row, playing: false }),
  });
  const tip = document.createElement("output");
  tip.className = "tip";
  holder.append(tip);

  const write = () => {
    tip.hidden = heatmap.value === null;
    if (!tip.hidden) tip.textContent = percent(heatmap.value);
  };

  watch(["reading", "dark"], ({ reading }) => {
    if (!reading) return;
    heatmap.draw(reading.verdict);
    labels.forEach((label, k) => label.classList.toggle("best", k === reading.digit));
    write();
  });
  watch(["row", "pointed"], (shown) => {
    const row = focus(shown);
    const digit = shown.pointed?.digit ?? null;
    heatmap.mark(row, digit);
    tip.style.top = `${(100 * (row + 0.5)) / ROWS}%`;
    tip.style.left = `${(100 * ((digit ?? 0) + 0.5)) / CLASSES}%`;
    tip.classList.toggle("leftward", digit >= CLASSES / 2);
    write();
  });
}
