/** Ten digits that people wrote, to click. */

import { thumbnail } from "../components/thumbnail.js";
import { PAD } from "../state/drawing.js";
import digits from "../data/examples.json" with { type: "json" };

/** The ten, 0 first. @type {import("../state/drawing.js").Stroke[][]} */
export const DIGITS = digits.strokes;
for (const stroke of DIGITS.flat()) Object.freeze(stroke); // they are shared: a drawing adds strokes, and changes none

/** @param {HTMLElement} holder @param {HTMLButtonElement} opener  of the holder, where there is no room for it at all times @param {import("../state/drawing.js").Drawing} drawing */
export function examples(holder, opener, drawing) {
  const open = (/** @type {boolean} */ on) => {
    opener.setAttribute("aria-expanded", String(on));
    holder.classList.toggle("open", on);
  };
  const isOpen = () => holder.classList.contains("open");
  opener.addEventListener("click", () => open(!isOpen()));
  document.addEventListener("pointerdown", ({ target }) => {
    const ours = target instanceof Node && (holder.contains(target) || opener.contains(target));
    if (isOpen() && !ours) open(false); // it lies over a part of the pad
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !isOpen()) return;
    open(false);
    opener.focus();
  });
  DIGITS.forEach((digit, k) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Example: a handwritten ${k}`);
    button.innerHTML = thumbnail(digit, PAD);
    button.addEventListener("click", () => {
      drawing.replace({ strokes: digit });
      if (!isOpen()) return;
      open(false);
      opener.focus({ preventScroll: true }); // the button that was pressed is hidden now
    });
    holder.append(button);
  });
}
