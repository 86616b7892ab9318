/** The first screen, put together: all that answers to the pen. It is there before what is below it. */

import { cellDiagram } from "./views/cell-diagram.js";
import { evidence } from "./views/evidence.js";
import { examples } from "./views/examples.js";
import { focus } from "./views/focus.js";
import { inputImage } from "./views/input-image.js";
import { keyboardPen } from "./views/keyboard-pen.js";
import { GATES, mapsTitle, unitMap } from "./views/maps.js";
import { player } from "./views/player.js";
import { prediction } from "./views/prediction.js";
import { stateStrip } from "./views/state-strip.js";
import { status } from "./views/status.js";
import { storyOf } from "./views/story.js";
import { unitOrder } from "./views/unit-order.js";
import { upload } from "./views/upload.js";
import { verdict, verdictScale } from "./views/verdict.js";

/**
 * @typedef {Object} Parts  what the views are handed
 * @property {import("./state/drawing.js").Drawing} drawing
 * @property {import("./state/address.js").Address} address
 * @property {(picture: string) => Promise<{image: string}>} findDigit  in a picture file in base64
 * @property {(request: import("./backend/remote.js").Request) => Promise<import("./state/reading.js").Reading>} readInFull
 * @property {() => void} takeNewer  version of a site of files
 * @property {Promise<unknown>} answered  once there is an answer and no request is out
 */

const PATIENCE = 2000; // milliseconds for the first answer before what is below is put together without it

const find = (/** @type {string} */ selector) => document.querySelector(selector);

/** Between two of these the browser paints, and hands the pad what the pen did. */
const task = () => new Promise((done) => setTimeout(done));

/** @param {Parts} parts */
export async function firstScreen(parts) {
  const { drawing, findDigit, answered } = parts;
  inputImage(find("#what-it-reads"), find("#overlay"));
  player(find(".player"), find(".row-line .row-mark"));
  verdict(find("#verdict"), find(".pictures .digits"), "reading");
  verdictScale(find("#verdict-title .scale i"));
  evidence(find("#evidence"), find(".axis"), find("#evidence-note"), find("#evidence-for"), find("#evidence-against"));
  await task();
  unitOrder(find("#order"));
  mapsTitle(find("#cursor-text"), find("#inside-title small"));
  for (const kind of GATES) unitMap(find(".inside .maps"), kind);
  await task();
  cellDiagram(find("#cell-diagram"), find("#cell-title small"));
  focus();
  stateStrip(find("#state-strip"));
  storyOf(find("#story"));
  status(find("#status"), find("main"));
  await task();
  examples(find("#examples"), find("#examples-open"), drawing);
  keyboardPen(find("#sketch-pad"), drawing);
  upload(find("#upload"), find("#sketch-pad"), drawing, findDigit);
  // Last, so that all pictures are painted once a reading is said to be.
  prediction(find("#prediction"), find("#after-row"));

  // What is below takes a slow phone long enough to hold up the reading of a stroke.
  await Promise.race([answered, new Promise((done) => setTimeout(done, PATIENCE))]);
  await task();
  const { below } = await import("./below.js");
  below(parts);
}
