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
const GAP = 12; // pixels between the light and the card
const EDGE = 6; // pixels to the edge of the screen
const [WIDTH, NARROW] = [330, 236]; // pixels of the card, where there is room and where there is little
const LEAST = 60; // pixels of a part that are lit at least

/** @param {HTMLButtonElement} button  starts it @param {HTMLElement} page  all of the page */
export function tour(button, page) {
  const ring = document.createElement("div");
  ring.className = "tour-light";
  const card = document.createElement("section");
  card.className = "tour-card";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", "Tour");
  card.innerHTML = `
    <div><h2></h2><p></p></div>
    <p class="note">The pad is blank: draw a digit or choose an example, and this shows what becomes of it.</p>
    <div class="steps">
      <span></span>
      <button type="button" class="quiet" title="Escape">End</button>
      <button type="button" title="←">Back</button>
      <button type="button" title="→">Next</button>
    </div>`;
  const [title, text, blank, count] = ["h2", "p", ".note", "span"].map((part) => card.querySelector(part));
  const [endButton, backButton, nextButton] = card.querySelectorAll("button");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @type {?number} which stop; null when no tour is under way */ let at = null;
  /** @type {Partial<import("../state/state.js").Shown>} */ let before = {};
  /** @type {Element[]} */ let lit = [];
  /** @type {Box} of the light, from the page's corner; the light itself may still be on its way */ let box;

  const start = () => {
    show({ touring: false });
    before = Object.fromEntries(KEYS.map((key) => [key, now()[key]]));
    if (before.playing) Object.assign(before, { playing: false, readTo: null, row: ROWS - 1 }); // it counts as done
    page.append(ring, card);
    show({ touring: true });
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
    const last = at === stops.length - 1;
    endButton.hidden = last;
    nextButton.textContent = last ? "Done" : "Next";
    nextButton.focus({ preventScroll: true });
    show({ said: `${stop.title}. ${stop.text}` });
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
    const spot = spotBeside(box);
    put(ring, box.left, box.top);
    Object.assign(ring.style, { width: `${box.right - box.left}px`, height: `${box.bottom - box.top}px` });
    put(card, spot.left, spot.top);
  };

  /** Where the card covers nothing of the box, in which it is seen together with it; the box is cut where nothing helps. */
  const spotBeside = (/** @type {Box} */ box) => {
    const wide = page.clientWidth;
    const high = document.documentElement.clientHeight;
    const seen = -page.getBoundingClientRect().top; // the top of the window
    const within = (/** @type {number} */ left, /** @type {number} */ width) => Math.max(EDGE, Math.min(left, wide - width - EDGE));
    const spots = (/** @type {number} */ width) => {
      card.style.width = `${width}px`;
      const height = card.offsetHeight;
      const tall = box.bottom - box.top;
      const whole = box.top >= seen && box.bottom <= seen + high; // else the window comes to it
      const level = whole ? Math.max(seen + EDGE, Math.min(box.top, seen + high - height - EDGE)) : box.top;
      const beside = Math.max(tall, height) + 2 * EDGE <= high;
      const stacked = tall + GAP + height + EDGE <= high;
      return [
        beside && box.right + GAP + width <= wide && { left: box.right + GAP, top: level },
        beside && box.left - GAP - width >= 0 && { left: box.left - GAP - width, top: level },
        stacked && { left: within(box.left, width), top: box.bottom + GAP },
        stacked && box.top - GAP - height >= 0 && { left: within(box.left, width), top: box.top - GAP - height },
      ].filter(Boolean).map((spot) => ({ ...spot, bottom: spot.top + height })); // prettier-ignore
    };
    const still = (/** @type {{top: number, bottom: number}} */ spot) =>
      Math.min(box.top, spot.top) >= seen && Math.max(box.bottom, spot.bottom) <= seen + high;
    card.classList.remove("small");
    for (const width of [WIDTH, wide - 2 * EDGE, NARROW]) {
      card.classList.toggle("small", width !== WIDTH);
      if (width + 2 * EDGE > wide) continue;
      const found = spots(width);
      if (found.length) return found.find(still) ?? found[0];
    }
    card.style.width = `${wide - 2 * EDGE}px`;
    box.bottom = box.top + Math.max(LEAST, high - card.offsetHeight - GAP - EDGE);
    return { left: EDGE, top: box.bottom + GAP };
  };
  const layout = new ResizeObserver(place);
  addEventListener("resize", () => at !== null && (place(), scroll()));

  /** Bring the light and the card into view, when they are not yet. */
  const scroll = () => {
    const origin = page.getBoundingClientRect().top;
    const top = Math.min(box.top, card.offsetTop) + origin;
    const bottom = Math.max(box.bottom, card.offsetTop + card.offsetHeight) + origin;
    if (top >= 0 && bottom <= innerHeight) return;
    // In the middle when there is room for all of it, else from its top.
    const by = top - Math.max(EDGE, (innerHeight - (bottom - top)) / 2);
    scrollBy({ top: by, behavior: calm.matches ? "instant" : "smooth" });
  };

  button.addEventListener("click", start);
  const done = () => show({ touring: false });
  endButton.addEventListener("click", done);
  backButton.addEventListener("click", () => go(at - 1));
  nextButton.addEventListener("click", () => (at === stops.length - 1 ? done() : go(at + 1)));
  document.addEventListener("keydown", (event) => {
    if (at === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") done();
    // Sliders, lists and maps have their own use for the arrows.
    else if (arrow && !(/** @type {HTMLElement} */ (event.target).matches("input, select, canvas"))) go(at + arrow);
    else return;
    event.preventDefault();
  });

  watch(["touring"], ({ touring }) => touring || at === null || end());
  watch(["presenting"], done); // what it points at is not there any more
  watch(["reading", "network"], (shown) => {
    blank.hidden = shown.reading?.closest != null;
    const find = stops[at]?.find;
    if (find) show({ ...found(find, shown) });
  });
}

/** @param {HTMLElement} element @param {number} left @param {number} top  from the page's corner */
const put = (element, left, top) => Object.assign(element.style, { left: `${left}px`, top: `${top}px` });
