/** A pinned reading beside the present one, and what small changes of the drawing do. */

import { drawInk } from "../components/ink.js";
import { now, show, watch } from "../state/state.js";
import { verdict } from "../components/verdict.js";
import { inShort } from "../components/format.js";

/** @param {HTMLElement} card */
export function compare(card) {
  const [pin, difference, sides, note] = ["#pin", "#difference", ".sides", ".note"].map((part) => card.querySelector(part));

  for (const which of /** @type {const} */ (["pinned", "reading"])) {
    const side = sides.querySelector(`.${which}`);
    const [canvas, says, frame, labels] = ["canvas", "b", ".frame", ".digits"].map((part) => side.querySelector(part));
    verdict(frame, labels, which);
    watch([which, "dark"], ({ [which]: reading }) => {
      if (!reading) return;
      drawInk(canvas, reading.image);
      says.textContent = inShort(reading);
    });
  }

  pin.addEventListener("click", () => {
    const { pinned, reading } = now();
    show(pinned ? { pinned: null, difference: false, vary: null } : { pinned: reading });
  });
  difference.addEventListener("click", () => show({ difference: !now().difference }));
  for (const button of card.querySelectorAll("[data-vary]"))
    button.addEventListener("click", () => {
      if (!now().pinned) show({ pinned: now().reading });
      show({ difference: true, vary: button.dataset.vary });
    });

  watch(["pinned", "reading"], ({ pinned, reading }) => {
    const drawn = reading !== null && reading.closest !== null;
    pin.textContent = pinned ? "Unpin" : "Pin this reading";
    pin.disabled = !pinned && !drawn;
    difference.disabled = !pinned;
    for (const button of card.querySelectorAll("[data-vary]")) button.disabled = !drawn;
    sides.hidden = !pinned;
    note.hidden = pinned !== null;
  });
  watch(["difference"], (shown) => difference.setAttribute("aria-pressed", String(shown.difference)));
  watch(["vary"], ({ vary }) => {
    for (const button of card.querySelectorAll("[data-vary]"))
      button.setAttribute("aria-pressed", String(button.dataset.vary === vary));
  });
}
