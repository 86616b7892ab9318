/** Row and unit, as long as nobody has chosen them: where the reading turns. */

import { found } from "../engine/landmarks.js";
import { now, show, watch } from "../state/state.js";

const REST = 200; // milliseconds without a reading: under the pen the line would jump about

export function focus() {
  /** @type {number | undefined} */ let rest;
  let first = true;
  const go = () => {
    const shown = now();
    const place = !shown.placed && shown.readTo === null && found("turning-point", shown);
    if (!place) return;
    first = false;
    show({ ...place, placed: false });
  };
  watch(["reading", "network", "placed"], () => {
    clearTimeout(rest);
    if (first) go();
    else rest = setTimeout(go, REST);
  });
}
