/**
 * What was read, by what, in words.
 *
 * @typedef {import("../state/reading.js").Reading} Reading
 * @typedef {Object} Taken  a reading to take away, and all that it takes to say what it is
 * @property {Reading} reading
 * @property {?Pick<Reading, "digit" | "why" | "closest" | "probabilities">} untouched  what is read without an experiment
 * @property {?Reading} pinned    the reading that the maps are shown less; null when they show this one alone
 * @property {?number} digit      the class whose evidence is shown; null for the closest to what was read
 * @property {?number} against    a class whose evidence is taken off
 * @property {string} order       in which the maps show the units, one of tables.json's
 * @property {Uint8Array} columns  the unit in each column of the maps
 * @property {?import("../state/reading.js").Network} network
 * @property {string} address     opens the page as it is shown
 * @property {boolean} dark
 * @property {boolean} exact      whether all values are the float32 of who read it
 */

import { inShort, percent } from "../components/format.js";
import tables from "../data/tables.json" with { type: "json" };
import { writeUnits } from "../state/unit-list.js";

/** What was read, in a few words. @param {Taken["untouched"]} reading */
export function headline({ digit, why, closest, probabilities }) {
  if (why === "blank") return "Nothing is drawn";
  if (digit !== null) return `Read as ${withArticle(digit)}, ${percent(probabilities[digit])} sure`;
  const what = why === "several" ? "More than one digit" : "Not a digit";
  return `${what}; closest to ${withArticle(closest)}, ${percent(probabilities[closest])}`;
}

/** @param {number} digit */
export const withArticle = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;

/** The name of what read it. @param {Taken} taken */
export const networkName = ({ network }) => network?.name ?? `LSTM, ${tables.units} units`;

/**
 * The value and the first and last row at which a map's gate was held, and the unit if it was that of one.
 * @param {Reading} reading
 * @param {string} map
 */
export const heldAt = ({ asked }, map) => asked.hold?.[map] ?? null;

/**
 * What was changed about the network and the drawing, each in a few words.
 * @param {Reading} reading
 * @returns {string[]}
 */
export function changes({ asked: { hold = {}, silence = [], vary } }) {
  const held = tables.gates
    .filter(({ id }) => hold[id])
    .map(({ id, name }) => {
      const [value, first, last, unit] = hold[id];
      const whose = unit === undefined ? "" : ` of unit ${unit}`;
      return `${name}${whose} held at ${value} in ${first === last ? `row ${first + 1}` : `rows ${first + 1}–${last + 1}`}`;
    });
  const silenced = silence.length ? [`unit${silence.length > 1 ? "s" : ""} ${writeUnits(silence)} silenced`] : [];
  const variation = tables.variations.find(({ id }) => id === vary);
  const varied = variation ? [`drawing ${variation.name}: ${inSentence(variation.tip)}`] : [];
  return [...held, ...silenced, ...varied];
}

/**
 * By what it was read: the network, and all that was changed.
 * @param {Taken} taken
 * @param {boolean} [whole]  also what is read otherwise, which gives an answer away
 */
export function byWhat(taken, whole = true) {
  const { reading, untouched, pinned } = taken;
  const parts = [`Read by ${networkName(taken)}${reading.by === "browser" ? " in the browser" : ""}`, ...changes(reading)];
  if (untouched && whole) parts.push(`untouched it reads ${inShort(untouched)}`);
  if (pinned) {
    const said = whole ? ` of ${inShort(pinned)}` : "";
    const otherwise = changes(pinned).join("; ");
    parts.push(`maps show this reading less the pinned one${said}${otherwise && ` (${otherwise})`}`);
  }
  return parts.join(" · ");
}

/** How the maps are laid out. @param {Taken} taken */
export function layoutWords({ order }) {
  const { name } = tables.orders.find(({ id }) => id === order);
  return `Maps: rows down, units across${order === "index" ? "" : `, ordered by ${name}`}`;
}

/** All of it in one line. @param {Taken} taken */
export const oneLine = (taken) =>
  [`${headline(taken.reading)}.`, `${byWhat(taken)}.`, `${layoutWords(taken)}.`, taken.address].join(" ");

/** What a file of numbers has to say about itself. @param {Taken} taken @returns {string[]} lines */
export function aboutNumbers(taken) {
  const { reading, network, exact, address } = taken;
  const changed = changes(reading);
  return [
    `Gatescope. ${headline(reading)}, by ${networkName(taken)}.`,
    changed.length ? `Changed: ${changed.join("; ")}.` : "Neither the network nor the drawing was changed.",
    exact
      ? `Values are the ${reading.by}'s float32.`
      : "The server was away: gates and candidate are as sent before, in 16 bits; the rest was derived from them.",
    `Network: ${networkName(taken)}; SHA-256 of its weights ${network?.sha256 ?? "unknown"}.`,
    `Temperature ${network?.temperature ?? "unknown"}.`,
    `A score below ${network?.leastScore ?? "unknown"} is taken for no digit.`,
    `Address: ${address}`,
  ];
}

/** What files of this reading are called, without what follows the dot. @param {Reading} reading */
export const fileName = ({ digit, why }) => `gatescope-${why === "blank" ? "blank" : (digit ?? "no-digit")}`;

/** @param {string} sentence */
const inSentence = (sentence) => sentence[0].toLowerCase() + sentence.slice(1).replace(/\.$/, "");
