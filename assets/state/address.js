/**
 * The address bar carries what is shown: the drawing, the row and the unit, the order and the experiments.
 * One table says what is kept; writing and reading both follow from it.
 */

import { CLASSES, ROWS, UNITS } from "./reading.js";
import { now, show, watch } from "./state.js";
import { parseUnits, writeUnits } from "../views/experiments.js";

const REST = 300; // milliseconds without a change before the address is written
const GATES = { i: "input_gate", f: "forget_gate", o: "output_gate" };

/** @typedef {{write: (value: any) => string, read: (text: string) => any}} Kept  read gives undefined for nonsense */

/** @param {number} count @returns {Kept} */
const index = (count) => ({
  write: String,
  read: (text) => (/^\d+$/.test(text) && Number(text) < count ? Number(text) : undefined),
});

/** @param {string[]} words @returns {Kept} */
const oneOf = (...words) => ({ write: String, read: (text) => (words.includes(text) ? text : undefined) });

/** @type {Record<string, Kept>} */
const KEPT = {
  row: index(ROWS),
  unit: index(UNITS),
  digit: index(CLASSES),
  against: index(CLASSES),
  order: oneOf("index", "peak", "evidence", "likeness"),
  vary: oneOf("shifted", "rotated", "thinner"),
  // Signs that the address bar shows as they are.
  silence: {
    write: (units) => writeUnits(units).replaceAll(", ", "_").replaceAll("–", "-"),
    read: (text) => parseUnits(text.replaceAll("_", ",")) ?? undefined,
  },
  hold: {
    write: (hold) =>
      Object.entries(GATES)
        .filter(([, gate]) => hold[gate])
        .map(([letter, gate]) => [letter, ...hold[gate]].join("-"))
        .join("_"),
    read: (text) => {
      const hold = {};
      for (const part of text.split("_").filter(Boolean)) {
        const [, letter, value, first, last] = part.match(/^([ifo])-([01]|0\.\d+)-(\d+)-(\d+)$/) ?? [];
        if (!letter || Number(first) > Number(last) || Number(last) >= ROWS) return undefined;
        hold[GATES[letter]] = [Number(value), Number(first), Number(last)];
      }
      return hold;
    },
  },
};

/** @param {import("./drawing.js").Drawing} drawing @returns {() => void} writes the address soon */
export function share(drawing) {
  const plain = Object.fromEntries(Object.entries(KEPT).map(([key, { write }]) => [key, write(now()[key] ?? "")]));
  /** @type {number | undefined} */ let rest;

  const write = () => {
    const words = new URLSearchParams();
    const { strokes, image } = drawing.drawn;
    if (image) words.set("image", urlSafe(image));
    // A digit that was only offered is offered to anyone, and is still to be replaced by the first stroke.
    else if (strokes.length && !drawing.offered) words.set("draw", strokes.map(writeStroke).join("_"));
    for (const [key, { write: text }] of Object.entries(KEPT)) {
      const value = now()[key] === null ? "" : text(now()[key]);
      if (value !== plain[key]) words.set(key, value);
    }
    history.replaceState(history.state, "", words.size ? `#${words}` : location.pathname + location.search);
  };
  const soon = () => {
    clearTimeout(rest);
    rest = setTimeout(write, REST);
  };
  watch(/** @type {any} */ (Object.keys(KEPT)), soon);
  return soon;
}

/**
 * Show what the address says; what it says wrongly is left out.
 * @param {import("./drawing.js").Drawing} drawing
 */
export function showShared(drawing) {
  const words = new URLSearchParams(location.hash.slice(1));
  const image = words.get("image");
  if (image && /^[\w-]{1046}$/.test(image)) drawing.replace({ image: `${image.replaceAll("-", "+").replaceAll("_", "/")}==` });
  const strokes = words.get("draw")?.split("_").map(readStroke);
  if (strokes?.length && strokes.every(Boolean)) drawing.replace({ strokes });
  for (const [key, { read }] of Object.entries(KEPT)) {
    const value = words.has(key) ? read(words.get(key)) : undefined;
    if (value !== undefined) show({ [key]: value });
  }
}

/** Base64 that an address can hold. @param {string} base64 */
const urlSafe = (base64) => base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The steps from point to point, in base 36, each with its sign before it. @param {import("./drawing.js").Stroke} stroke */
function writeStroke(stroke) {
  return stroke
    .map((value, k) => value - (k < 2 ? 0 : stroke[k - 2]))
    .map((step) => (step < 0 ? "-" : ".") + Math.abs(step).toString(36))
    .join("");
}

/** @param {string} text @returns {?import("./drawing.js").Stroke} */
function readStroke(text) {
  if (!/^([.-][0-9a-z]{1,3}){2,}$/.test(text)) return null;
  const steps = [...text.matchAll(/([.-])([0-9a-z]+)/g)].map(([, sign, size]) => parseInt(size, 36) * (sign === "-" ? -1 : 1));
  if (steps.length % 2) return null;
  steps.forEach((step, k) => (steps[k] = k < 2 ? step : steps[k - 2] + step));
  return steps.every((value) => value >= 0 && value <= 1000) ? steps : null;
}
