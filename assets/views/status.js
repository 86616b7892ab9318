/** What went wrong, in words, over the page. */

import { watch } from "../state/state.js";

/** @param {HTMLElement} status @param {HTMLElement} main  shows an earlier drawing's reading meanwhile */
export function status(status, main) {
  watch(["trouble"], ({ trouble }) => {
    status.hidden = !trouble;
    status.textContent = trouble;
    main.classList.toggle("stale", trouble !== "");
  });
}
