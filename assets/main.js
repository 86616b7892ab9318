/** The page, put together. */

import { gradient } from "./colours.js";
import { Drawing } from "./drawing.js";
import { evidence } from "./evidence.js";
import { examples } from "./examples.js";
import { gates } from "./gates.js";
import { link } from "./link.js";
import { sketchPad } from "./pad.js";
import { player } from "./player.js";
import { prediction } from "./prediction.js";
import { reads } from "./reads.js";
import { show, watch } from "./state.js";
import { theme } from "./theme.js";
import { verdict } from "./verdict.js";

/**
 * @param {HTMLElement} page  holds page.html
 * @param {(request: {strokes: number[][]}) => Promise<any>} ask  has the server read a drawing
 */
export function start(page, ask) {
  const find = (/** @type {string} */ selector) => page.querySelector(selector);
  const answer = find("#prediction");

  theme(find("#theme"));
  reads(find("#what-it-reads"));
  player(find("#row"), find("#play"), find("#row-text"));
  prediction(answer);
  verdict(find("#verdict"), find(".digits"));
  evidence(find("#evidence"), find("#evidence + .note"));
  gates(find(".maps"), find("#cursor-text"));

  const drawing = new Drawing(() => {
    drawPad();
    undo.disabled = !drawing.canUndo;
    clear.disabled = drawing.strokes.length === 0;
    read();
  });
  const drawPad = sketchPad(find("#sketch-pad"), drawing);
  const read = link(drawing, ask, (reading) => {
    show({ reading });
    answer.dataset.revision = String(Number(answer.dataset.revision) + 1);
  });

  const [undo, clear] = [find("#undo"), find("#clear")];
  undo.addEventListener("click", () => drawing.undo());
  clear.addEventListener("click", () => drawing.clear());
  undo.disabled = clear.disabled = true;
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches("textarea, input:not([type=range])")) return;
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) drawing.undo();
    else if (event.key === "Delete" || event.key === "Backspace") drawing.clear();
    else return;
    event.preventDefault();
  });
  examples(find("#examples"), drawing);

  const status = find("#status");
  watch(["trouble"], ({ trouble }) => {
    status.hidden = !trouble;
    status.textContent = trouble;
  });
  watch(["dark"], () => {
    for (const scale of page.querySelectorAll(".scale"))
      scale.style.setProperty("--map", gradient(scale.dataset.colours));
  });

  read(); // the blank page: what the network makes of nothing
}
