/** The six maps of what the LSTM did: what each is called, and how far its colours reach, stands in maps.json. */

import { rowInFocus, unitInFocus, watch } from "../state/state.js";
import { unitMap } from "../components/unit-map.js";

/** @type {import("../components/unit-map.js").Kind[]} */
const MAPS = await (await fetch(new URL("../data/maps.json", import.meta.url))).json();

/**
 * @param {HTMLElement} holder
 * @param {HTMLElement} text  says which row and unit are in focus
 * @param {HTMLElement} what  says what the maps show
 */
export function gates(holder, text, what) {
  for (const kind of MAPS) unitMap(holder, kind);
  const plain = what.textContent;
  watch(["difference"], ({ difference }) => {
    what.textContent = difference ? "this reading less the pinned one" : plain;
  });
  watch(["row", "unit", "pointed"], (shown) => {
    text.textContent = `row ${rowInFocus(shown) + 1} · unit ${unitInFocus(shown)}`;
  });
}
