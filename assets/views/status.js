/** What went wrong, in words, in the header; at the foot of the window while that is out of sight. */

import { watch } from "../state/state.js";

/** What is said while the browser reads in the server's place. */
const INSTEAD = {
  away: "The server is away; your browser reads.",
  busy: "The server is busy; your browser reads.",
  slow: "The server is slow; your browser reads.",
};

/** @param {HTMLElement} status @param {HTMLElement} main  shows an earlier drawing's reading meanwhile */
export function status(status, main) {
  const place = ([{ intersectionRatio }]) => status.classList.toggle("floating", intersectionRatio < 0.5);
  new IntersectionObserver(place, { threshold: 0.5 }).observe(status.parentElement);
  watch(["trouble", "notice", "away"], ({ trouble, notice, away }) => {
    const words = trouble || notice || INSTEAD[away] || "";
    status.hidden = !words;
    status.textContent = words;
    main.classList.toggle("stale", trouble !== "");
  });
}
