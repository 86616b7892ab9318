/** Ten digits that people wrote, to click. */

import { PAD } from "./drawing.js";

/**
 * @param {HTMLElement} holder
 * @param {import("./drawing.js").Drawing} drawing
 * @returns {Promise<import("./drawing.js").Stroke[][]>} the ten, 0 first
 */
export async function examples(holder, drawing) {
  const reply = await fetch(new URL("examples.json", import.meta.url));
  /** @type {{strokes: import("./drawing.js").Stroke[][]}} */
  const { strokes } = await reply.json();
  strokes.forEach((digit, k) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Example: a handwritten ${k}`);
    const lines = digit.map((stroke) => `<polyline points="${stroke.join(" ")}"/>`).join("");
    button.innerHTML = `<svg viewBox="0 0 ${PAD} ${PAD}" aria-hidden="true">${lines}</svg>`;
    button.addEventListener("click", () => drawing.replace({ strokes: digit }));
    holder.append(button);
  });
  return strokes;
}
