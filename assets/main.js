/** The page, put together. */

import { gradient } from "./components/colormap.js";
import { compare } from "./views/compare.js";
import { Drawing } from "./state/drawing.js";
import { evidence } from "./views/evidence.js";
import { DIGITS, examples } from "./views/examples.js";
import { gates } from "./views/maps.js";
import { how } from "./views/guide.js";
import { fetchKnown } from "./backend/network.js";
import { link } from "./backend/remote.js";
import { memory } from "./views/memory.js";
import { order } from "./views/unit-order.js";
import { sketchPad } from "./views/sketchpad.js";
import { pictures } from "./views/upload.js";
import { player } from "./views/player.js";
import { prediction } from "./views/prediction.js";
import { ROWS } from "./state/reading.js";
import { reads } from "./views/input-image.js";
import { share, showShared } from "./state/address.js";
import { now, show, watch } from "./state/state.js";
import { copyLink, take } from "./views/download.js";
import { theme } from "./views/theme.js";
import { tour } from "./views/tour.js";
import { unit } from "./views/unit.js";
import { update } from "./views/equations.js";
import { verdict } from "./components/verdict.js";
import { whatIf } from "./views/experiments.js";

const OFFERED = 4; // the digit that is drawn when the page opens

/**
 * @param {HTMLElement} page  holds page.html
 * @param {Record<"read" | "find" | "take" | "known", (request?: Object) => Promise<any>>} server  demo.py's functions
 */
export function start(page, server) {
  const find = (/** @type {string} */ selector) => page.querySelector(selector);

  theme(find("#theme"));
  reads(find("#what-it-reads"), find("#overlay"));
  player(find("#row"), find("#play"), find("#row-text"));
  prediction(find("#prediction"));
  verdict(find("#verdict"), find("#verdict + .digits"), "reading");
  evidence(find("#evidence"), find("#evidence-note"), find("#evidence-for"), find("#evidence-against"));
  order(find("#order"));
  gates(find(".inside .maps"), find("#cursor-text"), find("#inside-title small"));
  unit(find(".unit"));
  update(find(".equations"), find("#update-title span"));
  whatIf(find(".what-if"));
  memory(find(".recall .maps"), find(".means"), find(".memories .note"));
  compare(find(".compare"));
  tour(find("#tour"), find(".gatescope"));
  how(find("#how"), page.querySelectorAll("nav a"));

  const drawing = new Drawing(() => {
    drawPad();
    undo.disabled = !drawing.canUndo;
    clear.disabled = drawing.blank;
    // A new stroke is read as it was drawn, and as a whole.
    show({ vary: null, ...(now().playing && { playing: false, row: ROWS - 1 }) });
    read();
    keep();
  });
  const [undo, clear] = [find("#undo"), find("#clear")];
  const drawPad = sketchPad(find("#sketch-pad"), drawing);
  const read = link(drawing, server.read, (change) => {
    show(change);
    find("#prediction").dataset.revision = String(Number(find("#prediction").dataset.revision) + 1);
  });
  watch(["hold", "silence", "vary"], read);
  const keep = share(drawing);
  const shared = location.hash.length > 1;
  showShared(drawing);
  keyboard(drawing, undo, clear);
  examples(find("#examples"), drawing);
  if (drawing.blank) {
    drawing.offer(DIGITS[OFFERED]);
    if (!shared) show({ playing: true }); // or the row that was shared would not stay
  }
  pictures(find("#upload"), find("#sketch-pad"), drawing, server.find);
  take(find("#take"), drawing, server.take);
  copyLink(find("#share"));
  fetchKnown(server.known);

  const status = find("#status");
  watch(["trouble"], ({ trouble }) => {
    status.hidden = !trouble;
    status.textContent = trouble;
    find("main").classList.toggle("stale", trouble !== ""); // what is shown is of an earlier drawing
  });
  watch(["dark"], () => (find("#verdict-title .scale i").style.background = gradient("sequential")));
}

/**
 * @param {Drawing} drawing
 * @param {HTMLButtonElement} undo
 * @param {HTMLButtonElement} clear
 */
function keyboard(drawing, undo, clear) {
  undo.addEventListener("click", () => drawing.undo());
  clear.addEventListener("click", () => drawing.clear());
  undo.disabled = !drawing.canUndo;
  clear.disabled = drawing.blank;
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches("select, input:not([type=range])")) return;
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) drawing.undo();
    else if (event.key === "Delete" || event.key === "Backspace") drawing.clear();
    else return;
    event.preventDefault();
  });
}
