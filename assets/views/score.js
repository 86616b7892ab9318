/** The score, how much speaks for a digit at all, beside the threshold below which the answer is "?". */

import { signed } from "../components/format.js";
import { watch } from "../state/state.js";

const [LOW, HIGH] = [-15, 20]; // ends of the scale; few drawings go beyond

/** @param {HTMLElement} figure */
export function score(figure) {
  const [needed, here, note] = [".needed", ".here", ".note"].map((part) => figure.querySelector(part));
  const left = (/** @type {number} */ value) => `${(100 * (Math.min(HIGH, Math.max(LOW, value)) - LOW)) / (HIGH - LOW)}%`;
  watch(["reading", "network"], ({ reading, network }) => {
    here.hidden = !reading || reading.closest === null;
    needed.hidden = !network;
    if (network) needed.style.left = left(network.leastScore);
    if (!network || here.hidden) return void (note.textContent = "Draw something, and its score stands here.");
    here.style.left = left(reading.score);
    const said = reading.digit === null ? "so the answer is ?" : "so it counts as a digit";
    note.textContent = `Its score is ${signed(reading.score, 1)}, the threshold is ${signed(network.leastScore, 1)}, ${said}.`;
  });
}
