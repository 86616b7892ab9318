/** Ten digits that people wrote, to click. */

import { PAD } from "../state/drawing.js";

/** The ten, 0 first. @type {{strokes: import("../state/drawing.js").Stroke[][]}} */
export const { strokes: DIGITS } = await (await fetch(new URL("../data/examples.json", import.meta.url))).json();

/** @param {HTMLElement} holder @param {import("../state/drawing.js").Drawing} drawing */
export function examples(holder, drawing) {
  DIGITS.forEach((digit, k) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Example: a handwritten ${k}`);
    const lines = digit.map((stroke) => `<polyline points="${stroke.join(" ")}"/>`).join("");
    button.innerHTML = `<svg viewBox="0 0 ${PAD} ${PAD}" aria-hidden="true">${lines}</svg>`;
    button.addEventListener("click", () => drawing.replace({ strokes: digit }));
    holder.append(button);
  });
}
