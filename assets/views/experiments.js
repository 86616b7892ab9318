/** What if…: hold a gate, silence units, and see what becomes of the reading. */

import { GateControl } from "../components/gate-control.js";
import { unitEvidence } from "../engine/attribution.js";
import { ROWS, UNITS } from "../engine/dimensions.js";
import { classInFocus, experimenting, holdGate, now, rowInFocus, show, unitInFocus, watch } from "../state/state.js";
import { parseUnits, writeUnits } from "../state/unit-list.js";
import tables from "../data/tables.json" with { type: "json" };

/** @typedef {import("../state/state.js").Shown} Shown @typedef {import("../state/state.js").Gate} Gate */

const LAST = ROWS - 1;

/**
 * Experiments worth a try. untouched: what is changed follows from the reading, which has to be that of the network as it is.
 * @type {{name: string, tip: string, change: (shown: Shown) => Partial<Shown>, untouched?: boolean}[]}
 */
const EXPERIMENTS = [
  {
    name: "Never forget",
    tip: "The forget gate is held at 1: whatever was written stays.",
    change: () => ({ hold: { forget_gate: [1, 0, LAST] } }),
  },
  {
    name: "Forget at every row",
    tip: "The forget gate is held at 0: no cell keeps anything from one row to the next.",
    change: () => ({ hold: { forget_gate: [0, 0, LAST] } }),
  },
  {
    name: "Never write after row 14",
    tip: "The input gate is held at 0 in the lower half.",
    change: () => ({ hold: { input_gate: [0, 14, LAST] } }),
  },
  {
    name: "Always speak up",
    tip: "The output gate is held at 1: no unit keeps anything to itself.",
    change: () => ({ hold: { output_gate: [1, 0, LAST] } }),
  },
  {
    name: "Silence the ten units with most evidence",
    tip: "The ten units that add most to the logit of the digit say nothing.",
    change: (shown) => {
      const digit = classInFocus(shown);
      if (digit === null || !shown.network) return {};
      const added = Array.from({ length: UNITS }, (_, unit) => unitEvidence(shown, unit, digit));
      const most = added.map((_, unit) => unit).sort((a, b) => added[b] - added[a]);
      return { silence: most.slice(0, 10).sort((a, b) => a - b) };
    },
    untouched: true,
  },
];

/** @param {HTMLElement} card */
export function experiments(card) {
  const [gates, units, brush, reset, tries] = [".gates", "#silence", "#brush", "#reset", ".experiments"].map(
    (part) => card.querySelector(part),
  );

  for (const { id, letter, name } of tables.gates) {
    const gate = /** @type {Gate} */ (id);
    const control = new GateControl(gates, { id, letter, name }, (how) => holdGate(gate, how));
    watch(["hold", "reading", "row", "unit", "pointed"], (shown) => {
      const { reading, hold } = shown;
      const [row, unit] = [rowInFocus(shown), unitInFocus(shown)];
      control.show(hold[gate] ?? null, reading && reading[gate][row * UNITS + unit], unit);
    });
  }

  /** @type {?((shown: Shown) => Partial<Shown>)} an experiment that waits for the untouched reading */ let waiting = null;
  const plain = (/** @type {Shown} */ { reading }) => reading !== null && !reading.asked.hold && !reading.asked.silence;
  for (const { name, tip, change, untouched = false } of EXPERIMENTS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.title = tip;
    button.addEventListener("click", () => {
      waiting = null;
      const ready = !untouched || plain(now());
      show({ hold: {}, silence: [], ...(ready && change(now())) });
      if (!ready) waiting = change;
    });
    tries.append(button);
  }
  watch(["hold", "silence"], () => (waiting = null));
  watch(["reading"], (shown) => {
    const change = waiting;
    if (!change || !plain(shown)) return;
    waiting = null;
    show(change(shown));
  });

  units.addEventListener("change", () => {
    const silence = parseUnits(units.value);
    units.setCustomValidity(silence ? "" : `Units are numbers from 0 to ${UNITS - 1}, like 3, 17, 40–60.`);
    if (!units.reportValidity()) return;
    show({ silence });
  });
  brush.addEventListener("click", () => show({ brush: !now().brush }));
  reset.addEventListener("click", () => show({ hold: {}, silence: [], brush: false }));

  watch(["silence"], ({ silence }) => {
    units.value = writeUnits(silence);
    units.setCustomValidity("");
  });
  watch(["brush"], (shown) => {
    brush.setAttribute("aria-pressed", String(shown.brush));
    document.body.classList.toggle("brushing", shown.brush);
  });
  watch(["hold", "silence"], (shown) => {
    reset.disabled = !experimenting(shown);
    card.classList.toggle("on", experimenting(shown));
  });
}
