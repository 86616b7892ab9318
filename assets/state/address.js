/**
 * The address bar carries what is shown: the drawing, the row and the unit, the order and the experiments.
 * One table says what is kept; writing and reading both follow from it.
 */

import { CLASSES, ROWS, UNITS } from "../engine/dimensions.js";
import { PAD } from "./drawing.js";
import { now, show, watch } from "./state.js";
import { parseUnits, writeUnits } from "./unit-list.js";
import tables from "../data/tables.json" with { type: "json" };

/** @typedef {import("./drawing.js").Drawing} Drawing @typedef {import("./drawing.js").Stroke} Stroke */

const REST = 300; // milliseconds without a change before the address is written
const LETTERS = tables.gates.map(({ letter }) => letter).join("");

/** @typedef {{write: (value: any) => string, read: (text: string) => any}} Kept  read gives undefined for nonsense */

/** @param {number} count @returns {Kept} */
const index = (count) => ({
  write: String,
  read: (text) => (/^\d+$/.test(text) && Number(text) < count ? Number(text) : undefined),
});

/** @param {{id: string, older?: string[]}[]} entries  older: what the entry was called in older links @returns {Kept} */
const oneOf = (entries) => ({
  write: String,
  read: (text) => entries.find(({ id, older = [] }) => id === text || older.includes(text))?.id,
});

/** @type {Record<string, Kept>} */
const KEPT = {
  row: index(ROWS),
  unit: index(UNITS),
  digit: index(CLASSES),
  against: index(CLASSES),
  order: oneOf(tables.orders),
  vary: oneOf(tables.variations),
  // Signs that the address bar shows as they are.
  silence: {
    write: (units) => writeUnits(units).replaceAll(", ", "_").replaceAll("–", "-"),
    read: (text) => parseUnits(text.replaceAll("_", ",")) ?? undefined,
  },
  hold: {
    write: (hold) =>
      tables.gates
        .filter(({ id }) => hold[id])
        .map(({ id, letter }) => [letter, ...hold[id]].join("-"))
        .join("_"),
    read: (text) => {
      const hold = {};
      for (const part of text.split("_").filter(Boolean)) {
        const [, letter, ...numbers] =
          part.match(`^([${LETTERS}])-([01]|0\\.\\d+)-(\\d+)-(\\d+)(?:-(\\d+))?$`) ?? [];
        const [value, first, last, unit] = numbers.filter(Boolean).map(Number);
        if (!letter || first > last || last >= ROWS || unit >= UNITS) return undefined;
        const { id } = tables.gates.find((gate) => gate.letter === letter);
        hold[id] = unit === undefined ? [value, first, last] : [value, first, last, unit];
      }
      return hold;
    },
  },
};

/** What is shown when the address says nothing. */
const PLAIN = Object.fromEntries(Object.keys(KEPT).map((key) => [key, now()[key]]));

/** @param {string} key @param {any} value */
const written = (key, value) => (value === null ? "" : KEPT[key].write(value));

export class Address {
  #drawing;
  /** What was written or followed last: another one is about to be followed, and not to be written over. */ #hash = location.hash;
  /** @type {number | undefined} */ #rest;

  /** Write what is shown to the address bar whenever it changes. @param {Drawing} drawing */
  constructor(drawing) {
    this.#drawing = drawing;
    watch(/** @type {any} */ (Object.keys(KEPT)), () => this.writeSoon());
  }

  /** Write it when it has been left alone for a while: browsers take it amiss at every frame. */
  writeSoon() {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.write(), REST);
  }

  /** @returns {string} the whole address, which shows the same to anyone */
  write() {
    clearTimeout(this.#rest);
    if (location.hash !== this.#hash) return location.href;
    const words = new URLSearchParams();
    const { drawn, offered } = this.#drawing;
    if (drawn.image) words.set("image", urlSafe(drawn.image));
    // A digit that was only offered is offered to anyone, and is still to be replaced by the first stroke.
    else if (drawn.strokes.length && !offered) words.set("draw", drawn.strokes.map(writeStroke).join("_"));
    for (const key of Object.keys(KEPT)) {
      const value = written(key, now()[key]);
      if (value !== written(key, PLAIN[key])) words.set(key, value);
    }
    history.replaceState(history.state, "", words.size ? `#${words}` : location.pathname + location.search);
    this.#hash = location.hash;
    return location.href;
  }

  /**
   * Show what the address says, now and when another one is opened in the same tab; what it says wrongly is left out.
   * @param {() => void} offer  draws something where the address holds no drawing
   */
  follow(offer) {
    this.#open(offer);
    addEventListener("hashchange", () => {
      this.#hash = location.hash;
      const words = [...new URLSearchParams(location.hash.slice(1)).keys()];
      const leadsToPart = words.length > 0 && !words.some((word) => word in KEPT || word === "draw" || word === "image");
      if (leadsToPart) return; // like #how
      show({ playing: false, pointed: null });
      this.#open(offer);
    });
  }

  /** @param {() => void} offer */
  #open(offer) {
    const words = new URLSearchParams(location.hash.slice(1));
    const drawn = readDrawing(words);
    if (drawn) this.#drawing.replace(drawn);
    else offer();
    const change = { ...PLAIN };
    for (const [key, { read }] of Object.entries(KEPT)) {
      const value = words.has(key) ? read(words.get(key)) : undefined;
      if (value !== undefined) change[key] = value;
    }
    show(change);
  }
}

/** @param {URLSearchParams} words @returns {?Partial<import("./drawing.js").Drawn>} null when they hold none */
function readDrawing(words) {
  const image = words.get("image");
  if (image && /^[\w-]{1046}$/.test(image)) return { image: `${image.replaceAll("-", "+").replaceAll("_", "/")}==` };
  const strokes = words.get("draw")?.split("_").map(readStroke);
  return strokes?.length && strokes.every(Boolean) ? { strokes } : null;
}

/** Base64 that an address can hold. @param {string} base64 */
const urlSafe = (base64) => base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The steps from point to point, in base 36, each with its sign before it. @param {Stroke} stroke */
function writeStroke(stroke) {
  return stroke
    .map((value, k) => value - (k < 2 ? 0 : stroke[k - 2]))
    .map((step) => (step < 0 ? "-" : ".") + Math.abs(step).toString(36))
    .join("");
}

/** @param {string} text @returns {?Stroke} */
function readStroke(text) {
  if (!/^([.-][0-9a-z]{1,3}){2,}$/.test(text)) return null;
  const steps = [...text.matchAll(/([.-])([0-9a-z]+)/g)].map(([, sign, size]) => parseInt(size, 36) * (sign === "-" ? -1 : 1));
  if (steps.length % 2) return null;
  steps.forEach((step, k) => (steps[k] = k < 2 ? step : steps[k - 2] + step));
  return steps.every((value) => value >= 0 && value <= PAD) ? steps : null;
}
