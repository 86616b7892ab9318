/** The whole of a reading on one sheet, after its last row or, for the animation, after an earlier one. */

import { ofDifference } from "../components/colormap.js";
import { percent } from "../components/format.js";
import MAPS from "../data/maps.json" with { type: "json" };
import { rival, rowEvidence } from "../engine/attribution.js";
import { CLASSES, PIXELS, ROWS, UNITS } from "../engine/dimensions.js";
import { byWhat, headline, heldAt, layoutWords, withArticle } from "./about.js";
import { ALL_CLASSES, Sheet } from "./sheet.js";

/**
 * Where everything stands, in pixels.
 * @typedef {Object} Layout
 * @property {number} width
 * @property {number} height
 * @property {number} margin
 * @property {{title: number, line: number, head: number, small: number, tick: number}} type  sizes of letters
 * @property {{title: number, line: number, lines: number}} heading  baselines, and how many lines there is room for
 * @property {{x: number, y: number, size: number}} digit  the middle of it, its baseline
 * @property {{x: number, y: number, width: number, step: number}} bars
 * @property {{x: number, y: number, cell: number}} image
 * @property {{x: number, y: number, cell: [number, number]}} verdict
 * @property {{x: number, y: number, width: number, row: number}} evidence
 * @property {{x: number, y: number, across: number, stepX: number, stepY: number, cell: [number, number], does: boolean}} maps
 *   does: whether there is room to say what each is for
 * @property {number} foot  baseline
 */

/** @type {Layout} */
export const WIDE = {
  ...{ width: 1920, height: 1080, margin: 80 },
  type: { title: 46, line: 22, head: 22, small: 17, tick: 15 },
  heading: { title: 76, line: 112, lines: 2 },
  digit: { x: 208, y: 462, size: 320 },
  bars: { x: 360, y: 204, width: 266, step: 30.8 },
  image: { x: 721, y: 204, cell: 11 },
  verdict: { x: 1083, y: 204, cell: [32, 11] },
  evidence: { x: 1457, y: 204, width: 383, row: 11 },
  maps: { x: 114, y: 592, across: 3, stepX: 607, stepY: 242, cell: [4, 6], does: true },
  foot: 1054,
};

/** @type {Layout} */
export const TALL = {
  ...{ width: 1080, height: 1920, margin: 84 },
  type: { title: 46, line: 24, head: 22, small: 17, tick: 15 },
  heading: { title: 100, line: 144, lines: 3 },
  digit: { x: 208, y: 588, size: 340 },
  bars: { x: 350, y: 282, width: 232, step: 36.4 },
  image: { x: 632, y: 282, cell: 13 },
  verdict: { x: 118, y: 726, cell: [36, 13] },
  evidence: { x: 540, y: 726, width: 456, row: 13 },
  maps: { x: 118, y: 1190, across: 2, stepX: 494, stepY: 234, cell: [3, 6], does: false },
  foot: 1890,
};

/** @type {Layout} */
export const FILM = {
  ...{ width: 1344, height: 756, margin: 32 },
  type: { title: 32, line: 16, head: 16, small: 13, tick: 11 },
  heading: { title: 50, line: 76, lines: 2 },
  digit: { x: 122, y: 316, size: 230 },
  bars: { x: 236, y: 134, width: 196, step: 22.4 },
  image: { x: 494, y: 134, cell: 8 },
  verdict: { x: 756, y: 134, cell: [24, 8] },
  evidence: { x: 1036, y: 134, width: 276, row: 8 },
  maps: { x: 60, y: 422, across: 3, stepX: 434, stepY: 166, cell: [3, 4], does: true },
  foot: 740,
};

/**
 * @param {Sheet} sheet
 * @param {import("./about.js").Taken} taken
 * @param {Layout} layout
 * @param {number} [rows]  that have been read; before the last nothing is shown of the later ones, nor what they lead to
 */
export function picture(sheet, taken, layout, rows = ROWS) {
  sheet.clear();
  heading(sheet, taken, layout, rows);
  prediction(sheet, taken, layout, rows);
  byRow(sheet, taken, layout, rows);
  maps(sheet, taken, layout, rows);
}

