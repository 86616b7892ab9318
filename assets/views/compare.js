/** A pinned reading beside the present one, and what small changes of the drawing do. */

import { drawInk } from "../components/canvas.js";
import { inShort } from "../components/format.js";
import { now, show, watch } from "../state/state.js";
import tables from "../data/tables.json" with { type: "json" };

/** @typedef {import("../state/state.js").Reading} Reading */

/** @param {HTMLElement} card */
export function compare(card) {
  const [pin, difference, variations, sides, note] = ["#pin", "#difference", "#variations", ".sides", ".note"].map((part) =>
    card.querySelector(part),
  );

  for (const which of /** @type {const} */ (["pinned", "reading"])) {
    const side = sides.querySelector(`.${which}`);
    const [canvas, says] = ["canvas", "b"].map((part) => side.querySelector(part));
    watch([which, "dark"], ({ [which]: reading, dark }) => {
      if (!reading) return;
      drawInk(canvas, reading.image, dark);
      says.textContent = inShort(reading);
    });
  }

  pin.addEventListener("click", () => {
    const { pinned, reading } = now();
    show(pinned ? { pinned: null, difference: false, vary: null } : { pinned: reading });
  });
  difference.addEventListener("click", () => show({ difference: !now().difference }));
  const buttons = tables.variations.map(({ id, name, tip }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.vary = id;
    button.textContent = name;
    button.title = tip;
    button.addEventListener("click", () => {
      const { pinned, reading, vary } = now();
      if (vary === id) return show({ difference: false, vary: null });
      const another = pinned && !reading.asked.vary && !ofSameDrawing(pinned, reading);
      if (!pinned || another) show({ pinned: reading }); // "same digit"
      show({ difference: true, vary: id });
    });
    variations.append(button);
    return button;
  });

  watch(["pinned", "reading"], ({ pinned, reading }) => {
    const drawn = reading !== null && reading.closest !== null;
    pin.textContent = pinned ? "Unpin" : "Pin this reading";
    pin.disabled = !pinned && !drawn;
    difference.disabled = !pinned;
    for (const button of buttons) button.disabled = !drawn;
    sides.hidden = !pinned;
    note.hidden = pinned !== null;
  });
  watch(["difference"], (shown) => difference.setAttribute("aria-pressed", String(shown.difference)));
  watch(["vary"], ({ vary }) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.vary === vary));
  });
}

/** Whether two readings are of the same drawing, however it was varied. @param {Reading} one @param {Reading} other */
function ofSameDrawing({ asked: one }, { asked: other }) {
  return JSON.stringify([one.strokes, one.image]) === JSON.stringify([other.strokes, other.image]);
}
