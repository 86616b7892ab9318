/**
 * The evidence: what each row adds to the logit of a class, as bars that add up to it.
 * Of another class when one is chosen; of the difference between two when a second one is.
 */

import { pointRows, sharp } from "../components/canvas.js";
import { cssColour } from "../components/colormap.js";
import { signed } from "../components/format.js";
import { rowEvidence } from "../engine/attribution.js";
import { CLASSES, ROWS } from "../engine/dimensions.js";
import { classInFocus, keep, now, pointAtRow, rowInFocus, show, watch } from "../state/state.js";

/** @typedef {import("../state/state.js").Shown} Shown */

/**
 * @param {HTMLElement} holder  gets the bars
 * @param {HTMLElement} note    says what they add up to
 * @param {HTMLSelectElement} choose   the class
 * @param {HTMLSelectElement} against  the class taken off
 */
export function evidence(holder, note, choose, against) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  holder.append(canvas);

  for (let k = 0; k < CLASSES; k++) {
    choose.add(new Option(String(k), String(k)));
    against.add(new Option(`less ${k}`, String(k)));
  }
  const chosen = (/** @type {HTMLSelectElement} */ select) => (select.value === "" ? null : Number(select.value));
  choose.addEventListener("change", () => show({ digit: chosen(choose) }));
  against.addEventListener("change", () => show({ against: chosen(against) }));

  pointRows(canvas, pointAtRow, (row) => keep({ row }));

  /** @type {?Float32Array} */ let bars = null;

  const size = sharp(canvas, () => draw());
  const draw = () => {
    const { width, height } = size;
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    if (!bars) return;
    // From the largest bar against to the largest bar for, with zero where it falls between them.
    const low = Math.min(0, ...bars);
    const high = Math.max(1, ...bars);
    const x = (/** @type {number} */ value) => ((value - low) / (high - low)) * width;
    const step = height / ROWS;
    bars.forEach((value, row) => {
      pen.fillStyle = cssColour("diverging", value < 0 ? 0.06 : 0.94, now().dark);
      pen.fillRect(x(Math.min(0, value)), row * step + 0.1 * step, x(Math.abs(value)) - x(0), 0.8 * step);
    });
    pen.fillStyle = "#8a8d93";
    pen.fillRect(Math.min(width - 1, x(0)), 0, 1, height);
  };

  const write = (/** @type {Shown} */ shown) => {
    const { reading, against: other } = shown;
    const digit = classInFocus(shown);
    if (!bars || digit === null) {
      note.textContent = "What each row adds to the logit of the digit, for or against.";
      return;
    }
    const rows = bars.reduce((sum, value) => sum + value, 0);
    const logit = (/** @type {number} */ k) => reading.logits[(ROWS - 1) * CLASSES + k];
    const total = logit(digit) - (other === null ? 0 : logit(other));
    const row = rowInFocus(shown);
    note.innerHTML =
      `Row ${row + 1} adds <b>${signed(bars[row], 2)}</b>. All rows ${signed(rows, 2)}, ` +
      `bias ${signed(total - rows, 2)}: ${other === null ? "logit" : "difference of logits"} <b>${signed(total, 2)}</b>`;
    canvas.setAttribute("aria-label", `Evidence for ${digit}. ${note.textContent}`);
  };

  let name = "";
  watch(["reading", "dark", "digit", "against"], (shown) => {
    choose.value = shown.digit === null ? "" : String(shown.digit);
    against.value = shown.against === null ? "" : String(shown.against);
    const { digit: read = null, closest = null } = shown.reading ?? {};
    const newName = closest === null ? "the digit read" : `${closest}, the ${read === null ? "closest" : "digit read"}`;
    if (newName !== name) choose.options[0].text = name = newName; // costs a layout
    bars = rowEvidence(shown);
    draw();
    write(shown);
  });
  watch(["row", "pointed"], write);
}
