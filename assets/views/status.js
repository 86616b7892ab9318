/** What went wrong, in words, over the page. */

import { watch } from "../state/state.js";

/** @param {HTMLElement} status @param {HTMLElement} main  shows an earlier drawing's reading meanwhile */
export function status(status, main) {
  watch(["trouble", "notice"], ({ trouble, notice }) => {
    status.hidden = !trouble && !notice;
    status.textContent = trouble || notice;
    main.classList.toggle("stale", trouble !== "");
  });
}
