/**
 * What the page shows, in one place. Views watch the keys they draw and never talk to one another.
 *
 * @typedef {import("./reading.js").Reading} Reading
 * @typedef {import("./reading.js").Untouched} Untouched
 * @typedef {"input_gate" | "forget_gate" | "output_gate"} Gate
 * @typedef {[value: number, first: number, last: number, unit?: number]} Hold
 *   the value at which a gate is held, from the first row to the last; of one unit, or of all
 * @typedef {Object} Pointed     what a pointer or the arrow keys point at
 * @property {number} [row]
 * @property {number} [unit]
 * @property {number} [digit]
 * @property {string} [map]      the map it is on
 *
 * @typedef {Object} Shown
 * @property {?Reading} reading  the newest reading
 * @property {?Untouched} untouched  what is read without the experiment
 * @property {?Reading} pinned   a reading kept to compare with
 * @property {boolean} difference  whether the maps show how the reading differs from the pinned one
 * @property {number} row        the row that was chosen, 0…27
 * @property {number} unit       the unit that was chosen, 0…127
 * @property {?number} digit     the class whose evidence is shown; null for the closest to what was read
 * @property {?number} against   a class whose evidence is taken off
 * @property {string} order      one of tables.json's
 * @property {Uint8Array} columns  the unit in each column of the maps
 * @property {Partial<Record<Gate, Hold>>} hold  gates held
 * @property {number[]} silence  units silenced
 * @property {?string} vary      how the drawing is varied before it is read, one of tables.json's
 * @property {string} map        the map that is large where only one is
 * @property {boolean} brush     whether dragging over a map silences units
 * @property {boolean} overlay   whether the evidence lies over the image
 * @property {?Pointed} pointed
 * @property {?{map: string, row: number}} lit  the cell of a map that a term of the equations stands for
 * @property {?import("../backend/network.js").Network} network  what reads; null until it has been fetched
 * @property {?import("../backend/network.js").Units} units  what is known of the units; null until it has been fetched
 * @property {?number} readTo   the row down to which it is read just now, while Read runs or the slider is moved; null for all
 * @property {boolean} placed    whether row and unit were chosen: else they go where the reading turns
 * @property {boolean} playing   whether the row in focus runs by itself
 * @property {number} pace       how many times as fast as usual
 * @property {boolean} loop      whether it begins again after the last row
 * @property {boolean} linked    whether the experiment is as it came with a link
 * @property {boolean} touring   whether the tour is under way
 * @property {boolean} presenting  whether the page is laid out for a projector
 * @property {boolean} single    whether only the large map is shown then
 * @property {boolean} dark      whether the page is dark
 * @property {string} said      a sentence about what has changed, to be read aloud
 * @property {string} trouble    why the drawing is not read, in words; empty when it is
 * @property {"" | "away" | "busy" | "slow"} away  why the browser reads in the server's place; empty when it does not
 * @property {boolean} kept      whether the page is kept for use without a network
 * @property {boolean} newer     whether a newer version of it is
 * @property {boolean} replaced  whether it has taken this one's place
 * @property {string} notice     what else went wrong, with a picture or a file, in words; empty when nothing did
 */

import { ROWS, UNITS } from "../engine/dimensions.js";

/** @type {Shown} */
const shown = {
  reading: null,
  untouched: null,
  pinned: null,
  difference: false,
  row: ROWS - 1,
  unit: 18,
  digit: null,
  against: null,
  order: "similarity",
  columns: Uint8Array.from({ length: UNITS }, (_, k) => k),
  hold: {},
  silence: [],
  vary: null,
  map: "hidden",
  brush: false,
  overlay: false,
  pointed: null,
  lit: null,
  network: null,
  units: null,
  readTo: null,
  placed: false,
  playing: false,
  pace: 1,
  loop: false,
  linked: false,
  touring: false,
  presenting: false,
  single: false,
  dark: false,
  said: "",
  trouble: "",
  away: "",
  kept: false,
  newer: false,
  replaced: false,
  notice: "",
};

/** What is changed about the network, the drawing or the maps. @type {(keyof Shown)[]} */
export const EXPERIMENT = ["vary", "silence", "hold", "difference"];

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
  // Whoever names a row or a unit has chosen it, and by a row what was being read is over.
  if ("row" in change) change = { readTo: null, placed: true, ...change };
  else if ("unit" in change) change = { placed: true, ...change };
  // Whoever changes a link's experiment has their own.
  if (EXPERIMENT.some((key) => key in change && shown[key] !== change[key])) change = { linked: false, ...change };
  const changed = Object.keys(change).filter((key) => shown[key] !== change[key]);
  Object.assign(shown, change);
  for (const { keys, draw } of watchers) if (keys.some((key) => changed.includes(key))) draw(shown);
}

/** @returns {Shown} what is shown now, to read and not to change */
export const now = () => shown;

/** Hold a gate, or let it go. @param {Gate} gate @param {?Hold} how */
export function holdGate(gate, how) {
  const { [gate]: _, ...rest } = shown.hold;
  show({ hold: how ? { ...rest, [gate]: how } : rest });
}

/** Point at a row, or at nothing. @param {?number} row */
export const pointAtRow = (row) => show({ pointed: row === null ? null : { row } });

/** Keep a row, and what else is named with it; what played stops. @param {Partial<Shown> & {row: number}} place */
export const keep = (place) => show({ ...place, playing: false });

/** The row down to which is shown what was read. @param {Shown} shown @returns {number} */
export const lastRead = ({ readTo }) => readTo ?? ROWS - 1;

/** The row in focus: the one pointed at, else the chosen one. @param {Shown} shown @returns {number} */
export const rowInFocus = (shown) => shown.pointed?.row ?? shown.row;

/** The unit in focus, likewise. @param {Shown} shown @returns {number} */
export const unitInFocus = (shown) => shown.pointed?.unit ?? shown.unit;

/** The class whose evidence is shown; on a blank pad null, where none was chosen. @param {Shown} shown @returns {?number} */
export const classInFocus = ({ digit, reading }) => digit ?? reading?.closest ?? null;

/** What a reading is called in few words: its digit. @param {Untouched} reading */
const called = ({ digit, closest }) => (closest === null ? "blank pad" : String(digit ?? "?"));

/** What the maps show when they show a difference, in words; null when they do not. @param {Shown} shown @returns {?string} */
export const differing = ({ difference, pinned, reading }) =>
  difference && pinned && reading ? `this ${called(reading)} less the pinned ${called(pinned)}` : null;

/** Whether an experiment on the network is under way. @param {Shown} shown */
export const experimenting = ({ hold, silence }) => Object.keys(hold).length > 0 || silence.length > 0;
