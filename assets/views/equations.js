/** The update of one unit at one row, with its numbers. A term lights its cell in the maps, and a cell its term. */

import { signed } from "../components/format.js";
import { UNITS } from "../engine/dimensions.js";
import { now, rowInFocus, show, unitInFocus, watch } from "../state/state.js";

/** @param {HTMLElement} holder  of the equations @param {HTMLElement} title */
export function equations(holder, title) {
  // A term names a map, and how many rows before the one in focus it stands.
  const term = (/** @type {string} */ map, before = 0) =>
    `<button type="button" class="term" data-map="${map}" data-before="${before}"></button>`;
  holder.innerHTML = `
    <p><i>c</i> = <i>f</i>·<i>c′</i> + <i>i</i>·<i>g</i></p>
    <p>= ${term("forget_gate")}·${term("cell", 1)} + ${term("input_gate")}·${term("candidate")}</p>
    <p>= ${term("cell")}</p>
    <p><i>h</i> = <i>o</i>·tanh(<i>c</i>)</p>
    <p>= ${term("output_gate")}·tanh(${term("cell")})</p>
    <p>= ${term("hidden")} <span>silenced</span></p>`;
  /** @type {HTMLButtonElement[]} */ const terms = [...holder.querySelectorAll(".term")];

  for (const button of terms) {
    const { map, before } = button.dataset;
    const light = () => show({ lit: { map, row: rowInFocus(now()) - Number(before) } });
    const out = () => show({ lit: null });
    button.addEventListener("pointerenter", light);
    button.addEventListener("focus", light);
    button.addEventListener("pointerleave", out);
    button.addEventListener("blur", out);
  }

  const silenced = holder.querySelector("span");
  watch(["silence", "unit", "pointed"], (shown) => (silenced.hidden = !shown.silence.includes(unitInFocus(shown))));
  watch(["reading", "row", "unit", "pointed", "lit"], (shown) => {
    const { reading, pointed, lit } = shown;
    const [row, one] = [rowInFocus(shown), unitInFocus(shown)];
    title.textContent = `At row ${row + 1}, unit ${one}`;
    if (!reading) return;
    for (const button of terms) {
      const { map, before } = button.dataset;
      const at = row - Number(before);
      const value = at < 0 ? 0 : reading[map][at * UNITS + one];
      button.textContent = signed(value, 2);
      button.title = at < 0 ? "cell above the first row" : `${map.replace("_", " ")} at row ${at + 1}`;
      button.setAttribute("aria-label", `${button.title}: ${signed(value, 2)}`);
      const isLit = lit?.map === map && lit.row === at;
      button.classList.toggle("lit", isLit || (pointed?.map === map && before === "0"));
    }
  });
}
