/** Beside the chapter on evidence: how the evidence adds up to the logit, of the digit and of another one. */

import { pointRows, sharp } from "../components/canvas.js";
import { signed } from "../components/format.js";
import { rival } from "../engine/attribution.js";
import { CLASSES, ROWS } from "../engine/dimensions.js";
import { classInFocus, keep, now, pointAtRow, rowInFocus, watch } from "../state/state.js";

const LEFT = 34; // room for the scale, in CSS pixels
const RIGHT = 26; // room for the digits
const EDGE = 8;

/** @typedef {import("../state/state.js").Shown} Shown */

/** @param {HTMLElement} figure */
export function sums(figure) {
  const [title, canvas, note] = ["h4", "canvas", ".note"].map((part) => figure.querySelector(part));
  /** @type {Record<string, string>} */ let colours = {};
  const redraw = sharp(canvas, (size) => draw(canvas, size, colours, now()));

  const rowAt = (/** @type {PointerEvent} */ { clientX }, /** @type {DOMRect} */ { left, width }) =>
    ((clientX - left - LEFT) / (width - LEFT - RIGHT)) * ROWS;
  pointRows(canvas, pointAtRow, (row) => keep({ row }), rowAt);

  watch(["dark"], () => {
    const style = getComputedStyle(figure);
    colours = Object.fromEntries(["text", "soft", "line", "accent"].map((name) => [name, style.getPropertyValue(`--${name}`)]));
  });
  watch(["reading", "network", "digit", "against", "row", "pointed", "dark"], (shown) => {
    const { reading, network } = shown;
    const digit = classInFocus(shown);
    redraw();
    if (!reading || digit === null || !network) {
      title.textContent = "The shares add up";
      note.textContent = "Draw a digit, and its evidence adds up here.";
      canvas.setAttribute("aria-label", note.textContent);
      return;
    }
    const row = rowInFocus(shown);
    const other = besideIt(shown, digit);
    const [mine, theirs] = [digit, other].map((k) => running(shown, k));
    title.textContent = `The shares for ${digit} and ${other} add up`;
    note.textContent =
      `From the bias, ${signed(mine[0], 2)} and ${signed(theirs[0], 2)}, by way of ${signed(mine[row + 1], 2)} and ` +
      `${signed(theirs[row + 1], 2)} at row ${row + 1}, to the logits, ${signed(mine[ROWS], 2)} and ${signed(theirs[ROWS], 2)}.`;
    canvas.setAttribute("aria-label", `Two lines over the rows. ${note.textContent}`);
  });
}

/** The digit that it stands beside: the one chosen, or the most probable of the others. @param {Shown} shown @param {number} digit */
function besideIt(shown, digit) {
  const { reading } = shown;
  const chosen = rival(shown);
  if (chosen !== null) return chosen;
  const p = (/** @type {number} */ k) => (k === digit ? -1 : reading.probabilities[k]);
  return Array.from({ length: CLASSES }, (_, k) => k).reduce((best, k) => (p(k) > p(best) ? k : best));
}

/** The bias, and what it comes to with each row: 29 sums, of which the last is the logit. @param {Shown} shown @param {number} k */
function running({ reading, network }, k) {
  const sums = [network.bias[k]];
  for (let row = 0; row < ROWS; row++) sums.push(sums[row] + reading.evidence[row * CLASSES + k]);
  return sums;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("../components/canvas.js").Size} size
 * @param {Record<string, string>} colours
 * @param {Shown} shown
 */
function draw(canvas, { width, height }, { text, soft, line, accent }, shown) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  const digit = classInFocus(shown);
  if (width === 0 || !shown.reading || digit === null || !shown.network) return;
  const lines = [besideIt(shown, digit), digit].map((k) => ({ k, sums: running(shown, k) }));
  const all = lines.flatMap(({ sums }) => sums);
  const [low, high] = [Math.min(-1, ...all), Math.max(1, ...all)];
  const x = (/** @type {number} */ rows) => LEFT + (rows / ROWS) * (width - LEFT - RIGHT);
  const y = (/** @type {number} */ value) => EDGE + ((high - value) / (high - low)) * (height - 2 * EDGE);

  const row = rowInFocus(shown);
  pen.fillStyle = line;
  pen.fillRect(x(row), 0, x(row + 1) - x(row), height);
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  for (const value of [Math.ceil(low), 0, Math.floor(high)]) {
    pen.fillStyle = line;
    pen.fillRect(LEFT, Math.round(y(value)), width - LEFT - RIGHT, 1);
    pen.fillStyle = soft;
    pen.fillText(signed(value), LEFT - 6, y(value));
  }
  pen.textAlign = "left";
  for (const { k, sums } of lines) {
    pen.strokeStyle = pen.fillStyle = k === digit ? accent : text;
    pen.lineWidth = k === digit ? 2.4 : 1.4;
    pen.beginPath();
    sums.forEach((value, rows) => pen.lineTo(x(rows), y(value)));
    pen.stroke();
    pen.font = `${k === digit ? "bold " : ""}13px system-ui, sans-serif`;
    pen.fillText(String(k), width - RIGHT + 8, y(sums[ROWS]));
  }
}
