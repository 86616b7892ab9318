/** Every array of a reading, for NumPy: `numpy.load(file)` gives them by name. */

import tables from "../data/tables.json" with { type: "json" };
import { CLASSES, PIXELS, ROWS, UNITS } from "../engine/dimensions.js";
import { aboutNumbers, networkName } from "./about.js";
import { joined, two, utf8 } from "./bytes.js";
import { zip } from "./zip.js";

const MAPS = ["input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden", "memory", "added"];
const ABOUT_ARRAYS = [
  "Rows and units are counted from 0, as in the arrays; the page counts rows from 1.",
  "strokes: points (x, y) on a pad of 1000 x 1000, y down; stroke_end: for each stroke the place after its last point.",
  "hold: by row, gate (input, forget, output) and unit, the value at which it was held; NaN where it was free.",
];

/** @param {import("./about.js").Taken} taken @returns {Promise<Blob>} */
export async function npz(taken) {
  const { reading, network } = taken;
  const { strokes = [], hold = {}, silence = [], vary } = reading.asked;
  const held = new Float32Array(ROWS * tables.gates.length * UNITS).fill(NaN);
  tables.gates.forEach(({ id }, gate) => {
    const [value, first, last, unit] = hold[id] ?? [NaN, 0, -1];
    for (let row = first; row <= last; row++) {
      const at = (row * tables.gates.length + gate) * UNITS;
      held.fill(value, at + (unit ?? 0), at + (unit ?? UNITS - 1) + 1);
    }
  });
  let points = 0;
  const ends = strokes.map((stroke) => (points += stroke.length / 2));

  /** @type {Record<string, Uint8Array>} */
  const arrays = {
    digit: integers([reading.digit ?? -1], []),
    why: text(reading.why ?? ""),
    score: floats([reading.score], []),
    probabilities: floats(reading.probabilities, [CLASSES]),
    logits: floats(reading.logits, [ROWS, CLASSES]),
    verdict: floats(reading.verdict, [ROWS, CLASSES]),
    evidence: floats(reading.evidence, [ROWS, CLASSES]),
    ...Object.fromEntries(MAPS.map((name) => [name, floats(reading[name], [ROWS, UNITS])])),
    image: floats(reading.image, [ROWS, PIXELS]),
    strokes: floats(strokes.flat(), [points, 2]),
    stroke_end: integers(ends, [ends.length]),
    hold: floats(held, [ROWS, tables.gates.length, UNITS]),
    silence: integers(silence, [silence.length]),
    variation: text(vary ?? ""),
    network: text(networkName(taken)),
    sha256: text(network?.sha256 ?? ""),
    temperature: floats([network?.temperature ?? NaN], []),
    least_score: floats([network?.leastScore ?? NaN], []),
    about: text([...aboutNumbers(taken), ...ABOUT_ARRAYS].join("\n")),
  };
  const files = Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, content: array }));
  return new Blob([await zip(files)], { type: "application/zip" });
}

/** @param {ArrayLike<number>} values @param {number[]} shape */
const floats = (values, shape) => npy("<f4", shape, Float32Array.from(values).buffer);

/** @param {number[]} values @param {number[]} shape */
const integers = (values, shape) => npy("<i8", shape, BigInt64Array.from(values, BigInt).buffer);

/** @param {string} words */
function text(words) {
  const letters = Uint32Array.from(words, (letter) => letter.codePointAt(0));
  return npy(`<U${Math.max(1, letters.length)}`, [], letters.length ? letters.buffer : new ArrayBuffer(4));
}

/**
 * An array in NumPy's format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @param {string} kind  little-endian, as is every machine that browsers run on
 * @param {number[]} shape
 * @param {ArrayBuffer} buffer
 */
function npy(kind, shape, buffer) {
  const places = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const words = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${places}), }`;
  const start = [0x93, ...utf8("NUMPY"), 1, 0];
  const whole = Math.ceil((start.length + 2 + words.length + 1) / 64) * 64; // the data begin at a multiple of 64
  const header = utf8(words.padEnd(whole - start.length - 3) + "\n");
  return joined([start, two(header.length), header, new Uint8Array(buffer)]);
}
