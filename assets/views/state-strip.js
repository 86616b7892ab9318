/** What is changed about the network, the drawing or the maps just now, in one line, and the way back. */

import { differing, show, watch } from "../state/state.js";
import { writeUnits } from "../state/unit-list.js";
import tables from "../data/tables.json" with { type: "json" };

/** @typedef {import("../state/state.js").Shown} Shown */

/** @param {HTMLElement} holder  empty when nothing is changed */
export function stateStrip(holder) {
  const [words, outcome] = ["span", "b"].map((name) => document.createElement(name));
  const back = document.createElement("button");
  back.type = "button";
  back.className = "link";
  back.textContent = "put back";
  back.addEventListener("click", () => show({ hold: {}, silence: [], vary: null, difference: false, brush: false }));

  watch(["hold", "silence", "vary", "difference", "pinned", "reading", "untouched", "linked"], (shown) => {
    const changes = [...held(shown), ...silenced(shown), ...varied(shown), differing(shown)].filter(Boolean);
    if (!changes.length) {
      holder.removeAttribute("title");
      words.textContent = outcome.textContent = "";
      return holder.replaceChildren();
    }
    const [text, end] = [`${shown.linked ? "From the link: " : ""}${changes.join(", ")}`, `${effect(shown)} · `];
    if (words.textContent + outcome.textContent !== text + end) {
      [words.textContent, outcome.textContent, holder.title] = [text, end, text + end];
    }
    if (!back.isConnected) holder.replaceChildren(words, outcome, back);
  });
}

/** @param {Shown} shown */
const held = ({ hold }) =>
  tables.gates
    .filter(({ id }) => hold[id])
    .map(({ id, name }) => {
      const [value, first, last, unit] = hold[id];
      const whose = unit === undefined ? "" : ` of unit ${unit}`;
      const rows = first === last ? `row ${first + 1}` : `rows ${first + 1}–${last + 1}`;
      return `${name[0].toUpperCase()}${name.slice(1)}${whose} held at ${value}, ${rows}`;
    });

/** @param {Shown} shown */
const silenced = ({ silence }) => (silence.length ? [`Unit${silence.length > 1 ? "s" : ""} ${writeUnits(silence)} silenced`] : []);

/** @param {Shown} shown */
const varied = ({ vary }) => tables.variations.filter(({ id }) => id === vary).map(({ name }) => `Drawing ${name}`);

/** What it makes of the answer. @param {Shown} shown */
function effect({ reading, untouched }) {
  if (reading?.why === "blank") return ", and so for what is drawn next";
  if (!reading || !untouched) return "";
  return `: ${untouched.digit ?? "?"} → ${reading.digit ?? "?"}`;
}
