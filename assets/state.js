/**
 * What the page shows, in one place. Views watch the keys they draw and never talk to one another.
 *
 * @typedef {import("./reading.js").Reading} Reading
 * @typedef {Object} Shown
 * @property {?Reading} reading  the newest reading
 * @property {number} row        the row that was chosen, 0…27
 * @property {?{row: number, unit?: number, digit?: number}} pointed  what a pointer or the arrow keys point at
 * @property {boolean} playing   whether the row in focus runs by itself
 * @property {boolean} dark       whether the page is dark
 * @property {string} trouble    what went wrong, in words; empty when all is well
 */

/** @type {Shown} */
const shown = { reading: null, row: 27, pointed: null, playing: false, dark: false, trouble: "" };

/** @type {{keys: (keyof Shown)[], draw: (shown: Shown) => void}[]} */
const watchers = [];

/**
 * Draw now, and again whenever one of the keys changes.
 * @param {(keyof Shown)[]} keys
 * @param {(shown: Shown) => void} draw
 */
export function watch(keys, draw) {
  watchers.push({ keys, draw });
  draw(shown);
}

/**
 * Change what is shown; the views that it concerns draw before this returns.
 * @param {Partial<Shown>} change
 */
export function show(change) {
  const changed = Object.keys(change).filter((key) => shown[key] !== change[key]);
  Object.assign(shown, change);
  for (const { keys, draw } of watchers) if (keys.some((key) => changed.includes(key))) draw(shown);
}

/** The row in focus: the one pointed at, else the chosen one. @param {Shown} shown @returns {number} */
export const focus = (shown) => shown.pointed?.row ?? shown.row;
