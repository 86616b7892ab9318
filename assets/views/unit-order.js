/** In which order the units stand in the maps. Changing it moves the columns, so that the eye can follow. */

import { unitEvidence } from "../engine/attribution.js";
import { ROWS, UNITS } from "../engine/dimensions.js";
import { classInFocus, show, watch } from "../state/state.js";
import tables from "../data/tables.json" with { type: "json" };

const JOURNEY = 700; // milliseconds from one order to another

/** @typedef {import("../state/state.js").Shown} Shown */

/**
 * For each order what the units are sorted by, lowest first; null while that is not known.
 * @type {Record<string, (shown: Shown) => ?ArrayLike<number>>}
 */
const KEYS = {
  index: () => Array.from({ length: UNITS }, (_, unit) => unit),
  peak: ({ reading }) => reading && Array.from({ length: UNITS }, (_, unit) => peak(reading.hidden, unit)),
  evidence: (shown) => {
    const digit = classInFocus(shown);
    if (digit === null || !shown.reading || !shown.network) return null;
    return Array.from({ length: UNITS }, (_, unit) => -unitEvidence(shown, unit, digit));
  },
  similarity: ({ network }) => network && places(network.similarity),
};

/** The row, with a fraction for the size, at which a unit's hidden state is largest. */
function peak(hidden, unit) {
  let best = 0;
  for (let row = 1; row < ROWS; row++)
    if (Math.abs(hidden[row * UNITS + unit]) > Math.abs(hidden[best * UNITS + unit])) best = row;
  return best - Math.abs(hidden[best * UNITS + unit]) / 2;
}

/** @param {HTMLElement} holder  gets a button for each order */
export function unitOrder(holder) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const buttons = tables.orders.map(({ id, name, tip }) => {
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
    const keys = KEYS[shown.order](shown);
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

  watch(["reading", "digit", "network"], (shown) => {
    for (const button of buttons) button.disabled = KEYS[button.dataset.order](shown) === null;
  });
  watch(["order"], (shown) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.order === shown.order));
    go(shown, shown.reading !== null);
  });
  watch(["digit", "network"], (shown) => go(shown, shown.reading !== null)); // before there is anything to follow, at once
  watch(["reading"], (shown) => go(shown, false));
}

/** @param {Uint8Array} columns  the unit in each place @returns {Float32Array} the place of each unit */
function places(columns) {
  const places = new Float32Array(UNITS);
  columns.forEach((unit, place) => (places[unit] = place));
  return places;
}
