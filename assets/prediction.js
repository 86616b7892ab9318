/** The prediction: the digit, how sure, and ten bars. */

import { CLASSES } from "./reading.js";
import { watch } from "./state.js";
import { percent } from "./words.js";

/** @param {HTMLElement} holder */
export function prediction(holder) {
  const [digit, sure, list] = [".answer strong", ".answer span", ".bars"].map((part) => holder.querySelector(part));
  const bars = Array.from({ length: CLASSES }, (_, k) => {
    const bar = document.createElement("li");
    bar.innerHTML = `<b>${k}</b><span><i></i></span><output></output>`;
    list.append(bar);
    return { bar, fill: bar.querySelector("i"), share: bar.querySelector("output") };
  });

  watch(["reading"], ({ reading }) => {
    const blank = !reading || reading.digit === null;
    holder.dataset.digit = blank ? "" : String(reading.digit);
    holder.classList.toggle("blank", blank);
    digit.textContent = blank ? "–" : String(reading.digit);
    sure.textContent = blank ? "nothing drawn yet" : `${percent(reading.probabilities[reading.digit])} sure`;
    bars.forEach(({ bar, fill, share }, k) => {
      const probability = reading?.probabilities[k] ?? 0;
      bar.classList.toggle("best", !blank && k === reading.digit);
      fill.style.width = `${100 * probability}%`;
      share.textContent = reading ? percent(probability) : "";
    });
  });
}
