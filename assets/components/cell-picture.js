/** The LSTM cell as textbooks draw it, with the numbers of one unit at one row in the colours of the maps. */

import { cssColour, inkOn } from "./colormap.js";
import { signed } from "./format.js";
import { PIXELS } from "../engine/dimensions.js";
import maps from "../data/maps.json" with { type: "json" };

/**
 * @typedef {Object} Part  a box that shows a number
 * @property {string} id
 * @property {string} map     the map that it is a number of
 * @property {number} before  how many rows before the one in focus
 * @property {string} symbol
 * @property {string} name
 * @property {number} x       the middle of the box, in units of the picture
 * @property {number} y
 * @property {boolean} opens  whether something opens when it is pressed
 *
 * @typedef {Object} Told
 * @property {(part: ?Part) => void} light  which part is pointed at or has the focus; null for none
 * @property {(part: Part, element: SVGElement) => void} open  which was pressed
 *
 * @typedef {Object} Look  of a part
 * @property {?number} value  null while nothing has been read
 * @property {string} [changed]  "held" or "silent", when the number is not the network's own
 * @property {boolean} lit
 */

const [WIDTH, HEIGHT] = [380, 182]; // of the picture; all lengths are in its units
const BOX = { width: 52, height: 38 };
const TOUCH = 64; // width and height of what takes a finger: 50 pixels where the picture is 300 wide
const [KEPT, WRITTEN, SHOWN] = [27, 66, 111]; // the heights of the line of the cell, of i · g, and of the gates
const INPUTS = 153; // the height of the line that feeds the gates

/** @type {Part[]} in the order in which the arrow keys go through them */
export const PARTS = [
  { id: "cell-before", map: "cell", before: 1, symbol: "c′", name: "cell before", x: 28, y: KEPT, opens: false },
  { id: "forget", map: "forget_gate", before: 0, symbol: "f", name: "forget gate", x: 80, y: SHOWN, opens: true },
  { id: "input", map: "input_gate", before: 0, symbol: "i", name: "input gate", x: 140, y: SHOWN, opens: true },
  { id: "candidate", map: "candidate", before: 0, symbol: "g", name: "candidate", x: 200, y: SHOWN, opens: false },
  { id: "cell", map: "cell", before: 0, symbol: "c", name: "cell", x: 352, y: KEPT, opens: false },
  { id: "output", map: "output_gate", before: 0, symbol: "o", name: "output gate", x: 262, y: SHOWN, opens: true },
  { id: "hidden", map: "hidden", before: 0, symbol: "h", name: "hidden state", x: 352, y: SHOWN, opens: true },
  { id: "hidden-before", map: "hidden", before: 1, symbol: "h′", name: "hidden state before", x: 28, y: INPUTS, opens: false },
];

/** Lines with an arrow at their end, by the map whose numbers they carry; x and y by turns. @type {[string, ...number[]][]} */
const WIRES = [
  ["cell", 54, KEPT, 70, KEPT],
  ["cell", 90, KEPT, 160, KEPT],
  ["cell", 180, KEPT, 326, KEPT],
  ["cell", 306, KEPT, 306, 50],
  ["cell", 306, 70, 306, SHOWN - 10],
  ["forget_gate", 80, SHOWN - 19, 80, KEPT + 10],
  ["input_gate", 140, SHOWN - 19, 140, WRITTEN, 160, WRITTEN],
  ["candidate", 200, SHOWN - 19, 200, WRITTEN, 180, WRITTEN],
  ["cell", 170, WRITTEN - 10, 170, KEPT + 10],
  ["output_gate", 288, SHOWN, 296, SHOWN],
  ["hidden", 316, SHOWN, 326, SHOWN],
  ["inputs", 54, INPUTS, 262, INPUTS, 262, SHOWN + 19],
  ["inputs", 80, INPUTS, 80, SHOWN + 19],
  ["inputs", 140, INPUTS, 140, SHOWN + 19],
  ["inputs", 200, INPUTS, 200, SHOWN + 19],
  ["inputs", 170, 167, 170, INPUTS],
];

/** What is done where lines meet. @type {[string, number, number][]} */
const SIGNS = [
  ["×", 80, KEPT],
  ["+", 170, KEPT],
  ["×", 170, WRITTEN],
  ["×", 306, SHOWN],
];

/** What brings each gate and the candidate within their bounds. @type {[string, number][]} */
const BOUNDS = [
  ["σ", 80],
  ["σ", 140],
  ["tanh", 200],
  ["σ", 262],
];

const STRIP = { x: 170 - 2 * PIXELS, y: 167, pixel: 4, height: 11 }; // the row's pixels

export class CellPicture {
  /** @type {Map<string, {part: Part, group: SVGGElement, box: SVGElement, words: SVGElement, more: SVGElement, number: SVGElement}>} */
  #parts = new Map();
  /** @type {SVGElement[]} */ #pixels;

