/** The tour: stops one after another, each lights a part of the page and plays it on the present drawing. */

import { found } from "../engine/landmarks.js";
import { ROWS } from "../engine/dimensions.js";
import { now, show, watch } from "../state/state.js";
import script from "../data/tour.json" with { type: "json" };

/**
 * @typedef {Object} Stop
 * @property {string} light  selects what is lit; several parts are lit as one
 * @property {string} title
 * @property {string} text
 * @property {Partial<import("../state/state.js").Shown>} [show]  what it changes
 * @property {string} [find]  a place of landmarks.js that it shows
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 */

const { throughout, stops } = /** @type {{throughout: Partial<import("../state/state.js").Shown>, stops: Stop[]}} */ (
  /** @type {unknown} */ (script)
);

/** All that the tour changes, and therefore puts back. */
const KEYS = ["row", "unit", ...Object.keys(throughout), ...stops.flatMap((stop) => Object.keys(stop.show ?? {}))];

const RIM = 6; // pixels of light around the part
const GAP = 16; // pixels between the light and the card, and to the edge of the screen

/** @param {HTMLButtonElement} button  starts it @param {HTMLElement} page  all of the page */
export function tour(button, page) {
  const ring = document.createElement("div");
  ring.className = "tour-light";
  const card = document.createElement("section");
  card.className = "tour-card";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", "Tour");
  card.innerHTML = `
    <div aria-live="polite"><h2></h2><p></p></div>
    <p class="note">The pad is blank: draw a digit or choose an example, and this shows what becomes of it.</p>
    <div class="steps">
      <span></span>
      <button type="button" class="quiet" title="Escape">End</button>
      <button type="button" title="←">Back</button>
      <button type="button" title="→">Next</button>
    </div>`;
  const [title, text, blank, count] = ["h2", "p", ".note", "span"].map((part) => card.querySelector(part));
  const [endButton, backButton, nextButton] = card.querySelectorAll("button");
  const narrow = matchMedia("(max-width: 700px)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @type {?number} which stop; null when no tour is under way */ let at = null;
  /** @type {Partial<import("../state/state.js").Shown>} */ let before = {};
  /** @type {Element[]} */ let lit = [];
  /** @type {Box} of the light, from the page's corner; the light itself may still be on its way */ let box;

  const start = () => {
    if (at !== null) end();
    before = Object.fromEntries(KEYS.map((key) => [key, now()[key]]));
    if (before.playing) Object.assign(before, { playing: false, readTo: null, row: ROWS - 1 }); // it counts as done
    page.append(ring, card);
    go(0);
  };

  const end = () => {
    at = null;
    layout.disconnect();
    ring.remove();
    card.remove();
    show({ ...before, pointed: null });
    button.focus();
  };

  const go = (/** @type {number} */ to) => {
    if (!stops[to]) return;
    at = to;
    const stop = stops[at];
    show({ ...before, ...throughout, ...stop.show, ...(stop.find && found(stop.find, now())), pointed: null });
    title.textContent = stop.title;
    text.textContent = stop.text;
    count.textContent = `${at + 1} of ${stops.length}`;
    backButton.disabled = at === 0;
    nextButton.disabled = at === stops.length - 1;
    (nextButton.disabled ? endButton : nextButton).focus({ preventScroll: true });
    layout.disconnect();
    lit = [...page.querySelectorAll(stop.light)];
    for (const part of [page, ...lit]) layout.observe(part);
    place();
    scroll();
  };

  /** Put the light around the lit parts, and the card where it does not cover them. */
  const place = () => {
    const origin = page.getBoundingClientRect();
    const sides = lit.map((part) => part.getBoundingClientRect());
    box = {
      left: Math.min(...sides.map(({ left }) => left)) - origin.left - RIM,
      top: Math.min(...sides.map(({ top }) => top)) - origin.top - RIM,
      right: Math.max(...sides.map(({ right }) => right)) - origin.left + RIM,
      bottom: Math.max(...sides.map(({ bottom }) => bottom)) - origin.top + RIM,
    };
    put(ring, box.left, box.top);
    Object.assign(ring.style, { width: `${box.right - box.left}px`, height: `${box.bottom - box.top}px` });
    if (narrow.matches) return Object.assign(card.style, { left: "", top: "" }); // the style sheet's: below all
    const [right, left] = [box.right + GAP, box.left - GAP - card.offsetWidth];
    if (right + card.offsetWidth <= origin.width) put(card, right, box.top);
    else if (left >= 0) put(card, left, box.top);
    else put(card, Math.max(0, Math.min(box.left, origin.width - card.offsetWidth)), box.bottom + GAP);
  };
  const layout = new ResizeObserver(place);
  addEventListener("resize", () => at !== null && (place(), scroll()));

  /** Bring the light and the card into view, when they are not yet. */
  const scroll = () => {
    const origin = page.getBoundingClientRect().top;
    const top = box.top + origin;
    const bottom = (narrow.matches ? box.bottom : Math.max(box.bottom, card.offsetTop + card.offsetHeight)) + origin;
    const room = narrow.matches ? card.getBoundingClientRect().top : innerHeight;
    if (top >= 0 && bottom <= room) return;
    // In the middle when there is room for all of it, else from its top.
    const by = top - Math.max(GAP / 2, (room - (bottom - top)) / 2);
    scrollBy({ top: by, behavior: calm.matches ? "instant" : "smooth" });
  };

  button.addEventListener("click", start);
  endButton.addEventListener("click", end);
  backButton.addEventListener("click", () => go(at - 1));
  nextButton.addEventListener("click", () => go(at + 1));
  document.addEventListener("keydown", (event) => {
    if (at === null) return;
    const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") end();
    // Sliders, lists and maps have their own use for the arrows.
    else if (arrow && !(/** @type {HTMLElement} */ (event.target).matches("input, select, canvas"))) go(at + arrow);
    else return;
    event.preventDefault();
  });

  watch(["reading", "network"], (shown) => {
    blank.hidden = shown.reading?.closest != null;
    const find = stops[at]?.find;
    if (find) show({ ...found(find, shown) });
  });
}

/** @param {HTMLElement} element @param {number} left @param {number} top  from the page's corner */
const put = (element, left, top) => Object.assign(element.style, { left: `${left}px`, top: `${top}px` });