/** @param {Sheet} sheet @param {import("./about.js").Taken} taken @param {Layout} layout @param {number} rows */
function heading(sheet, taken, { width, margin, type, heading: at, foot }, rows) {
  const { accent, soft } = sheet.theme;
  const { reading, address } = taken;
  const room = width - 2 * margin;
  const words = rows === ROWS ? headline(reading) : soFar(reading, rows);
  sheet.text(margin, at.title, words, { size: type.title, bold: true, width: room - 8 * type.line });
  sheet.text(width - margin, at.title, "Gatescope", { size: type.line, colour: soft, bold: true, align: "right" });
  const line = byWhat(taken, rows === ROWS);
  const changed = line.includes("·");
  sheet.paragraph(margin, at.line, line, { size: type.line, colour: changed ? accent : soft, width: room }, at.lines);
  const end = sheet.text(margin, foot, layoutWords(taken), { size: type.tick, colour: soft });
  // An address that holds a long drawing is left without it.
  const left = room - end - 2 * type.tick;
  const look = { size: type.tick, colour: soft, align: /** @type {CanvasTextAlign} */ ("right"), width: left };
  const shown = sheet.fitting(address, look) < 0.8 * type.tick ? address.replace(/#.*/, "") : address;
  sheet.text(width - margin, foot, shown, look);
}

/** @param {import("./about.js").Reading} reading @param {number} rows */
function soFar(reading, rows) {
  if (reading.why === "blank") return headline(reading);
  const best = bestAfter(reading, rows);
  return `After row ${rows} of ${ROWS}: ${withArticle(best)}, ${percent(reading.verdict[(rows - 1) * CLASSES + best])}`;
}

/** @param {Sheet} sheet @param {import("./about.js").Taken} taken @param {Layout} layout @param {number} rows */
function prediction(sheet, { reading }, { margin, type, digit: at, bars }, rows) {
  const { soft, text } = sheet.theme;
  const center = /** @type {const} */ ("center");
  const blank = reading.why === "blank";
  const best = rows === ROWS ? reading.digit : bestAfter(reading, rows);
  const shown = blank ? "–" : (best ?? "?");
  const colour = rows === ROWS && !blank ? text : soft;
  sheet.text(at.x, at.y, String(shown), { size: at.size, bold: true, align: center, colour });
  heads(sheet, margin, bars.y, type, "Prediction", rows === ROWS ? `after row ${ROWS}` : "so far");
  sheet.text(at.x, at.y + 2.1 * type.small, howSure(reading, rows), { size: type.small, colour: soft, align: center });
  const shares = reading.verdict.subarray((rows - 1) * CLASSES, rows * CLASSES);
  sheet.bars(bars.x, bars.y, bars.width, bars.step, blank ? null : shares, blank ? null : best, type.small);
}

/** What stands below the big digit. @param {import("./about.js").Reading} reading @param {number} rows */
function howSure({ why, digit, closest, probabilities }, rows) {
  if (why === "blank") return "nothing drawn";
  if (rows < ROWS) return "so far";
  return digit === null ? `closest: ${closest}` : `${percent(probabilities[digit])} sure`;
}

/**
 * The image, the verdict and the evidence.
 * @param {Sheet} sheet
 * @param {import("./about.js").Taken} taken
 * @param {Layout} layout
 * @param {number} rows
 */
function byRow(sheet, taken, { type, image, verdict, evidence }, rows) {
  const { soft, text, accent } = sheet.theme;
  const { reading } = taken;
  const running = rows < ROWS;

  const { vary } = reading.asked;
  const what = vary ?? `${ROWS} × ${PIXELS}`;
  heads(sheet, image.x, image.y, type, "What it reads", what, { colour: vary ? accent : soft });
  sheet.ink(image.x, image.y, reading.image, image.cell, rows);
  sheet.rowTicks(image.x, image.y, image.cell, type.tick);

  const [wide, tall] = verdict.cell;
  const shares = { colours: /** @type {const} */ ("sequential"), range: /** @type {[number, number]} */ ([0, 1]) };
  sheet.scale(verdict.x + CLASSES * wide, verdict.y - 0.7 * type.head, shares, type.tick);
  heads(sheet, verdict.x, verdict.y, type, "Verdict by row", "");
  sheet.heatmap(verdict.x, verdict.y, reading.verdict, shares, verdict.cell, ALL_CLASSES, rows);
  sheet.rowTicks(verdict.x, verdict.y, tall, type.tick);
  for (let k = 0; k < CLASSES; k++) {
    const best = !running && k === reading.digit;
    const look = { size: type.tick, colour: best ? text : soft, bold: best, align: /** @type {const} */ ("center") };
    sheet.text(verdict.x + (k + 0.5) * wide, verdict.y + ROWS * tall + 1.4 * type.tick, String(k), look);
  }

  // Which digit it is for, and what came of it, is not known before the last row.
  const values = running ? null : rowEvidence(taken);
  const digit = taken.digit ?? reading.closest;
  const other = rival(taken);
  const less = other === null ? "" : ` less ${other}`;
  const title = values ? `Evidence for ${digit}${less}` : "Evidence";
  const more = values && less ? "" : "what each row adds";
  heads(sheet, evidence.x, evidence.y, type, title, more, { width: evidence.width });
  sheet.evidence(evidence.x, evidence.y, evidence.width, evidence.row, values, type.tick);
  sheet.rowTicks(evidence.x, evidence.y, evidence.row, type.tick);
  if (running && reading.closest !== null) {
    const middle = { size: type.small, colour: soft, align: /** @type {const} */ ("center") };
    const [x, y] = [evidence.x + evidence.width / 2, evidence.y + (ROWS * evidence.row) / 2];
    sheet.text(x, y, "known after the last row", middle);
  }

  if (!running) return;
  sheet.frame(image.x, image.y + (rows - 1) * image.cell, PIXELS * image.cell, image.cell, accent);
  sheet.frame(verdict.x, verdict.y + (rows - 1) * tall, CLASSES * wide, tall, accent);
}

/** @param {Sheet} sheet @param {import("./about.js").Taken} taken @param {Layout} layout @param {number} rows */
function maps(sheet, { reading, pinned, columns }, { type, maps: at }, rows) {
  const { accent, soft } = sheet.theme;
  const [wide, tall] = at.cell;
  MAPS.forEach(({ id, title, symbol, does, colours, range }, k) => {
    const [x, y] = [at.x + at.stepX * (k % at.across), at.y + at.stepY * Math.floor(k / at.across)];
    const scale = pinned ? { colours: "diverging", range: ofDifference(/** @type {any} */ (range)) } : { colours, range };
    const values = pinned ? reading[id].map((value, place) => value - pinned[id][place]) : reading[id];
    const above = y - 0.7 * type.head;
    const begins = sheet.scale(x + UNITS * wide, above, /** @type {any} */ (scale), type.tick);
    let end = x + sheet.text(x, above, title, { size: type.head, bold: true }) + 0.35 * type.head;
    end += sheet.text(end, above, pinned ? `Δ${symbol}` : symbol, { size: type.head, italic: true }) + 0.5 * type.head;

    const held = heldAt(reading, id);
    const silenced = id === "hidden" ? (reading.asked.silence ?? []) : [];
    const whose = held?.[3] === undefined ? "" : `unit ${held[3]} `;
    const experiment = held ? `${whose}held at ${held[0]}` : silenced.length ? `${silenced.length} silenced` : "";
    const label = experiment || (pinned ? "difference" : "");
    const room = begins - end - 0.6 * type.head;
    const look = { size: type.small, width: room };
    if (label) sheet.text(end, above, label, { ...look, colour: accent, bold: true });
    else if (at.does) sheet.text(end, above, does, { ...look, colour: soft });

    sheet.heatmap(x, y, values, /** @type {any} */ (scale), at.cell, columns, rows);
    sheet.frame(x, y, UNITS * wide, ROWS * tall, sheet.theme.line);
    sheet.rowTicks(x, y, tall, type.tick);
    sheet.unitTicks(x, y + ROWS * tall, wide, columns, type.tick);
    // Marks: which rows were held, which units were silenced.
    const thick = Math.ceil(0.3 * type.tick);
    if (held) sheet.box(x + UNITS * wide + 2, y + held[1] * tall, thick, (held[2] + 1 - held[1]) * tall, accent);
    for (const unit of silenced) sheet.box(x + columns.indexOf(unit) * wide, y - thick - 1, wide, thick, accent);
  });
}

/**
 * The title of a picture and, in soft letters, what more there is to say.
 * @param {Sheet} sheet
 * @param {number} x
 * @param {number} y  the upper edge of the picture
 * @param {Layout["type"]} type
 * @param {string} title
 * @param {string} more
 * @param {{width?: number, colour?: string}} [look]  of what more there is: how wide both may be together
 */
function heads(sheet, x, y, type, title, more, { width = Infinity, colour = sheet.theme.soft } = {}) {
  const above = y - 0.7 * type.head;
  const end = sheet.text(x, above, title, { size: type.head, bold: true }) + 0.5 * type.head;
  sheet.text(x + end, above, more, { size: type.small, colour, width: width - end });
}

/**
 * The digit that is most probable after some rows.
 * @param {import("./about.js").Reading} reading
 * @param {number} rows
 */
function bestAfter({ verdict }, rows) {
  const shares = verdict.subarray((rows - 1) * CLASSES, rows * CLASSES);
  return shares.indexOf(Math.max(...shares));
}
