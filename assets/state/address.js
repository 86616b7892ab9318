/**
 * The address bar carries what is shown: the drawing, the row and the unit, the order and the experiments.
 * One table says what is kept; writing and reading both follow from it.
 */

import { CLASSES, ROWS, UNITS } from "../engine/dimensions.js";
import { PAD } from "./drawing.js";
import { EXPERIMENT, now, show, watch } from "./state.js";
import { parseUnits, writeUnits } from "./unit-list.js";
import maps from "../data/maps.json" with { type: "json" };
import tables from "../data/tables.json" with { type: "json" };

/** @typedef {import("./drawing.js").Drawing} Drawing @typedef {import("./drawing.js").Stroke} Stroke */

/** @typedef {import("../backend/remote.js").Request} Request @typedef {import("./state.js").Reading} Reading */

const REST = 300; // milliseconds without a change before the address is written
const LONGEST = 350_000; // characters: two drawings, each of all the points that are read, have fewer
const LETTERS = tables.gates.map(({ letter }) => letter).join("");

/** @typedef {{write: (value: any) => string, read: (text: string) => any}} Kept  read gives undefined for invalid text */

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

/** @type {Kept} */
const flag = { write: (on) => (on ? "1" : ""), read: (text) => text === "1" || undefined };

/** What is kept when it is not as it is at first. @type {Record<string, Kept>} */
const KEPT = {
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
  map: oneOf(maps),
  overlay: flag,
  difference: flag,
};

/** What was chosen by people, and is kept whatever it is. @type {Record<string, Kept>} */
const PLACE = { row: index(ROWS), unit: index(UNITS) };

/** What an address without an order was made with: all that are made now name theirs. */
const OLDER_ORDER = "index";

/** What is shown when the address says nothing. */
const PLAIN = Object.fromEntries(Object.keys(KEPT).map((key) => [key, now()[key]]));

/** All words that an address may hold. */
const WORDS = [...Object.keys(KEPT), ...Object.keys(PLACE), "draw", "image", "pinned"];

/** What the address says: nothing when it is longer than any that the page writes, which would keep it busy for long. */
const said = () => new URLSearchParams(location.hash.length > LONGEST ? "" : location.hash.slice(1));

/** @param {string} key @param {any} value */
const written = (key, value) => (value === null ? "" : KEPT[key].write(value));

export class Address {
  #drawing;
  /** @type {(request: Request) => Promise<Reading>} */ #readAgain;
  /** Which stay on the page an entry of the history belongs to, and how many steps of it lie before. */
  #visit = history.state?.visit ?? anew();
  #steps = history.state?.steps ?? 0;
  /** What was written or followed last: another one is about to be followed, and not to be written over. */ #hash = location.hash;
  /** What is still to be read again, as the address has it; empty when nothing is. */ #awaited = "";
  /** @type {number | undefined} */ #rest;

  /**
   * Write what is shown to the address bar whenever it changes.
   * @param {Drawing} drawing
   * @param {(request: Request) => Promise<Reading>} readAgain  what was pinned: an address holds only what was read
   */
  constructor(drawing, readAgain) {
    this.#drawing = drawing;
    this.#readAgain = readAgain;
    watch(/** @type {any} */ ([...Object.keys(KEPT), ...Object.keys(PLACE), "placed", "pinned"]), () => this.writeSoon());
  }

