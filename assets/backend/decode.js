/**
 * The server's answer to a drawing, from its bytes to a reading. `model/serving/reply.py` describes the layout:
 * little-endian, as in every machine that browsers run on.
 *
 * @typedef {Object} Said  what was read
 * @property {?number} digit               null when there is none
 * @property {?("blank" | "several" | "other")} why  there is none; null when there is one
 * @property {?number} closest             the most probable digit, taken for one or not; null when blank
 * @property {number} score                how much speaks for a digit at all
 * @property {Float32Array} probabilities  10, after the last row
 *
 * @typedef {Object} Reply
 * @property {Said} said
 * @property {?Said} untouched     what is read without the experiment; null when there is none
 * @property {Float32Array} image  28 × 28, ink = 1
 * @property {import("../engine/lstm.js").Gates} gates
 * @property {?import("../engine/derive.js").Derived} derived  null when only the gates were sent
 */

import { derive } from "../engine/derive.js";
import { CLASSES, PIXELS, ROWS, UNITS } from "../engine/dimensions.js";
import { holdRow } from "../engine/lstm.js";

const SHORT = 1; // 16 bits a gate's value
const FULL = 2; // float32, and all that follows from the gates
const REASONS = /** @type {const} */ ([null, "blank", "several", "other"]);

// Where the parts begin.
const SCORE = 8;
const UNTOUCHED_SCORE = SCORE + 4 * (1 + CLASSES);
const IMAGE = UNTOUCHED_SCORE + 4 * (1 + CLASSES);
const ARRAYS = IMAGE + ROWS * PIXELS;

const MAP = ROWS * UNITS;
const SHORT_LENGTH = ARRAYS + 4 * 2 * MAP;
const FULL_LENGTH = ARRAYS + 8 * 4 * MAP + 3 * 4 * ROWS * CLASSES;

/**
 * @param {ArrayBuffer} bytes
 * @returns {Reply}
 * Throws a RangeError for bytes that are no such answer.
 */
export function decode(bytes) {
  const head = new Int8Array(bytes, 0, Math.min(SCORE, bytes.byteLength));
  const [format, digit, why, touched, untouchedDigit, untouchedWhy] = head;
  const length = { [SHORT]: SHORT_LENGTH, [FULL]: FULL_LENGTH }[format];
  if (bytes.byteLength !== length) throw new RangeError(`an answer of format ${format} in ${bytes.byteLength} bytes`);
  if (touched !== 0 && touched !== 1) throw new RangeError(`an answer that is ${touched} touched`);
  return {
    said: said(bytes, SCORE, digit, why),
    untouched: touched ? said(bytes, UNTOUCHED_SCORE, untouchedDigit, untouchedWhy) : null,
    image: new Float32Array(new Uint8Array(bytes, IMAGE, ROWS * PIXELS)).map((ink) => ink / 255),
    ...(format === SHORT ? shortArrays(bytes) : fullArrays(bytes)),
  };
}

/**
 * @param {ArrayBuffer} bytes
 * @param {number} at  of the score; the probabilities follow
 * @param {number} digit  −1 for none
 * @param {number} code   of why there is none
 * @returns {Said}
 */
function said(bytes, at, digit, code) {
  const [score, ...probabilities] = new Float32Array(bytes, at, 1 + CLASSES);
  if (!(code in REASONS) || (code === 0) !== (digit >= 0) || digit < -1 || digit >= CLASSES)
    throw new RangeError(`digit ${digit} for reason ${code}`);
  if (![score, ...probabilities].every(Number.isFinite)) throw new RangeError("a probability that is no number");
  return {
    digit: digit < 0 ? null : digit,
    why: REASONS[code],
    closest: REASONS[code] === "blank" ? null : probabilities.indexOf(Math.max(...probabilities)),
    score,
    probabilities: Float32Array.from(probabilities),
  };
}

/** @param {ArrayBuffer} bytes @returns {Pick<Reply, "gates" | "derived">} */
function shortArrays(bytes) {
  const gate = (/** @type {number} */ k) => scaled(new Uint16Array(bytes, ARRAYS + 2 * MAP * k, MAP), 65535);
  const candidate = scaled(new Int16Array(bytes, ARRAYS + 2 * MAP * 3, MAP), 32767);
  return { gates: { input_gate: gate(0), forget_gate: gate(1), candidate, output_gate: gate(2) }, derived: null };
}

/** @param {Uint16Array | Int16Array} integers @param {number} one  what stands for 1 */
function scaled(integers, one) {
  const values = new Float32Array(integers.length);
  for (let k = 0; k < values.length; k++) values[k] = integers[k] / one;
  return values;
}

/** @param {ArrayBuffer} bytes @returns {Pick<Reply, "gates" | "derived">} */
function fullArrays(bytes) {
  let at = ARRAYS;
  const next = (/** @type {number} */ columns) => {
    const values = new Float32Array(bytes, at, ROWS * columns);
    at += 4 * values.length;
    return values;
  };
  // In the order of the bytes.
  const gates = { input_gate: next(UNITS), forget_gate: next(UNITS), candidate: next(UNITS), output_gate: next(UNITS) };
  const maps = { cell: next(UNITS), hidden: next(UNITS), memory: next(UNITS), added: next(UNITS) };
  return { gates, derived: { ...maps, logits: next(CLASSES), verdict: next(CLASSES), evidence: next(CLASSES) } };
}

/**
 * @param {Reply} reply
 * @param {import("./remote.js").Request} asked  what it answers
 * @param {?import("./network.js").Network} network  not asked for when the reply is in full
 * @param {"server" | "browser"} by  who read it
 * @returns {import("../state/reading.js").Reading}
 */
export function readingOf({ said, image, gates, derived }, asked, network, by) {
  const { hold = {}, silence = [] } = asked;
  if (!derived) {
    // A held gate is known better than in 16 bits.
    for (let row = 0; row < ROWS; row++) holdRow(gates, row, hold);
    derived = derive(gates, silence, network);
  }
  return { ...said, image, ...gates, ...derived, silence, asked, by };
}
