/** What went wrong, in words, over the page. */

import { watch } from "../state/state.js";

/** @param {HTMLElement} status @param {HTMLElement} main  shows an earlier drawing's reading meanwhile */
export function status(status, main) {
  const unloaded = status.textContent; // to be shown if what is still to come does not
  watch(["trouble", "notice"], ({ trouble, notice }) => {
    status.hidden = !trouble && !notice;
    status.textContent = trouble || notice || unloaded;
    main.classList.toggle("stale", trouble !== "");
  });
}
