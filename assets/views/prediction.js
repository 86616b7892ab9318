/** The prediction: the digit, how sure, and ten bars; while it is being read, as they stand after the row. */

import { inShort, percent } from "../components/format.js";
import { CLASSES } from "../engine/dimensions.js";
import { classInFocus, lastRead, now, show, watch } from "../state/state.js";

/** What is said instead of how sure it is. */
const NO_DIGIT = {
  blank: "nothing drawn yet",
  several: "More than one digit? It reads one at a time.",
  other: "Not a digit, as far as it can tell.",
};

/** @param {HTMLElement} holder @param {HTMLElement} after  says after which row */
export function prediction(holder, after) {
  const [sign, words, untouched, list, spoken] = [".answer strong", ".answer span", ".untouched", ".bars", ".spoken"].map(
    (part) => holder.querySelector(part),
  );
  watch(["said"], ({ said }) => (spoken.textContent = said)); // the only live region that is read aloud
  const bars = Array.from({ length: CLASSES }, (_, k) => {
    const bar = document.createElement("li");
    bar.innerHTML = `<button type="button" title="Show the evidence for ${k}">${k}</button><span><i></i><s></s></span><output aria-live="off"></output>`;
    bar.firstChild.addEventListener("click", () => show({ digit: k }));
    bar.dataset.digit = String(k);
    list.append(bar);
    const [fill, ghost, share] = ["i", "s", "output"].map((part) => bar.querySelector(part));
    return { bar, fill, ghost, share };
  });

  /** @type {number | undefined} */ let pause;

  /** @param {string} answer @param {string} said @param {?Float32Array} shares  null on a blank pad @param {?number} best */
  const write = (answer, said, shares, best) => {
    sign.textContent = answer;
    words.textContent = said;
    bars.forEach(({ bar, fill, share }, k) => {
      bar.classList.toggle("best", k === best);
      fill.style.width = shares ? `${100 * shares[k]}%` : "0";
      share.textContent = shares ? percent(shares[k]) : "";
    });
  };

  watch(["reading", "untouched", "readTo"], ({ reading, untouched: plain, readTo }) => {
    const { digit, why, closest } = reading ?? { digit: null, why: "blank", closest: null };
    const blank = why === "blank";
    holder.dataset.digit = digit === null && !blank ? "?" : String(digit ?? "");
    holder.dataset.by = reading?.by ?? "";
    after.textContent = `after row ${lastRead(now()) + 1}`;
    // It is of all rows, like the marks beside the bars.
    untouched.hidden = blank || !plain || readTo !== null;
    if (!untouched.hidden) untouched.textContent = `untouched: ${inShort(plain)}`;
    bars.forEach(({ ghost }, k) => {
      ghost.hidden = untouched.hidden || plain.probabilities[k] < 0.005;
      if (!ghost.hidden) ghost.style.left = `${100 * plain.probabilities[k]}%`;
    });
    if (readTo !== null && !blank) {
      const shares = reading.verdict.subarray(readTo * CLASSES, (readTo + 1) * CLASSES);
      const best = shares.indexOf(Math.max(...shares));
      return write(String(best), `${percent(shares[best])} after row ${readTo + 1}`, shares, best);
    }
    const said = digit === null ? NO_DIGIT[why] + (blank ? "" : `\nclosest: ${closest}`) : `${percent(reading.probabilities[digit])} sure`;
    write(holder.dataset.digit || "–", said, blank ? null : reading.probabilities, digit);
    holder.classList.toggle("none", digit === null);
    // Said aloud once the pen has rested, not at every frame.
    clearTimeout(pause);
    pause = setTimeout(() => show({ said: blank ? "Blank" : digit === null ? said : `Read as ${digit}, ${said}` }), 700);
  });
  watch(["reading"], ({ reading }) => {
    if (reading) holder.dataset.revision = String(Number(holder.dataset.revision) + 1);
  });
  watch(["digit", "reading"], (shown) => {
    const chosen = classInFocus(shown);
    bars.forEach(({ bar }, k) => bar.firstChild.setAttribute("aria-pressed", String(k === chosen)));
  });
}