  /** @param {HTMLElement} holder  gets the picture @param {Told} told */
  constructor(holder, told) {
    holder.insertAdjacentHTML("beforeend", drawing());
    this.svg = holder.querySelector("svg");
    this.#pixels = [...this.svg.querySelectorAll(".pixels rect:not(.paper)")];
    for (const part of PARTS) {
      const group = this.svg.querySelector(`[data-part="${part.id}"]`);
      const [box, words, more, number] = [".box", ".words", ".more", ".value"].map((name) => group.querySelector(name));
      this.#parts.set(part.id, { part, group, box, words, more, number });
      group.addEventListener("pointerenter", () => told.light(part));
      group.addEventListener("pointerleave", ({ pointerType }) => pointerType !== "touch" && told.light(null));
      group.addEventListener("focus", () => {
        for (const { group: other } of this.#parts.values()) other.setAttribute("tabindex", other === group ? "0" : "-1");
        told.light(part);
      });
      group.addEventListener("blur", () => told.light(null));
      group.addEventListener("click", () => part.opens && told.open(part, group));
      group.addEventListener("keydown", (event) => this.#key(event, part, () => told.open(part, group)));
    }
  }

  /**
   * @param {Record<string, Look>} looks  of each part
   * @param {ArrayLike<number>} pixels  of the row, ink = 1
   * @param {boolean} dark
   */
  draw(looks, pixels, dark) {
    for (const { part, group, box, words, more, number } of this.#parts.values()) {
      const { value, changed = "", lit } = looks[part.id];
      const { colours, range } = maps.find(({ id }) => id === part.map);
      const share = value === null ? 0 : Math.min(1, Math.max(0, (value - range[0]) / (range[1] - range[0])));
      const said = value === null ? "–" : signed(value, Math.abs(value) < 9.995 ? 2 : 1);
      const name = /** @type {any} */ (colours);
      put(box, "fill", value === null ? "none" : cssColour(name, share, dark));
      put(words, "fill", value === null ? "currentColor" : inkOn(name, share, dark));
      if (number.textContent !== said) number.textContent = said;
      if (more.textContent !== changed) more.textContent = changed;
      put(group, "aria-label", `${part.name}: ${said}${changed && `, ${changed}`}`);
      group.classList.toggle("lit", lit);
      group.classList.toggle("changed", changed !== "");
    }
    this.#pixels.forEach((pixel, k) => put(pixel, "fill-opacity", String(Math.round(100 * (pixels[k] ?? 0)) / 100)));
  }

  /** @param {KeyboardEvent} event @param {Part} part @param {() => void} open */
  #key(event, part, open) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = PARTS.indexOf(part);
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: PARTS.length - 1,
    }[event.key];
    if ((event.key === "Enter" || event.key === " ") && part.opens) open();
    else if (to === undefined) return;
    else this.#parts.get(PARTS[Math.min(PARTS.length - 1, Math.max(0, to))].id).group.focus({ preventScroll: true });
    event.preventDefault();
    event.stopPropagation(); // the page's own keys
  }
}

/** Sets an attribute only when it changes: the browser would redo its style in any case. @param {Element} element @param {string} name @param {string} value */
function put(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** The picture without its numbers. */
function drawing() {
  const wires = WIRES.map(([map, ...points]) => `<g class="wire" data-map="${map}">${arrow(points)}</g>`);
  const signs = SIGNS.map(([sign, x, y]) => `<circle cx="${x}" cy="${y}" r="10"/><text x="${x}" y="${y + 5}">${sign}</text>`);
  const bounds = BOUNDS.map(([name, x]) => `<text x="${x + 5}" y="145">${name}</text>`);
  const pixels = Array.from({ length: PIXELS }, (_, k) => {
    const { x, y, pixel, height } = STRIP;
    return `<rect x="${x + k * pixel}" y="${y}" width="${pixel}" height="${height}" fill-opacity="0"/>`;
  });
  return `
    <svg class="cell-picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-label="The LSTM cell">
      <rect class="ground" x="28" y="4" width="324" height="138" rx="10"/>
      <g aria-hidden="true">${wires.join("")}</g>
      <g class="signs" aria-hidden="true">${signs.join("")}
        <rect x="288" y="50" width="36" height="20" rx="4"/><text x="306" y="64.5" class="tanh">tanh</text></g>
      <g class="bounds" aria-hidden="true">${bounds.join("")}</g>
      <g class="pixels" role="img" aria-label="x: the pixels of the row, which feed all gates">
        <text x="${STRIP.x - 6}" y="${STRIP.y + 9.5}">x</text>
        <rect class="paper" x="${STRIP.x}" y="${STRIP.y}" width="${PIXELS * STRIP.pixel}" height="${STRIP.height}"/>
        ${pixels.join("")}</g>
      ${PARTS.map(boxOf).join("")}
    </svg>`;
}

/** @param {Part} part @param {number} k */
function boxOf({ id, map, symbol, x, y, opens }, k) {
  const [left, top] = [x - BOX.width / 2, y - BOX.height / 2];
  const role = opens ? `role="button" aria-haspopup="dialog" aria-expanded="false"` : `role="img"`;
  return `
    <g class="part${opens ? " opens" : ""}" data-part="${id}" data-map="${map}" ${role} tabindex="${k ? -1 : 0}">
      ${opens ? `<rect class="touch" x="${x - TOUCH / 2}" y="${y - TOUCH / 2}" width="${TOUCH}" height="${TOUCH}"/>` : ""}
      <rect class="box" x="${left}" y="${top}" width="${BOX.width}" height="${BOX.height}" rx="6"/>
      <g class="words"><text x="${x}" y="${top + 15}"><tspan class="symbol">${symbol}</tspan><tspan class="more" dx="3"></tspan></text>
        <text class="value" x="${x}" y="${top + 31}"></text></g>
    </g>`;
}

/** A line through points, and the head of an arrow at its end. @param {number[]} points  x and y by turns */
function arrow(points) {
  const [fromX, fromY, x, y] = points.slice(-4);
  const [dx, dy] = [Math.sign(x - fromX), Math.sign(y - fromY)];
  const [backX, backY] = [x - 7 * dx, y - 7 * dy];
  const head = `${x},${y} ${backX - 4 * dy},${backY - 4 * dx} ${backX + 4 * dy},${backY + 4 * dx}`;
  const line = [...points.slice(0, -2), x - 5 * dx, y - 5 * dy];
  return `<polyline points="${line.join(" ")}"/><polygon points="${head}"/>`;
}
