/**
 * The page, put together in three steps, each of which loads the next: here the pad, which takes ink at once, and the
 * link that has its drawing read; then the first screen; then what is below it.
 */

import { find as findDigit, link, readInFull } from "./backend/link.js";
import { takeNewer } from "./backend/offline.js";
import { Address } from "./state/address.js";
import { Drawing } from "./state/drawing.js";
import { show, watch } from "./state/state.js";
import { DIGITS } from "./views/examples.js";
import { sketchPad } from "./views/sketchpad.js";
import { theme } from "./views/theme.js";

const OFFERED = 4; // the digit that is drawn when the page opens

const find = (/** @type {string} */ selector) => document.querySelector(selector);

async function start() {
  const drawing = new Drawing(() => {
    drawPad();
    // A new stroke is read as it was drawn, and as a whole. On a clear pad no place is chosen any more.
    show({ vary: null, notice: "", playing: false, readTo: null, ...(drawing.blank && { placed: false }) });
    read();
    address.writeSoon();
  });
  const drawPad = sketchPad(find(".draw"), drawing);
  let calm = () => {};
  const answered = new Promise((done) => (calm = () => done(undefined)));
  const read = link(drawing, show, { calm });
  theme(find("#theme"));
  watch(["hold", "silence", "vary"], read);
  const address = new Address(drawing, readInFull);
  address.follow(() => drawing.offer(DIGITS[OFFERED]));
  watch(["replaced"], ({ replaced }) => {
    if (!replaced) return;
    address.write(); // it holds the drawing
    location.reload();
  });

  const { firstScreen } = await import("./screen.js");
  await firstScreen({ drawing, address, findDigit, readInFull, takeNewer, answered });
  document.body.dataset.started = "";
}

start();
