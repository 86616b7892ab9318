/** What is below the first screen, put together: the guide with its figures, and what the header's buttons open. */

import { compare } from "./views/compare.js";
import { download } from "./views/download.js";
import { equations } from "./views/equations.js";
import { experiments } from "./views/experiments.js";
import { guide } from "./views/guide.js";
import { hints } from "./views/hints.js";
import { MEMORY, unitMap } from "./views/maps.js";
import { memory } from "./views/memory.js";
import { misread, misreadCorrupted } from "./views/mistakes.js";
import { present } from "./views/present.js";
import { rowFigure } from "./views/row-figure.js";
import { score } from "./views/score.js";
import { share } from "./views/share.js";
import { sums } from "./views/sums.js";
import { tour } from "./views/tour.js";
import { unit } from "./views/unit.js";
import { verdict } from "./views/verdict.js";
import { version } from "./views/version.js";

const find = (/** @type {string} */ selector) => document.querySelector(selector);

/** @param {import("./screen.js").Parts} parts */
export function below({ drawing, address, readInFull, takeNewer }) {
  rowFigure(find(".row-figure"));
  equations(find(".update .equations"), find("#update-title span"));
  unit(find(".unit"));
  unitMap(find(".recall .maps"), MEMORY);
  memory(find(".means"), find(".memories .note"));
  sums(find(".sums"));
  score(find(".score"));
  experiments(find(".what-if"));
  verdict(find(".sides .pinned .frame"), find(".sides .pinned .digits"), "pinned");
  verdict(find(".sides .reading .frame"), find(".sides .reading .digits"), "reading");
  compare(find(".compare"));
  misread(find(".mistakes"), drawing);
  misreadCorrupted(find(".corrupted"), drawing);
  present(find("#present"), find("#single"));
  share(find("#share"), () => address.write());
  download(find("#take"), { readInFull, address: () => address.write() });
  tour(find("#tour"), find(".gatescope"));
  guide(find("#guide"), document.querySelectorAll("nav a, #api-link"), () => address.step());
  version(find("#version"), takeNewer);
  hints(find(".gatescope"));
}
