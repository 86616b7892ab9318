/**
 * The evidence: what each row adds to the logit of a class, as bars that add up to it.
 * Of another class when one is chosen; of the difference between two when a second one is.
 */

import { pointRows, sharp } from "../components/canvas.js";
import { cssColour } from "../components/colormap.js";
import { signed } from "../components/format.js";
import { rival, rowEvidence } from "../engine/attribution.js";
import { CLASSES, ROWS } from "../engine/dimensions.js";
import { classInFocus, keep, lastRead, now, pointAtRow, rowInFocus, show, watch } from "../state/state.js";

/** @typedef {import("../state/state.js").Shown} Shown */

/** How far the scale may go up; half of that down. It holds still until a bar goes beyond, and then until the pad is clear. */
const SCALES = [4, 8, 16, 32, 64];

/**
 * @param {HTMLElement} holder  gets the bars
 * @param {HTMLElement} axis    gets the numbers below
 * @param {HTMLElement} note    says what they add up to
 * @param {HTMLSelectElement} choose   the class
 * @param {HTMLSelectElement} against  the class taken off
 */
export function evidence(holder, axis, note, choose, against) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  holder.append(canvas);

  for (let k = 0; k < CLASSES; k++) {
    choose.lastElementChild.append(new Option(String(k), String(k)));
    against.add(new Option(`less ${k}`, String(k)));
  }
  const chosen = (/** @type {HTMLSelectElement} */ select) => (select.value === "" ? null : Number(select.value));
  choose.addEventListener("change", () => show({ digit: chosen(choose) }));
  against.addEventListener("change", () => show({ against: chosen(against) }));

  pointRows(canvas, pointAtRow, (row) => keep({ row }));

  /** @type {?Float32Array} */ let bars = null;

  let most = SCALES[0];
  const x = (/** @type {number} */ value) => (value + most / 2) / (1.5 * most); // 0…1
  const ticks = [-0.5, 0, 0.5, 1].map((share) => {
    const tick = document.createElement("li");
    tick.style.left = `${(100 * (share + 0.5)) / 1.5}%`;
    axis.append(tick);
    return { tick, share };
  });
  const rescale = () => {
    const needed = bars ? Math.max(...bars.map((value) => Math.max(value, -2 * value))) : 0;
    most = SCALES.find((scale) => scale >= needed && (scale >= most || !bars)) ?? SCALES.at(-1);
    for (const { tick, share } of ticks) {
      const text = signed(share * most);
      if (tick.textContent !== text) tick.textContent = text; // costs a layout
    }
  };

  const redraw = sharp(canvas, ({ width, height }) => {
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    if (!bars) return;
    pen.fillStyle = "#8a8d93";
    pen.globalAlpha = 0.25;
    for (const { share } of ticks) pen.fillRect(Math.min(width - 1, x(share * most) * width), 0, 1, height);
    pen.globalAlpha = 1;
    const step = height / ROWS;
    bars.forEach((value, row) => {
      pen.fillStyle = cssColour("diverging", value < 0 ? 0.06 : 0.94, now().dark);
      pen.globalAlpha = row > lastRead(now()) ? 0.25 : 1; // not read yet
      pen.fillRect(x(Math.min(0, value)) * width, (row + 0.1) * step, (x(Math.abs(value)) - x(0)) * width, 0.8 * step);
    });
    pen.globalAlpha = 1;
    pen.fillStyle = "#8a8d93";
    pen.fillRect(x(0) * width, 0, 1, height);
  });

  const write = (/** @type {Shown} */ shown) => {
    const { reading } = shown;
    const other = rival(shown);
    const digit = classInFocus(shown);
    if (!bars || digit === null) {
      note.textContent = "What each row adds to the logit of the digit, for or against.";
      canvas.setAttribute("aria-label", "Evidence: none on a blank pad.");
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
    against.value = String(rival(shown) ?? "");
    const { closest = null } = shown.reading ?? {};
    const newName = closest === null ? "–" : String(closest);
    if (newName !== name) choose.options[0].text = name = newName; // costs a layout
    bars = rowEvidence(shown);
    rescale();
    redraw();
    write(shown);
  });
  watch(["readTo"], redraw);
  watch(["row", "pointed"], write);
}
