/** The prediction: the digit, how sure, and ten bars. */

import { CLASSES } from "./reading.js";
import { classInFocus, show, watch } from "./state.js";
import { percent } from "./words.js";

/** @param {HTMLElement} holder */
export function prediction(holder) {
  const [digit, sure, untouched, list, spoken] = [".answer strong", ".answer span", ".untouched", ".bars", ".spoken"].map(
    (part) => holder.querySelector(part),
  );
  const bars = Array.from({ length: CLASSES }, (_, k) => {
    const bar = document.createElement("li");
    bar.innerHTML = `<button type="button" title="Show the evidence for ${k}"><b>${k}</b><span><i></i><s></s></span><output></output></button>`;
    bar.firstChild.addEventListener("click", () => show({ digit: k }));
    list.append(bar);
    const [fill, ghost, share] = ["i", "s", "output"].map((part) => bar.querySelector(part));
    return { bar, fill, ghost, share };
  });

  /** @type {number | undefined} */ let pause;
  watch(["reading", "untouched"], ({ reading, untouched: plain }) => {
    const blank = !reading || reading.digit === null;
    holder.dataset.digit = blank ? "" : String(reading.digit);
    holder.classList.toggle("blank", blank);
    digit.textContent = blank ? "–" : String(reading.digit);
    sure.textContent = blank ? "nothing drawn yet" : `${percent(reading.probabilities[reading.digit])} sure`;
    untouched.hidden = blank || !plain;
    if (!untouched.hidden) untouched.textContent = `untouched: ${plain.digit}, ${percent(plain.probabilities[plain.digit])}`;
    bars.forEach(({ bar, fill, ghost, share }, k) => {
      const probability = blank ? 0 : reading.probabilities[k];
      bar.classList.toggle("best", !blank && k === reading.digit);
      fill.style.width = `${100 * probability}%`;
      ghost.hidden = blank || !plain || plain.probabilities[k] < 0.005;
      if (!ghost.hidden) ghost.style.left = `${100 * plain.probabilities[k]}%`;
      share.textContent = blank ? "" : percent(probability);
    });
    // Said aloud once the pen has rested, not at every frame.
    clearTimeout(pause);
    pause = setTimeout(() => (spoken.textContent = blank ? "Blank" : `Read as ${reading.digit}, ${sure.textContent}`), 700);
  });
  watch(["digit", "reading"], (shown) => {
    const chosen = classInFocus(shown);
    bars.forEach(({ bar }, k) => bar.firstChild.setAttribute("aria-pressed", String(k === chosen)));
  });
}
