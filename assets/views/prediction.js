/** The prediction: the digit, how sure, and ten bars. */

import { inShort, percent } from "../components/format.js";
import { CLASSES } from "../engine/dimensions.js";
import { classInFocus, show, watch } from "../state/state.js";

/** What is said instead of how sure it is. */
const NO_DIGIT = {
  blank: "nothing drawn yet",
  several: "More than one digit? It reads one at a time.",
  other: "Not a digit, as far as it can tell.",
};

/** @param {HTMLElement} holder */
export function prediction(holder) {
  const [sign, words, untouched, list, spoken] = [".answer strong", ".answer span", ".untouched", ".bars", ".spoken"].map(
    (part) => holder.querySelector(part),
  );
  const bars = Array.from({ length: CLASSES }, (_, k) => {
    const bar = document.createElement("li");
    bar.innerHTML = `<button type="button" title="Show the evidence for ${k}">${k}</button><span><i></i><s></s></span><output></output>`;
    bar.firstChild.addEventListener("click", () => show({ digit: k }));
    list.append(bar);
    const [fill, ghost, share] = ["i", "s", "output"].map((part) => bar.querySelector(part));
    return { bar, fill, ghost, share };
  });

  /** @type {number | undefined} */ let pause;
  watch(["reading", "untouched"], ({ reading, untouched: plain }) => {
    const { digit, why, closest } = reading ?? { digit: null, why: "blank", closest: null };
    const blank = why === "blank";
    holder.dataset.digit = digit === null && !blank ? "?" : String(digit ?? "");
    holder.classList.toggle("none", digit === null);
    sign.textContent = holder.dataset.digit || "–";
    words.textContent =
      digit === null ? NO_DIGIT[why] + (blank ? "" : `\nclosest: ${closest}`) : `${percent(reading.probabilities[digit])} sure`;
    words.classList.toggle("long", digit === null && !blank);
    untouched.hidden = blank || !plain;
    if (!untouched.hidden) untouched.textContent = `untouched: ${inShort(plain)}`;
    bars.forEach(({ bar, fill, ghost, share }, k) => {
      const probability = blank ? 0 : reading.probabilities[k];
      bar.classList.toggle("best", k === digit);
      fill.style.width = `${100 * probability}%`;
      ghost.hidden = blank || !plain || plain.probabilities[k] < 0.005;
      if (!ghost.hidden) ghost.style.left = `${100 * plain.probabilities[k]}%`;
      share.textContent = blank ? "" : percent(probability);
    });
    // Said aloud once the pen has rested, not at every frame.
    clearTimeout(pause);
    const said = blank ? "Blank" : digit === null ? words.textContent : `Read as ${digit}, ${words.textContent}`;
    pause = setTimeout(() => (spoken.textContent = said), 700);
  });
  watch(["reading"], ({ reading }) => {
    if (reading) holder.dataset.revision = String(Number(holder.dataset.revision) + 1);
  });
  watch(["digit", "reading"], (shown) => {
    const chosen = classInFocus(shown);
    bars.forEach(({ bar }, k) => bar.firstChild.setAttribute("aria-pressed", String(k === chosen)));
  });
}