  /** Write it when it has been left alone for a while: browsers limit how often it may change. */
  writeSoon() {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.write(), REST);
  }

  /** @returns {string} the whole address, which shows the same to anyone */
  write() {
    clearTimeout(this.#rest);
    this.#rest = undefined;
    if (location.hash !== this.#hash) return location.href;
    const words = new URLSearchParams();
    const { drawn, offered } = this.#drawing;
    const shown = now();
    // A digit that was only offered is offered to anyone, and is still to be replaced by the first stroke.
    if (!offered) writeDrawing(words, drawn);
    if (!offered && this.#drawing.blank) words.set("draw", "");
    if (shown.placed) for (const key of Object.keys(PLACE)) words.set(key, PLACE[key].write(shown[key]));
    const changed = Object.keys(KEPT).filter((key) => written(key, shown[key]) !== written(key, PLAIN[key]));
    const pinned = shown.pinned ? writeRequest(shown.pinned.asked) : this.#awaited;
    const any = words.size > 0 || changed.length > 0 || pinned !== "";
    for (const key of Object.keys(KEPT))
      if (changed.includes(key) || (any && key === "order")) words.set(key, written(key, shown[key]));
    if (pinned) words.set("pinned", pinned);
    history.replaceState({ ...history.state, linked: shown.linked }, "", words.size ? `#${words}` : location.pathname + location.search);
    this.#hash = location.hash;
    handOn();
    return location.href;
  }

  /**
   * Show what the address says, now and when another one is opened in the same tab; what it says wrongly is left out.
   * @param {() => void} offer  draws something where the address holds no drawing
   */
  follow(offer) {
    this.#open(offer);
    addEventListener("popstate", () => {
      const { visit, steps } = history.state ?? {};
      if (visit !== this.#visit || steps === this.#steps) return;
      this.#steps = steps;
      this.#hash = location.hash; // not to be followed: what is shown stays
      this.write();
    });
    // Nothing may be left unwritten when the page is put away, and perhaps never comes back.
    const hurry = () => this.#rest !== undefined && this.write();
    addEventListener("pagehide", hurry);
    document.addEventListener("visibilitychange", () => document.hidden && hurry());
    addEventListener("hashchange", () => {
      if (location.hash === this.#hash) return;
      this.#hash = location.hash;
      const words = [...said().keys()];
      if (words.length > 0 && !words.some((word) => WORDS.includes(word))) return this.#stepped(); // to a part, like #guide
      this.#visit = history.state?.visit ?? anew();
      this.#steps = history.state?.steps ?? 0;
      show({ playing: false, pointed: null, touring: false });
      this.#open(offer);
    });
  }

  /** Go on within the page: Back comes back to here, and what is shown stays. */
  step() {
    this.write();
    this.#mark();
    history.pushState(history.state, "");
    this.#stepped();
  }

  /** The history's newest entry is one step further. */
  #stepped() {
    this.#steps += 1;
    this.#mark();
  }

  #mark() {
    history.replaceState({ ...history.state, visit: this.#visit, steps: this.#steps }, "");
  }

  /** @param {() => void} offer */
  #open(offer) {
    const words = said();
    const drawn = readDrawing(words);
    if (drawn) this.#drawing.replace(drawn);
    else offer();
    /** @type {Record<string, any>} */ const change = { ...PLAIN, placed: false, pinned: null };
    if (!words.has("order") && WORDS.some((word) => words.has(word))) change.order = OLDER_ORDER;
    for (const [key, { read }] of Object.entries({ ...KEPT, ...PLACE })) {
      const value = words.has(key) ? read(words.get(key)) : undefined;
      if (value === undefined) continue;
      change[key] = value;
      if (key in PLACE) change.placed = true;
    }
    const text = words.get("pinned") ?? "";
    const pinned = readRequest(text);
    this.#awaited = pinned ? text : "";
    if (!pinned) change.difference = false;
    change.linked = history.state?.linked ?? EXPERIMENT.some((key) => written(key, change[key]) !== written(key, PLAIN[key]));
    show(change);
    if (!pinned) return;
    const done = (/** @type {Partial<import("./state.js").Shown>} */ shown) => {
      if (this.#awaited !== text) return; // another link has been opened meanwhile
      this.#awaited = "";
      if (!now().pinned) show(shown);
    };
    this.#readAgain(pinned).then(
      (reading) => done({ pinned: reading }),
      () => done({ notice: "The pinned reading of this link could not be read again.", difference: false, linked: now().linked }),
    );
  }
}

/** A name for a stay on the page that no other has. */
const anew = () => `${Date.now()} ${Math.random()}`;

/** In a Space's frame the address bar is that of the page around it, which takes over what follows #. */
function handOn() {
  if (parent !== window) parent.postMessage({ hash: location.hash }, "https://huggingface.co");
}

/** @param {URLSearchParams} words @param {{strokes?: Stroke[], image?: ?string}} drawn */
function writeDrawing(words, { strokes = [], image }) {
  if (image) words.set("image", urlSafe(image));
  else if (strokes.length) words.set("draw", strokes.map(writeStroke).join("_"));
}

/** What was asked to be read, in one word. @param {Request} request */
function writeRequest(request) {
  const words = new URLSearchParams();
  writeDrawing(words, request);
  for (const key of ["vary", "silence", "hold"]) if (request[key]) words.set(key, written(key, request[key]));
  return [...words].map((word) => word.join("*")).join("**");
}

/** @param {string} text @returns {?Request} null when it is none */
function readRequest(text) {
  // A Map, for words that a stranger wrote: with many, URLSearchParams looks through all for each.
  const words = new Map(
    text.split("**").map((word) => {
      const [key, value = ""] = word.split("*");
      return [key, value];
    }),
  );
  const drawn = readDrawing(words);
  if (!drawn) return null;
  const request = { ...drawn };
  for (const key of ["vary", "silence", "hold"]) if (words.has(key)) request[key] = KEPT[key].read(words.get(key));
  return request;
}

/**
 * @param {{get: (word: string) => ?string | undefined}} words
 * @returns {?Partial<import("./drawing.js").Drawn>} null when they hold none
 */
function readDrawing(words) {
  const image = words.get("image");
  if (image && /^[\w-]{1046}$/.test(image)) return { image: `${image.replaceAll("-", "+").replaceAll("_", "/")}==` };
  if (words.get("draw") === "") return { strokes: [] }; // the pad was cleared
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
