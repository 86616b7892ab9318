/** What happened, in words: sentences below the answer, each phrase of which leads to what it speaks of. */

import { story } from "../engine/story.js";
import { keep, now, watch } from "../state/state.js";

const REST = 250; // milliseconds without a new reading before it is told: nobody reads while drawing

/** @param {HTMLElement} holder */
export function storyOf(holder) {
  /** @type {number | undefined} */ let rest;
  let told = "";

  const tell = (/** @type {import("../state/state.js").Shown} */ { reading, network }) => {
    holder.classList.remove("waiting");
    const phrases = story(reading, network).flatMap((sentence) => [...sentence, { text: " " }]);
    const words = JSON.stringify(phrases);
    if (words === told) return;
    told = words;
    const focused = [...holder.children].indexOf(document.activeElement);
    holder.replaceChildren(...phrases.map(({ text, focus }) => (focus ? link(text, focus) : text)));
    if (focused >= 0) /** @type {HTMLElement} */ (holder.children[focused] ?? holder.lastElementChild)?.focus();
  };

  watch(["reading", "network"], (shown) => {
    clearTimeout(rest);
    if (!shown.reading || shown.reading.closest === null) return tell(shown);
    holder.classList.add("waiting"); // what stands there is of the reading before
    rest = setTimeout(() => tell(shown), REST);
  });
}

/** @param {string} text @param {import("../engine/story.js").Focus} focus */
function link(text, focus) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = text;
  button.addEventListener("click", () => keep({ row: now().row, ...focus, pointed: null }));
  return button;
}
