/** What if…: hold a gate, silence units, and see what becomes of the reading. */

import { unitEvidence } from "./unit-order.js";
import { ROWS, UNITS } from "../state/reading.js";
import { classInFocus, experimenting, now, show, watch } from "../state/state.js";

/** @typedef {import("../state/state.js").Shown} Shown @typedef {import("../state/state.js").Gate} Gate */

/** @type {Gate[]} */
const GATES = ["input_gate", "forget_gate", "output_gate"];
const LAST = ROWS - 1;

/** Experiments worth a try. @type {{name: string, tip: string, change: (shown: Shown) => Partial<Shown>}[]} */
const EXPERIMENTS = [
  {
    name: "Never forget",
    tip: "The forget gate is held at 1: whatever was written stays.",
    change: () => ({ hold: { forget_gate: [1, 0, LAST] } }),
  },
  {
    name: "Forget at every row",
    tip: "The forget gate is held at 0: only the last row is known at the end.",
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
      if (digit === null || !shown.known) return {};
      const added = Array.from({ length: UNITS }, (_, unit) => unitEvidence(shown, unit, digit));
      const most = added.map((_, unit) => unit).sort((a, b) => added[b] - added[a]);
      return { silence: most.slice(0, 10).sort((a, b) => a - b) };
    },
  },
];

/** @param {HTMLElement} card */
export function whatIf(card) {
  const [gates, units, brush, reset, experiments] = [".gates", "#silence", "#brush", "#reset", ".experiments"].map(
    (part) => card.querySelector(part),
  );

  for (const gate of GATES) gates.append(gateControl(gate));

  for (const { name, tip, change } of EXPERIMENTS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.title = tip;
    button.addEventListener("click", () => show({ hold: {}, silence: [], ...change(now()) }));
    experiments.append(button);
  }

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

/** A gate's switch, and when it is held its value and its rows. @param {Gate} gate */
function gateControl(gate) {
  const name = gate.replace("_", " ");
  const holder = document.createElement("fieldset");
  const row = (/** @type {string} */ which, /** @type {string} */ words) =>
    `<label>${words} <input type="number" class="${which}" min="1" max="${ROWS}" aria-label="${name}: ${words}"></label>`;
  holder.innerHTML = `
    <legend>${name}</legend>
    <div class="choice">
      <button type="button" data-value="free">free</button><button type="button" data-value="0">0</button><button
        type="button" data-value="1">1</button>
    </div>
    <div class="held">
      <input type="range" min="0" max="1" step="0.05" aria-label="${name}: held at">
      <output></output>
      <span>${row("from", "rows")} ${row("to", "to")}</span>
    </div>`;
  const [range, text, from, to, held] = ["[type=range]", "output", ".from", ".to", ".held"].map((part) =>
    holder.querySelector(part),
  );
  const buttons = [...holder.querySelectorAll("button")];
  const put = (/** @type {?[number, number, number]} */ how) => {
    const { [gate]: _, ...rest } = now().hold;
    show({ hold: how ? { ...rest, [gate]: how } : rest });
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      const [, first, last] = now().hold[gate] ?? [0, 0, LAST];
      put(button.dataset.value === "free" ? null : [Number(button.dataset.value), first, last]);
    });
  range.addEventListener("input", () => {
    const [, first, last] = now().hold[gate];
    put([range.valueAsNumber, first, last]);
  });
  const rows = () => {
    const bounded = (/** @type {HTMLInputElement} */ input, /** @type {number} */ otherwise) =>
      Math.min(LAST, Math.max(0, (Number.isFinite(input.valueAsNumber) ? Math.round(input.valueAsNumber) : otherwise) - 1));
    const [first, last] = [bounded(from, 1), bounded(to, ROWS)];
    put([now().hold[gate][0], Math.min(first, last), Math.max(first, last)]);
  };
  from.addEventListener("change", rows);
  to.addEventListener("change", rows);

  watch(["hold"], ({ hold }) => {
    const how = hold[gate];
    held.hidden = !how;
    for (const button of buttons) {
      const value = button.dataset.value;
      button.setAttribute("aria-pressed", String(how ? Number(value) === how[0] : value === "free"));
    }
    if (!how) return;
    range.value = String(how[0]);
    text.textContent = how[0].toFixed(2);
    from.value = String(how[1] + 1);
    to.value = String(how[2] + 1);
  });
  return holder;
}

/** "3, 17, 40–60" as units, or null when it is something else. @param {string} text @returns {?number[]} */
export function parseUnits(text) {
  /** @type {Set<number>} */ const units = new Set();
  for (const part of text.split(/[,;\s]+/).filter(Boolean)) {
    const [, low, high] = part.match(/^(\d{1,3})(?:[-–](\d{1,3}))?$/) ?? [];
    if (low === undefined || Number(high ?? low) >= UNITS || Number(low) > Number(high ?? low)) return null;
    for (let unit = Number(low); unit <= Number(high ?? low); unit++) units.add(unit);
  }
  return [...units].sort((a, b) => a - b);
}

/** The other way round. @param {number[]} units  in order */
export function writeUnits(units) {
  const runs = [];
  for (const unit of units) {
    const run = runs.at(-1);
    if (run && unit === run[1] + 1) run[1] = unit;
    else runs.push([unit, unit]);
  }
  return runs.map(([low, high]) => (low === high ? `${low}` : `${low}–${high}`)).join(", ");
}
