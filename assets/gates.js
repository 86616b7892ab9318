/** The six maps of what the LSTM did: what each is called, and how far its colours reach, stands in maps.json. */

import { rowInFocus, unitInFocus, watch } from "./state.js";
import { unitMap } from "./unitmap.js";

/** @type {import("./unitmap.js").Kind[]} */
const MAPS = await (await fetch(new URL("maps.json", import.meta.url))).json();

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
