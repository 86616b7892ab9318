/** The cell of the unit and row in focus. Pointing at a part lights it everywhere, and pressing a gate asks: what if? */

import { CellPicture, PARTS } from "../components/cell-picture.js";
import { GateControl } from "../components/gate-control.js";
import { Popover } from "../components/popover.js";
import { PIXELS, UNITS } from "../engine/dimensions.js";
import { holdGate, now, rowInFocus, show, unitInFocus, watch } from "../state/state.js";
import tables from "../data/tables.json" with { type: "json" };

/** @typedef {import("../state/state.js").Shown} Shown @typedef {import("../components/cell-picture.js").Part} Part */

/** @param {HTMLElement} holder @param {HTMLElement} title  says which unit and row */
export function cellDiagram(holder, title) {
  const popover = new Popover();
  /** @type {?Part} */ let pointed = null;
  /** @type {?Part} whose what-if is open */ let open = null;
  /** @type {?(shown: Shown) => void} */ let refill = null;

  const light = () => {
    const part = pointed ?? open;
    show({ lit: part && { map: part.map, row: rowInFocus(now()) - part.before } });
  };
  const picture = new CellPicture(holder, {
    light: (part) => {
      pointed = part;
      light();
    },
    open: (part, element) => {
      if (popover.opened(element)) return popover.close(true);
      const fill = (/** @type {HTMLElement} */ card) => (refill = part.map === "hidden" ? silencer(card) : gate(card, part));
      popover.open(element, holder, `What if: ${part.name}`, fill, () => {
        refill = open = null;
        light();
      });
      open = part;
      refill(now());
      light();
    },
  });

  watch(["reading", "row", "unit", "pointed", "lit", "dark"], (shown) => {
    const [row, unit] = [rowInFocus(shown), unitInFocus(shown)];
    title.textContent = `unit ${unit}, row ${row + 1}`;
    const looks = Object.fromEntries(PARTS.map((part) => [part.id, look(shown, part, row, unit)]));
    const pixels = shown.reading?.image.subarray(row * PIXELS, (row + 1) * PIXELS) ?? [];
    picture.draw(looks, pixels, shown.dark);
  });
  watch(["row", "pointed"], () => (pointed ?? open) && light()); // the row moves on under the pointer
  watch(["hold", "silence", "reading", "row", "unit"], (shown) => refill?.(shown));
}

/** @param {Shown} shown @param {Part} part @param {number} row @param {number} unit @returns {import("../components/cell-picture.js").Look} */
function look({ reading, lit, pointed }, { map, before }, row, unit) {
  const at = row - before;
  const is = (/** @type {?{map?: string}} */ place, /** @type {number} */ there) => place?.map === map && there === at;
  return {
    value: reading && (at < 0 ? 0 : reading[map][at * UNITS + unit]),
    changed: reading && at >= 0 ? changed(reading, map, at, unit) : "",
    lit: is(lit, lit?.row) || is(pointed, row),
  };
}

/** @param {import("../state/state.js").Reading} reading @param {string} map @param {number} row @param {number} unit */
function changed({ asked, silence }, map, row, unit) {
  if (map === "hidden") return silence.includes(unit) ? "silent" : "";
  const [, first, last, one = unit] = asked.hold?.[map] ?? [0, 0, -1];
  return first <= row && row <= last && one === unit ? "held" : "";
}

/** What if a gate is held. @param {HTMLElement} card @param {Part} part @returns {(shown: Shown) => void} keeps it current */
function gate(card, { map }) {
  const { id, letter, name } = tables.gates.find((entry) => entry.id === map);
  const key = /** @type {import("../state/state.js").Gate} */ (id);
  const control = new GateControl(card, { id, letter, name }, (how) => holdGate(key, how));
  return (shown) => control.show(shown.hold[key] ?? null, own(shown, key), shown.unit);
}

/** The value of a gate in focus; null while nothing has been read. @param {Shown} shown @param {string} gate */
const own = ({ reading, row, unit }, gate) => reading && reading[gate][row * UNITS + unit];

/** What if the unit is silenced. @param {HTMLElement} card @returns {(shown: Shown) => void} keeps it current */
function silencer(card) {
  const button = document.createElement("button");
  button.type = "button";
  card.append(button);
  button.addEventListener("click", () => {
    const { silence, unit } = now();
    show({ silence: silence.includes(unit) ? silence.filter((one) => one !== unit) : [...silence, unit].sort((a, b) => a - b) });
  });
  return ({ silence, unit }) => (button.textContent = silence.includes(unit) ? `Let unit ${unit} speak` : `Silence unit ${unit}`);
}
