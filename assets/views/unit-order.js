/** In which order the units stand in the maps. Changing it moves the columns, so that the eye can follow. */

import { CLASSES, ROWS, UNITS } from "../state/reading.js";
import { classInFocus, show, watch } from "../state/state.js";

const JOURNEY = 700; // milliseconds from one order to another

/** @typedef {import("../state/state.js").Shown} Shown */

/** @type {Record<string, {name: string, tip: string, keys: (shown: Shown) => ?ArrayLike<number>}>} */
const ORDERS = {
  index: {
    name: "index",
    tip: "As they are numbered. The numbers mean nothing.",
    keys: () => Array.from({ length: UNITS }, (_, unit) => unit),
  },
  peak: {
    name: "when they peak",
    tip: "By the row at which the hidden state is largest, early rows first.",
    keys: ({ reading }) => reading && Array.from({ length: UNITS }, (_, unit) => peak(reading.hidden, unit)),
  },
  evidence: {
    name: "evidence for this digit",
    tip: "By what each unit adds to the logit of the digit, the most first.",
    keys: (shown) => {
      const digit = classInFocus(shown);
      if (digit === null || !shown.known) return null;
      return Array.from({ length: UNITS }, (_, unit) => -unitEvidence(shown, unit, digit));
    },
  },
  likeness: {
    name: "similarity",
    tip: "Units that rise and fall together over many digits stand together. Columns keep their place while you draw.",
    keys: ({ known }) => {
      if (!known) return null;
      const places = new Float32Array(UNITS);
      known.likeness.forEach((unit, place) => (places[unit] = place));
      return places;
    },
  },
};

/** The row, with a fraction for the size, at which a unit's hidden state is largest. */
function peak(hidden, unit) {
  let best = 0;
  for (let row = 1; row < ROWS; row++)
    if (Math.abs(hidden[row * UNITS + unit]) > Math.abs(hidden[best * UNITS + unit])) best = row;
  return best - Math.abs(hidden[best * UNITS + unit]) / 2;
}

/**
 * What a unit adds to a logit.
 * @param {Shown} shown @param {number} unit @param {number} digit
 */
export const unitEvidence = ({ reading, known }, unit, digit) =>
  reading.hidden[(ROWS - 1) * UNITS + unit] * known.readout[unit * CLASSES + digit];

/** @param {HTMLElement} holder  gets a button for each order */
export function order(holder) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const buttons = Object.entries(ORDERS).map(([id, { name, tip }]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.order = id;
    button.textContent = name;
    button.title = tip;
    button.addEventListener("click", () => show({ order: id }));
    holder.append(button);
    return button;
  });

  let journey = 0;
  const go = (/** @type {Shown} */ shown, /** @type {boolean} */ travel) => {
    const keys = ORDERS[shown.order].keys(shown);
    if (!keys) return;
    const target = Uint8Array.from({ length: UNITS }, (_, unit) => unit).sort((a, b) => keys[a] - keys[b] || a - b);
    if (target.every((unit, place) => unit === shown.columns[place])) return;
    cancelAnimationFrame(journey);
    if (!travel || calm.matches) return show({ columns: target });
    const from = places(shown.columns);
    const to = places(target);
    const begun = performance.now();
    const step = () => {
      const share = Math.min(1, (performance.now() - begun) / JOURNEY);
      const eased = share * share * (3 - 2 * share);
      const at = from.map((place, unit) => place + (to[unit] - place) * eased);
      show({ columns: share < 1 ? target.slice().sort((a, b) => at[a] - at[b]) : target });
      if (share < 1) journey = requestAnimationFrame(step);
    };
    step();
  };

  watch(["order"], (shown) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.order === shown.order));
    go(shown, true);
  });
  watch(["digit", "known"], (shown) => go(shown, true));
  watch(["reading"], (shown) => go(shown, false));
}

/** @param {Uint8Array} columns  the unit in each place @returns {Float32Array} the place of each unit */
function places(columns) {
  const places = new Float32Array(UNITS);
  columns.forEach((unit, place) => (places[unit] = place));
  return places;
}

