/** One unit: its gates, cell and output over the rows, what it tells the readout, and the digits that drive it. */

import { drawInk, pointRows, sharp } from "../components/canvas.js";
import { cssColour } from "../components/colormap.js";
import { signed } from "../components/format.js";
import { unitEvidence } from "../engine/attribution.js";
import { CLASSES, PIXELS, ROWS, UNITS } from "../engine/dimensions.js";
import maps from "../data/maps.json" with { type: "json" };
import { classInFocus, keep, now, pointAtRow, rowInFocus, show, unitInFocus, watch } from "../state/state.js";

const LEFT = 30; // room for the scale, in CSS pixels
const RIGHT = 26; // room for the letters

/** @typedef {import("../state/state.js").Shown} Shown */

/**
 * @param {HTMLElement} card  with .lines, .readout, .drives and .number
 */
export function unit(card) {
  const [canvas, number, weights, sum, highest, lowest, silence] = [
    ".lines canvas",
    ".number",
    ".readout ol",
    ".readout p",
    ".highest",
    ".lowest",
    "#silence-unit",
  ].map((part) => card.querySelector(part));
  steps(card);

  const rows = Array.from({ length: CLASSES }, (_, k) => {
    const row = document.createElement("li");
    row.innerHTML = `<b>${k}</b><span><i></i></span><output aria-live="off"></output>`;
    weights.append(row);
    return { row, bar: row.querySelector("i"), text: row.querySelector("output") };
  });
  const [best, least] = [highest, lowest].map((drives) =>
    Array.from({ length: 10 }, () => {
      const digit = document.createElement("canvas");
      digit.width = digit.height = ROWS;
      drives.append(digit);
      return digit;
    }),
  );

  const rowAt = (/** @type {PointerEvent} */ { clientX }, /** @type {DOMRect} */ { left, width }) =>
    ((clientX - left - LEFT) / (width - LEFT - RIGHT)) * (ROWS - 1) + 0.5;
  pointRows(canvas, pointAtRow, (row) => keep({ row }), rowAt);
  silence.addEventListener("click", () => {
    const { silence: silent } = now();
    const one = unitInFocus(now());
    show({ silence: silent.includes(one) ? silent.filter((u) => u !== one) : [...silent, one].sort((a, b) => a - b) });
  });

  /** @type {Record<string, string>} */ let colours;
  const redraw = sharp(canvas, (size) => drawLines(canvas, size, colours, now()));
  watch(["dark"], () => {
    const style = getComputedStyle(card);
    colours = Object.fromEntries(["soft", "line", "accent"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  });
  watch(["reading", "unit", "row", "pointed", "lit", "dark"], (shown) => {
    number.textContent = `Unit ${unitInFocus(shown)}`;
    redraw();
  });

  watch(["unit", "pointed", "silence"], (shown) => {
    const one = unitInFocus(shown);
    silence.textContent = shown.silence.includes(one) ? `Let unit ${one} speak` : `Silence unit ${one}`;
  });

  watch(["network", "unit", "pointed", "dark"], (shown) => {
    if (!shown.network) return;
    const one = unitInFocus(shown);
    const of = Array.from({ length: CLASSES }, (_, k) => shown.network.readout[one * CLASSES + k]);
    const most = Math.max(...of.map(Math.abs));
    rows.forEach(({ bar, text }, k) => {
      bar.style.width = `${(50 * Math.abs(of[k])) / most}%`;
      bar.style.left = of[k] < 0 ? `${50 - (50 * Math.abs(of[k])) / most}%` : "50%";
      bar.style.background = cssColour("diverging", of[k] < 0 ? 0.06 : 0.94, shown.dark);
      text.textContent = signed(of[k], 2);
    });
  });

  watch(["units", "unit", "pointed", "dark"], (shown) => {
    if (!shown.units) return;
    const one = unitInFocus(shown);
    for (const [digits, drive] of /** @type {const} */ ([[best, shown.units.best[one]], [least, shown.units.least[one]]]))
      digits.forEach((digit, k) => {
        const start = drive[k] * ROWS * PIXELS;
        drawInk(digit, shown.units.bank.subarray(start, start + ROWS * PIXELS), shown.dark, 255);
      });
  });

  watch(["reading", "network", "unit", "pointed", "digit"], (shown) => {
    const digit = classInFocus(shown);
    rows.forEach(({ row }, k) => row.classList.toggle("best", k === digit));
    if (digit === null || !shown.reading || !shown.network) return void (sum.textContent = "");
    const added = unitEvidence(shown, unitInFocus(shown), digit);
    sum.innerHTML = `It adds <b>${signed(added, 2)}</b> to the logit of ${digit}: its last h times its weight.`;
  });
}

/** The unit by its number, the next one in the maps, and the row where it peaks. @param {HTMLElement} card */
function steps(card) {
  const [before, after, number, peak] = ["#unit-before", "#unit-after", "#unit-number", "#unit-peak"].map((part) =>
    card.querySelector(part),
  );
  const go = (/** @type {number} */ by) => {
    const { row, unit, columns } = now();
    keep({ row, unit: columns[(columns.indexOf(unit) + by + UNITS) % UNITS] });
  };
  before.addEventListener("click", () => go(-1));
  after.addEventListener("click", () => go(1));
  number.addEventListener("input", () => {
    if (number.value !== "" && number.validity.valid) keep({ row: now().row, unit: number.valueAsNumber });
  });
  number.addEventListener("blur", () => (number.value = String(now().unit)));
  peak.addEventListener("click", () => keep({ row: peakOf(now()) }));

  watch(["unit"], ({ unit }) => {
    if (number.value !== String(unit)) number.value = String(unit);
  });
  watch(["reading", "unit"], (shown) => {
    peak.hidden = !shown.reading;
    if (peak.hidden) return;
    const row = peakOf(shown);
    peak.textContent = `peaks at row ${row + 1}, h = ${signed(shown.reading.hidden[row * UNITS + shown.unit], 2)}`;
  });
}

/** The row at which the unit's hidden state is farthest from 0. @param {Shown} shown */
function peakOf({ reading: { hidden }, unit }) {
  const size = (/** @type {number} */ row) => Math.abs(hidden[row * UNITS + unit]);
  return Array.from({ length: ROWS }, (_, row) => row).reduce((best, row) => (size(row) > size(best) ? row : best));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("../components/canvas.js").Size} size
 * @param {Record<string, string>} colours
 * @param {Shown} shown
 */
function drawLines(canvas, { width, height }, { soft, line, accent }, shown) {
  const { reading, lit, pointed, dark } = shown;
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  if (!reading || width === 0) return;

  const one = unitInFocus(shown);
  const of = (/** @type {string} */ id, /** @type {number} */ row) => reading[id][row * UNITS + one];
  let [low, high] = [-1, 1]; // of all six, only the cell goes beyond
  for (let row = 0; row < ROWS; row++) {
    low = Math.min(low, of("cell", row));
    high = Math.max(high, of("cell", row));
  }
  const x = (/** @type {number} */ row) => LEFT + (row / (ROWS - 1)) * (width - LEFT - RIGHT);
  const y = (/** @type {number} */ value) => 8 + ((high - value) / (high - low)) * (height - 16);

  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  for (const value of [-1, 0, 1]) {
    pen.fillStyle = line;
    pen.fillRect(LEFT, Math.round(y(value)), width - LEFT - RIGHT, 1);
    pen.fillStyle = soft;
    pen.fillText(signed(value), LEFT - 8, y(value));
  }
  pen.strokeStyle = accent;
  pen.lineWidth = 2;
  pen.setLineDash([2, 3]);
  pen.beginPath();
  pen.moveTo(x(rowInFocus(shown)), 4);
  pen.lineTo(x(rowInFocus(shown)), height - 4);
  pen.stroke();
  pen.setLineDash([]);

  pen.lineJoin = "round";
  pen.textAlign = "left";
  const ends = maps.map(({ id }) => y(of(id, ROWS - 1)));
  const labels = spread(ends, 12, 8, height - 8);
  maps.forEach(({ id, symbol, accent: colours }, k) => {
    const heavy = id === (lit ?? pointed)?.map;
    pen.strokeStyle = pen.fillStyle = dark ? colours.dark : colours.light;
    pen.lineWidth = heavy ? 4.5 : id === "cell" || id === "hidden" ? 2.4 : 1.6;
    pen.beginPath();
    for (let row = 0; row < ROWS; row++) pen.lineTo(x(row), y(of(id, row)));
    pen.stroke();
    pen.font = `${pen.lineWidth > 2 ? "bold " : ""}13px Georgia, "DejaVu Serif", serif`;
    pen.fillText(symbol, width - RIGHT + 8, labels[k]);
  });
}

/** Move places apart, so that labels do not cover one another. */
function spread(places, gap, low, high) {
  const order = places.map((_, k) => k).sort((a, b) => places[a] - places[b]);
  const moved = places.slice();
  let above = low - gap;
  for (const k of order) above = moved[k] = Math.max(moved[k], above + gap);
  let below = high + gap;
  for (const k of order.reverse()) below = moved[k] = Math.min(moved[k], below - gap);
  return moved;
}
