/** Hold a gate: free, at 0, at 1 or between, at some rows or all, of one unit or of all. */

import { ROWS, UNITS } from "../engine/dimensions.js";

/**
 * @typedef {[value: number, first: number, last: number, unit?: number]} Hold
 *   the value at which a gate is held, from the first row to the last; of one unit, or of all
 */

const LAST = ROWS - 1;

export class GateControl {
  /** @type {boolean} whether it is one unit's gate that is held */ #one = false;
  /** @type {?Hold} */ #how = null;

  /**
   * @param {HTMLElement} holder  gets a fieldset
   * @param {{id: string, letter: string, name: string}} gate
   * @param {(how: ?Hold) => void} put  told how the gate is to be held; null: not at all
   */
  constructor(holder, { id, letter, name }, put) {
    this.put = put;
    this.fieldset = document.createElement("fieldset");
    this.fieldset.className = "gate-control";
    this.fieldset.dataset.map = id;
    const number = (/** @type {string} */ which, /** @type {string} */ words, /** @type {number} */ from, /** @type {number} */ to) =>
      `<input type="number" class="${which}" min="${from}" max="${to}" value="${which === "to" ? to : from}" aria-label="${name}: ${words}">`;
    this.fieldset.innerHTML = `
      <legend><i class="quantity">${letter}</i> ${name}</legend>
      <div class="choice at">
        <button type="button" data-value="free">free</button><button type="button" data-value="0">0</button><button
          type="button" data-value="1">1</button>
      </div>
      <div class="slide"><input type="range" min="0" max="1" step="0.05" aria-label="${name}: held at"><output aria-live="off"></output></div>
      <div class="where">
        <span>rows ${number("from", "rows", 1, ROWS)} to ${number("to", "to", 1, ROWS)}</span>
        <span><span class="choice" role="group" aria-label="${name}: of which units"><button type="button"
          data-one="">all units</button><button type="button" data-one="1">unit</button></span>
          ${number("unit-number", "unit", 0, UNITS - 1)}</span>
      </div>`;
    holder.append(this.fieldset);
    [this.range, this.text, this.from, this.to, this.unit] = ["[type=range]", "output", ".from", ".to", ".unit-number"].map((part) =>
      this.fieldset.querySelector(part),
    );
    this.values = [...this.fieldset.querySelectorAll("[data-value]")];
    this.whose = [...this.fieldset.querySelectorAll("[data-one]")];

    for (const button of this.values)
      button.addEventListener("click", () => put(button.dataset.value === "free" ? null : this.#asked(Number(button.dataset.value))));
    this.range.addEventListener("input", () => put(this.#asked(this.range.valueAsNumber)));
    for (const button of this.whose)
      button.addEventListener("click", () => {
        this.#one = button.dataset.one !== "";
        this.#again();
      });
    this.unit.addEventListener("change", () => {
      this.#one = true;
      this.#again();
    });
    this.from.addEventListener("change", () => this.#again());
    this.to.addEventListener("change", () => this.#again());
    this.show(null, null, 0);
  }

  /**
   * @param {?Hold} how  how the gate is held; null: it is free
   * @param {?number} own  the value that the slider shows while it is free; null when that is not known
   * @param {number} unit  the unit that is offered
   */
  show(how, own, unit) {
    this.#how = how;
    if (how) {
      this.#one = how[3] !== undefined;
      write(this.from, how[1] + 1);
      write(this.to, how[2] + 1);
    }
    if (how || !this.#one) write(this.unit, how?.[3] ?? unit);
    this.fieldset.classList.toggle("held", how !== null);
    for (const button of this.values) {
      const { value } = button.dataset;
      button.setAttribute("aria-pressed", String(how ? Number(value) === how[0] : value === "free"));
    }
    for (const button of this.whose) button.setAttribute("aria-pressed", String((button.dataset.one !== "") === this.#one));
    const value = how ? how[0] : own;
    if (value !== null) this.range.value = String(value);
    this.text.textContent = how ? how[0].toFixed(2) : "free";
  }

  /** What was changed holds at once where the gate is held, and when it is next held where it is not. */
  #again() {
    const how = this.#asked(this.#how?.[0] ?? 0);
    const [, first, last, unit = whole(this.unit, 0)] = how;
    [this.from.value, this.to.value, this.unit.value] = [first + 1, last + 1, unit].map(String);
    if (this.#how) this.put(how);
    else this.show(null, null, unit);
  }

  /** @param {number} value @returns {Hold} at the rows and of the units that the fields say */
  #asked(value) {
    const [first, last] = [whole(this.from, 1) - 1, whole(this.to, ROWS) - 1].sort((a, b) => a - b);
    const rows = /** @type {const} */ ([value, Math.min(first, LAST), Math.min(last, LAST)]);
    return this.#one ? [...rows, whole(this.unit, 0)] : [...rows];
  }
}

/** What is being typed stays. @param {HTMLInputElement} input @param {number} number */
function write(input, number) {
  if (document.activeElement !== input) input.value = String(number);
}

/** The whole number in a field, within its bounds. @param {HTMLInputElement} input @param {number} otherwise */
function whole(input, otherwise) {
  const number = Number.isFinite(input.valueAsNumber) ? Math.round(input.valueAsNumber) : otherwise;
  return Math.min(Number(input.max), Math.max(Number(input.min), number));
}
