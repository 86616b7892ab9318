/** What if…: hold a gate, silence units, and see what becomes of the reading. */

import { unitEvidence } from "../engine/attribution.js";
import { ROWS, UNITS } from "../engine/dimensions.js";
import { classInFocus, experimenting, now, show, watch } from "../state/state.js";
import { parseUnits, writeUnits } from "../state/unit-list.js";
import tables from "../data/tables.json" with { type: "json" };

/** @typedef {import("../state/state.js").Shown} Shown @typedef {import("../state/state.js").Gate} Gate */

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
      if (digit === null || !shown.reading || !shown.network) return {};
      const added = Array.from({ length: UNITS }, (_, unit) => unitEvidence(shown, unit, digit));
      const most = added.map((_, unit) => unit).sort((a, b) => added[b] - added[a]);
      return { silence: most.slice(0, 10).sort((a, b) => a - b) };
    },
  },
];

/** @param {HTMLElement} card */
export function experiments(card) {
  const [gates, units, brush, reset, tries] = [".gates", "#silence", "#brush", "#reset", ".experiments"].map(
    (part) => card.querySelector(part),
  );

  for (const { id, name } of tables.gates) gates.append(gateControl(/** @type {Gate} */ (id), name));

  for (const { name, tip, change } of EXPERIMENTS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.title = tip;
    button.addEventListener("click", () => show({ hold: {}, silence: [], ...change(now()) }));
    tries.append(button);
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

/** A gate's switch, and when it is held its value and its rows. @param {Gate} gate @param {string} name */
function gateControl(gate, name) {
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
