/** Read: runs through the rows, or goes through them by the slider or by keys, and everything shows what was read so far. */

import { ROWS } from "../engine/dimensions.js";
import { now, rowInFocus, show, watch } from "../state/state.js";

/** @typedef {import("../state/state.js").Shown} Shown */

const ROW_TIME = 250; // milliseconds on each row
const LAST = ROWS - 1;

/** What shows that it was read down to a row; after the last one nothing is unread. @param {number} row @returns {Partial<Shown>} */
const readTo = (row) => ({ row, readTo: row < LAST ? row : null, placed: now().placed, pointed: null });

/** The same by hand, which keeps the row. @param {number} row @returns {Partial<Shown>} */
const goTo = (row) => ({ ...readTo(row), placed: true, playing: false });

/**
 * @param {HTMLElement} holder  of the button, the slider, the pace and what says the row
 * @param {HTMLElement} line  the mark on the row, through the pictures beside one another
 */
export function player(holder, line) {
  const [button, slider, text, pace, loop] = ["#play", "#row", "#row-text", "#pace", "#loop"].map((part) =>
    holder.querySelector(part),
  );
  const word = button.querySelector(".word");
  /** @type {number | undefined} */ let timer;

  const step = (/** @type {number} */ by) => show(goTo(Math.min(LAST, Math.max(0, now().row + by))));
  slider.addEventListener("input", () => show(goTo(slider.valueAsNumber)));
  button.addEventListener("click", () => show({ playing: !now().playing, pointed: null }));
  pace.addEventListener("change", () => show({ pace: Number(pace.value) }));
  loop.addEventListener("click", () => show({ loop: !now().loop }));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.matches("select, input:not([type=range])")) return;
    if (event.key === ",") step(-1);
    else if (event.key === ".") step(1);
    else if (event.key.toLowerCase() === "r" && !event.repeat) button.click();
  });

  watch(["playing", "pace"], (shown) => {
    clearInterval(timer);
    word.textContent = shown.playing ? "Pause" : "Read";
    button.classList.toggle("playing", shown.playing);
    if (!shown.playing) return;
    if (shown.readTo === null) show(readTo(0)); // else it goes on from there
    timer = setInterval(() => {
      const { readTo: row, loop } = now();
      show(readTo(row === null ? 0 : row + 1));
      if (now().readTo === null && !loop) show({ playing: false });
    }, ROW_TIME / shown.pace);
  });
  watch(["pace"], (shown) => (pace.value = String(shown.pace)));
  watch(["loop"], (shown) => loop.setAttribute("aria-pressed", String(shown.loop)));

  watch(["row", "pointed"], (shown) => {
    const row = rowInFocus(shown);
    slider.value = String(shown.row);
    slider.setAttribute("aria-valuetext", `row ${shown.row + 1} of ${ROWS}`);
    text.textContent = `row ${row + 1}`;
    line.style.top = `${(100 * row) / ROWS}%`;
  });
}
