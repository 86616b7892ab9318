/** The row slider, and the button that lets the network read row by row. */

import { ROWS } from "../engine/dimensions.js";
import { rowInFocus, show, watch } from "../state/state.js";

const ROW_TIME = 110; // milliseconds on each row
const CALM_ROW_TIME = 400; // for those who asked for less motion

/**
 * @param {HTMLInputElement} slider @param {HTMLButtonElement} button @param {HTMLOutputElement} text
 * @param {HTMLElement} line  the mark on the row, through the pictures beside one another
 */
export function player(slider, button, text, line) {
  /** @type {number | undefined} */ let timer;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  slider.addEventListener("input", () => show({ row: slider.valueAsNumber, playing: false, pointed: null }));
  button.addEventListener("click", () => {
    const playing = timer === undefined;
    show({ playing, pointed: null });
  });

  watch(["playing"], ({ playing, row }) => {
    clearInterval(timer);
    timer = undefined;
    button.querySelector(".word").textContent = playing ? "Pause" : "Read";
    button.classList.toggle("playing", playing);
    if (!playing) return;
    let next = row === ROWS - 1 ? 0 : row + 1;
    const step = () => {
      show({ row: next });
      next += 1;
      if (next === ROWS) show({ playing: false });
    };
    timer = setInterval(step, calm.matches ? CALM_ROW_TIME : ROW_TIME);
    step();
  });

  watch(["row", "pointed"], (shown) => {
    slider.value = String(shown.row);
    slider.setAttribute("aria-valuetext", `row ${shown.row + 1} of ${ROWS}`);
    text.textContent = `row ${rowInFocus(shown) + 1}`;
    line.style.top = `${(100 * rowInFocus(shown)) / ROWS}%`;
  });
}
