/** Maps of 28 rows × 128 units, and which row and unit are in focus on them. */

import { ofDifference } from "../components/colormap.js";
import { UnitMap } from "../components/unit-map.js";
import { UNITS } from "../engine/dimensions.js";
import { differing, keep, lastRead, now, rowInFocus, show, unitInFocus, watch } from "../state/state.js";
import gates from "../data/maps.json" with { type: "json" };

/** @typedef {import("../components/unit-map.js").Kind} Kind @typedef {import("../state/state.js").Shown} Shown */

/** The six maps of what the LSTM did. */
export const GATES = /** @type {Kind[]} */ (gates);

/** What of each row is left at the end. @type {Kind} */
export const MEMORY = {
  id: "memory",
  title: "What survives",
  symbol: "∏ f",
  does: "of what each row wrote, the share still in the cell at the end",
  tip: "The product of the forget gates of all later rows. What the last row writes is all there.",
  colours: "sequential",
  range: [0, 1],
};

/** @param {HTMLElement} holder @param {Kind} kind */
export function unitMap(holder, kind) {
  const { id, does, colours, range } = kind;
  const place = (/** @type {import("../components/heatmap.js").Place} */ { row, column }) => ({ row, unit: now().columns[column] });
  const picture = new UnitMap(holder, kind, {
    point: (at) => show({ pointed: at && { ...place(at), map: id } }),
    pin: (at) => keep(place(at)),
    ...(kind !== MEMORY && { enlarge: () => show({ map: id }) }),
    brush: (from, to, done) => {
      if (!now().brush) return;
      show({ silence: [...now().columns.slice(from, to + 1)].sort((a, b) => a - b), brush: !done });
    },
  });

  /** @type {?Float32Array} */ let values = null;
  const write = (/** @type {Shown} */ shown) => {
    const [row, unit] = [rowInFocus(shown), unitInFocus(shown)];
    picture.say(values && values[row * UNITS + unit], `row ${row + 1}, unit ${unit}`);
  };

  watch(["reading", "pinned", "difference", "dark"], (shown) => {
    const { dark } = shown;
    const apart = differing(shown);
    picture.scale = apart ? { colours: "diverging", range: ofDifference(range), dark } : { colours, range, dark };
    picture.does = apart ?? does;
  });
  watch(["reading", "pinned", "difference", "dark", "columns"], (shown) => {
    const { reading, pinned, columns } = shown;
    if (!reading) return;
    values = differing(shown) ? reading[id].map((value, k) => value - pinned[id][k]) : reading[id];
    picture.draw(values, columns);
    write(shown);
  });
  if (kind !== MEMORY) watch(["map"], ({ map }) => (picture.full = map === id));
  watch(["row", "unit", "pointed", "columns"], (shown) => {
    picture.mark(rowInFocus(shown), shown.columns.indexOf(unitInFocus(shown)));
    write(shown);
  });
  watch(["readTo"], (shown) => picture.veil(lastRead(shown) + 1));
  watch(["hold", "columns"], ({ hold, columns }) => {
    const [, first, last, unit = null] = hold[id] ?? [];
    picture.hatch(first === undefined ? null : { first, last, column: unit === null ? null : columns.indexOf(unit) });
  });
  watch(["lit", "unit", "pointed", "columns"], (shown) => {
    const { lit, columns } = shown;
    picture.light(lit?.map === id && lit.row >= 0 ? { row: lit.row, column: columns.indexOf(unitInFocus(shown)) } : null);
  });
}

/**
 * What stands above the six maps.
 * @param {HTMLElement} text  says which row and unit are in focus
 * @param {HTMLElement} what  says what the maps show
 */
export function mapsTitle(text, what) {
  const plain = what.textContent;
  watch(["reading", "pinned", "difference"], (shown) => {
    const words = differing(shown) ?? plain;
    if (what.textContent !== words) what.textContent = words; // costs a layout
  });
  watch(["row", "unit", "pointed"], (shown) => {
    text.textContent = `row ${rowInFocus(shown) + 1} · unit ${unitInFocus(shown)}`;
  });
}
