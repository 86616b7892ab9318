/** Places worth a look, found in the present reading: the tour and the text lead there. */

import { unitEvidence } from "./attribution.js";
import { CLASSES, ROWS, UNITS } from "./dimensions.js";

/**
 * @typedef {Object} Shown  what the page shows, as far as this asks
 * @property {?(import("./lstm.js").Gates & import("./derive.js").Derived
 *   & {closest: ?number, probabilities: Float32Array})} reading
 * @property {?import("./readout.js").Readout} network
 *
 * @typedef {{row?: number, unit?: number, against?: number}} Landmark  a row, a unit or a digit to be shown
 */

/**
 * Each gives a place to show. Only asked of a reading that is `findable`.
 * @type {Record<string, (shown: Shown) => Landmark>}
 */
const FINDERS = {
  /** The first row from which the verdict no longer changes. */
  "settled-row": ({ reading: { verdict, closest } }) => {
    let row = ROWS - 1;
    const says = (/** @type {number} */ at) => highest(CLASSES, (k) => verdict[at * CLASSES + k]);
    while (row > 0 && says(row - 1) === closest) row -= 1;
    return { row };
  },
  /**
   * Where the reading turns: the first row from which the verdict no longer changes, or the one with the most evidence
   * when it never did; and the unit that does most there to tell the digit from what it would have been.
   */
  "turning-point": (shown) => {
    const { reading, network } = shown;
    const { verdict, added, closest } = reading;
    const settled = FINDERS["settled-row"](shown).row;
    const { row } = settled ? { row: settled } : FINDERS["most-evidence"](shown);
    const rival = highest(CLASSES, (k) => (k === closest ? -1 : verdict[Math.max(0, row - 1) * CLASSES + k]));
    const weight = (/** @type {number} */ unit, /** @type {number} */ k) => network.readout[unit * CLASSES + k];
    return { row, unit: highest(UNITS, (unit) => added[row * UNITS + unit] * (weight(unit, closest) - weight(unit, rival))) };
  },
  "most-evidence": ({ reading: { evidence, closest } }) => ({
    row: highest(ROWS, (row) => evidence[row * CLASSES + closest]),
  }),
  "least-evidence": ({ reading: { evidence, closest } }) => ({
    row: highest(ROWS, (row) => -evidence[row * CLASSES + closest]),
  }),
  "closest-rival": ({ reading: { probabilities, closest } }) => ({
    against: highest(CLASSES, (k) => (k === closest ? -1 : probabilities[k])),
  }),
  "most-forgetful-row": ({ reading: { forget_gate } }) => ({
    row: highest(ROWS, (row) => {
      let sum = 0;
      for (let unit = 0; unit < UNITS; unit++) sum -= forget_gate[row * UNITS + unit];
      return sum;
    }),
  }),
  "most-written": ({ reading: { input_gate, candidate } }) =>
    place((at) => Math.abs(input_gate[at] * candidate[at])),
  "most-let-go": ({ reading: { forget_gate, cell } }) =>
    place((at) => (at < UNITS ? 0 : Math.abs(cell[at - UNITS]) * (1 - forget_gate[at]))),
  "most-withheld": ({ reading: { output_gate, cell } }) =>
    place((at) => Math.abs(Math.tanh(cell[at])) * (1 - output_gate[at])),
  /** The unit that at the end still holds most of what the rows wrote into it. */
  "longest-memory": ({ reading: { memory } }) => ({
    unit: highest(UNITS, (unit) => {
      let sum = 0;
      for (let row = 0; row < ROWS; row++) sum += memory[row * UNITS + unit];
      return sum;
    }),
  }),
  "most-telling-unit": (shown) => ({ unit: highest(UNITS, (unit) => unitEvidence(shown, unit, shown.reading.closest)) }),
  "most-telling-place": (shown) => {
    const { reading, network } = shown;
    const { unit } = FINDERS["most-telling-unit"](shown);
    const weight = network.readout[unit * CLASSES + reading.closest];
    return { unit, row: highest(ROWS, (row) => reading.added[row * UNITS + unit] * weight) };
  },
};

/** Whether there is something to find places in. @param {Shown} shown */
export const findable = ({ reading, network }) =>
  reading !== null && reading.closest !== null && network !== null;

/**
 * The place of this name in the present reading; null when there is nothing to find it in.
 * @param {string} name @param {Shown} shown @returns {?Landmark}
 */
export const found = (name, shown) => (findable(shown) ? FINDERS[name](shown) : null);

/** The first index at which it is highest. @param {number} count @param {(index: number) => number} of */
function highest(count, of) {
  let best = 0;
  let most = of(0);
  for (let k = 1; k < count; k++) {
    const value = of(k);
    if (value > most) [best, most] = [k, value];
  }
  return best;
}

/** The row and the unit at which it is highest. @param {(at: number) => number} of */
function place(of) {
  const at = highest(ROWS * UNITS, of);
  return { row: Math.floor(at / UNITS), unit: at % UNITS };
}
