/**
 * The six maps as a table, one line for every unit at every row. What is to be known of them stands above, in lines that
 * begin with #: pandas.read_csv(file, comment="#") passes over them, and a spreadsheet shows them above the table.
 */

import { ROWS, UNITS } from "../engine/dimensions.js";
import { aboutNumbers, heldAt } from "./about.js";
import tables from "../data/tables.json" with { type: "json" };

const MAPS = ["input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden"];

/** @param {import("./about.js").Taken} taken @returns {Blob} */
export function csv(taken) {
  const { reading } = taken;
  const lines = [...comments(taken).map((line) => `# ${plain(line)}`), ["row", "unit", ...MAPS].join(",")];
  for (let row = 0, at = 0; row < ROWS; row++)
    for (let unit = 0; unit < UNITS; unit++, at++)
      lines.push([row + 1, unit, ...MAPS.map((name) => written(reading[name][at]))].join(","));
  return new Blob([`${lines.join("\n")}\n`], { type: "text/csv" });
}

/** @param {import("./about.js").Taken} taken @returns {string[]} */
function comments(taken) {
  const { reading } = taken;
  const { strokes, silence = [], vary } = reading.asked;
  const held = tables.gates.map(({ id, name }) => {
    const [value, first, last, unit] = heldAt(reading, id) ?? [];
    const whose = unit === undefined ? "" : ` of unit ${unit}`;
    return `${name}${whose} ${value === undefined ? "free" : `${value} in rows ${first + 1} to ${last + 1}`}`;
  });
  const drawn = strokes?.map((stroke) => stroke.join(" ")).join("; ");
  return [
    ...aboutNumbers(taken),
    'The table follows these lines; in pandas: read_csv(file, comment="#"). Rows are counted from 1 and units from 0.',
    `Hold: ${held.join("; ")}.`,
    `Silence: ${silence.length ? silence.join(" ") : "none"}.`,
    `Variation: ${vary ?? "none"}.`,
    `Probabilities of 0 to 9: ${Array.from(reading.probabilities, written).join(" ")}. Score: ${written(reading.score)}.`,
    drawn === undefined
      ? "Strokes: none; it is an image."
      : `Strokes as x y x y on a pad of 1000 x 1000 with y down: ${drawn || "none"}`,
    `Image as read (28 rows of 28 bytes; ink = 255): ${Array.from(reading.image, (ink) => Math.round(255 * ink)).join(" ")}`,
  ];
}

/** Nine digits give back every float32. @param {number} value */
const written = (value) => String(Number(value.toPrecision(9)));

/** In ASCII: then no spreadsheet has to guess the encoding. @param {string} line */
const plain = (line) =>
  line.replaceAll("–", "-").replaceAll("°", " degrees").replaceAll("·", ";").replaceAll("×", "x");
