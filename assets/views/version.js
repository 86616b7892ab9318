/** Which version of a site of files this is, whether it is kept for use without a network, and the way to a newer one. */

import { watch } from "../state/state.js";

/** @param {HTMLElement} line  hidden where a server reads: that is always of one version @param {() => void} takeNewer */
export function version(line, takeNewer) {
  const { version } = document.documentElement.dataset;
  if (!version) return;
  line.hidden = false;
  const [words, button] = [line.querySelector("span"), line.querySelector("button")];
  button.addEventListener("click", takeNewer);
  watch(["kept", "newer"], ({ kept, newer }) => {
    words.textContent = `Version ${version}${kept ? ", kept in this browser for use without a network" : ""}.`;
    button.hidden = !newer;
  });
}
