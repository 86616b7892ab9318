/** The six maps of what the LSTM did. */

import { rowInFocus, unitInFocus, watch } from "./state.js";
import { unitMap } from "./unitmap.js";

/** How far the cell's map reaches; few cells ever go further, and those are drawn at its end. */
const CELL_RANGE = 4;

/** @type {import("./heatmap.js").Scale} */ const GATE = { map: "sequential", range: [0, 1] };
/** @type {import("./heatmap.js").Scale} */ const SIGNED = { map: "diverging", range: [-1, 1] };
/** @type {import("./heatmap.js").Scale} */ const CELL = { map: "diverging", range: [-CELL_RANGE, CELL_RANGE] };

/** @type {import("./unitmap.js").Kind[]} */
const MAPS = [
  {
    id: "input_gate",
    title: "Input gate",
    symbol: "i",
    does: "how much of this row to write",
    tip: "Also called the write gate. 0 writes nothing into the cell, 1 writes the whole candidate.",
    scale: GATE,
    difference: SIGNED,
  },
  {
    id: "forget_gate",
    title: "Forget gate",
    symbol: "f",
    does: "how much memory to keep",
    tip: "Also called the keep gate. 1 keeps the cell as it was, 0 wipes it.",
    scale: GATE,
    difference: SIGNED,
  },
  {
    id: "output_gate",
    title: "Output gate",
    symbol: "o",
    does: "how much memory to show",
    tip: "Also called the read gate. 0 hides the cell, 1 shows it to the readout and to the next row.",
    scale: GATE,
    difference: SIGNED,
  },
  {
    id: "candidate",
    title: "Candidate",
    symbol: "g",
    does: "what would be written",
    tip: "What this row, and the hidden state before it, propose to add to the cell.",
    scale: SIGNED,
  },
  {
    id: "cell",
    title: "Cell",
    symbol: "c",
    does: "the memory itself",
    tip: "What was kept plus what was written: c = f·c′ + i·g. It has no bounds; the colours end at ±4.",
    scale: CELL,
  },
  {
    id: "hidden",
    title: "Hidden",
    symbol: "h",
    does: "what the unit says",
    tip: "The cell, squashed and let through by the output gate: h = o·tanh(c). The readout sees only this.",
    scale: SIGNED,
  },
];

/**
 * @param {HTMLElement} holder
 * @param {HTMLElement} text  says which row and unit are in focus
 */
export function gates(holder, text) {
  for (const kind of MAPS) unitMap(holder, kind);
  watch(["row", "unit", "pointed"], (shown) => {
    text.textContent = `row ${rowInFocus(shown) + 1} · unit ${unitInFocus(shown)}`;
  });
}
