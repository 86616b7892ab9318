/** The page, put together: the pad first, which takes ink at once, then everything else. */

import { find as findDigit, link, loadNetwork, loadUnits, readInFull } from "./backend/remote.js";
import { Address } from "./state/address.js";
import { Drawing } from "./state/drawing.js";
import { show, watch } from "./state/state.js";
import { cellDiagram } from "./views/cell-diagram.js";
import { compare } from "./views/compare.js";
import { download } from "./views/download.js";
import { equations } from "./views/equations.js";
import { evidence } from "./views/evidence.js";
import { DIGITS, examples } from "./views/examples.js";
import { experiments } from "./views/experiments.js";
import { focus } from "./views/focus.js";
import { guide } from "./views/guide.js";
import { hints } from "./views/hints.js";
import { inputImage } from "./views/input-image.js";
import { keyboardPen } from "./views/keyboard-pen.js";
import { GATES, mapsTitle, MEMORY, unitMap } from "./views/maps.js";
import { memory } from "./views/memory.js";
import { misread } from "./views/mistakes.js";
import { player } from "./views/player.js";
import { prediction } from "./views/prediction.js";
import { present } from "./views/present.js";
import { rowFigure } from "./views/row-figure.js";
import { score } from "./views/score.js";
import { share } from "./views/share.js";
import { sketchPad } from "./views/sketchpad.js";
import { stateStrip } from "./views/state-strip.js";
import { status } from "./views/status.js";
import { storyOf } from "./views/story.js";
import { sums } from "./views/sums.js";
import { theme } from "./views/theme.js";
import { tour } from "./views/tour.js";
import { unit } from "./views/unit.js";
import { unitOrder } from "./views/unit-order.js";
import { upload } from "./views/upload.js";
import { verdict, verdictScale } from "./views/verdict.js";

const OFFERED = 4; // the digit that is drawn when the page opens
const REST = 500; // milliseconds without a reading before what no reading needs is loaded

const find = (/** @type {string} */ selector) => document.querySelector(selector);

/** Between two of these the browser paints, and hands the pad what the pen did. */
const task = () => new Promise((done) => setTimeout(done));

async function start() {
  theme(find("#theme"));
  const { drawing, address } = drawn();
  await task();
  firstScreen(drawing);
  await task();
  rest(drawing, address);
  document.body.dataset.started = "";
}

/** The pad, what has its drawing read, and the address that holds it. */
function drawn() {
  const drawing = new Drawing(() => {
    drawPad();
    // A new stroke is read as it was drawn, and as a whole. On a clear pad no place is chosen any more.
    show({ vary: null, notice: "", playing: false, readTo: null, ...(drawing.blank && { placed: false }) });
    read();
    address.writeSoon();
  });
  const drawPad = sketchPad(find(".draw"), drawing);
  const read = link(drawing, paint);
  loadNetwork();
  watch(["hold", "silence", "vary"], read);
  const address = new Address(drawing, readInFull);
  address.follow(() => drawing.offer(DIGITS[OFFERED]));
  return { drawing, address };
}

/** @type {number | undefined} */ let rested;

/** @param {Pick<import("./state/state.js").Shown, "reading" | "untouched">} change */
function paint(change) {
  show(change);
  clearTimeout(rested);
  rested = setTimeout(loadUnits, REST);
}

/** @param {Drawing} drawing */
function firstScreen(drawing) {
  inputImage(find("#what-it-reads"), find("#overlay"));
  player(find(".player"), find(".row-line .row-mark"));
  examples(find("#examples"), find("#examples-open"), drawing);
  keyboardPen(find("#sketch-pad"), drawing);
  upload(find("#upload"), find("#sketch-pad"), drawing, findDigit);
  verdict(find("#verdict"), find(".pictures .digits"), "reading");
  evidence(find("#evidence"), find(".axis"), find("#evidence-note"), find("#evidence-for"), find("#evidence-against"));
  verdictScale(find("#verdict-title .scale i"));
  cellDiagram(find("#cell-diagram"), find("#cell-title small"));
  unitOrder(find("#order"));
  mapsTitle(find("#cursor-text"), find("#inside-title small"));
  for (const kind of GATES) unitMap(find(".inside .maps"), kind);
  focus();
  stateStrip(find("#state-strip"));
}

/** @param {Drawing} drawing @param {Address} address */
function rest(drawing, address) {
  storyOf(find("#story"));
  rowFigure(find(".row-figure"));
  sums(find(".sums"));
  score(find(".score"));
  misread(find(".mistakes"), drawing);
  unit(find(".unit"));
  equations(find(".update .equations"), find("#update-title span"));
  experiments(find(".what-if"));
  unitMap(find(".recall .maps"), MEMORY);
  memory(find(".means"), find(".memories .note"));
  verdict(find(".sides .pinned .frame"), find(".sides .pinned .digits"), "pinned");
  verdict(find(".sides .reading .frame"), find(".sides .reading .digits"), "reading");
  compare(find(".compare"));
  present(find("#present"), find("#single"));
  share(find("#share"), () => address.write());
  download(find("#take"), { readInFull, address: () => address.write() });
  tour(find("#tour"), find(".gatescope"));
  guide(find("#guide"), document.querySelectorAll("nav a, #api-link"), () => address.step());
  status(find("#status"), find("main"));
  // Last, so that all works that belongs to a reading once one is said to be there.
  prediction(find("#prediction"), find("#after-row"));
  hints(find(".gatescope"));
}

start();
