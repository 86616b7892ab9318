/** The page for a projector: larger, and only what a lecturer points at. By a button and by the key P. */

import { now, show, watch } from "../state/state.js";

/** @param {HTMLButtonElement} button @param {HTMLButtonElement} single  leaves one of the six maps */
export function present(button, single) {
  button.addEventListener("click", () => show({ presenting: !now().presenting }));
  single.addEventListener("click", () => show({ single: !now().single }));
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.matches("select, input:not([type=range])")) return;
    if (!button.offsetParent) return; // the window is too small for it
    show({ presenting: !now().presenting });
  });
  watch(["presenting", "single"], ({ presenting, single: one }) => {
    button.setAttribute("aria-pressed", String(presenting));
    button.textContent = presenting ? "End" : "Present";
    single.textContent = one ? "All six maps" : "One map";
    document.body.classList.toggle("presenting", presenting);
    document.body.classList.toggle("single", presenting && one);
    if (presenting) scrollTo(0, 0);
  });
}
