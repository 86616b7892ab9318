/** The guide: its links set the page and lead to what they set, and one leads back to the text. */

import { findable, found } from "../engine/landmarks.js";
import { now, show, watch } from "../state/state.js";
import tables from "../data/tables.json" with { type: "json" };

const LIT = { duration: 2500, easing: "ease-in" }; // the frame that fades around the part led to

/**
 * A link of the text is a button with data-to, which selects the part it leads to, and with what it shows there:
 * data-show, a change as JSON, or data-find, a place of landmarks.js. A link with data-source leads to a file of the
 * repository, once `<meta name="source">` says where that is; without it, it is plain text.
 * @param {HTMLElement} text @param {Iterable<HTMLAnchorElement>} ways  lead to the text, or to a part of it
 * @param {() => void} step  makes Back come back to where a link was followed
 */
export function guide(text, ways, step) {
  const page = text.closest(".gatescope");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const goTo = (/** @type {Element} */ part, /** @type {ScrollLogicalPosition} */ block) => {
    const screen = part.closest(".screen");
    // What stands on the first screen is seen best with all of it.
    const whole = screen && screen.getBoundingClientRect().height <= innerHeight;
    (whole ? page : part).scrollIntoView({ behavior: calm.matches ? "instant" : "smooth", block });
  };

  for (const way of ways)
    way.addEventListener("click", (event) => {
      event.preventDefault(); // the address holds the drawing
      step();
      const part = page.querySelector(way.getAttribute("href"));
      goTo(part, "start");
      /** @type {HTMLElement} */ (part.querySelector("[tabindex='-1']")).focus({ preventScroll: true });
    });
  const source = document.querySelector("meta[name=source]")?.getAttribute("content");
  for (const link of text.querySelectorAll("[data-source]"))
    if (source) link.setAttribute("href", new URL(link.getAttribute("data-source"), source).href);
  for (const place of text.querySelectorAll(".address")) place.textContent = new URL(".", document.baseURI).href;

  /** @type {?HTMLButtonElement} the link that was followed */ let followed = null;
  const back = document.createElement("button");
  back.type = "button";
  back.className = "how-back";
  back.textContent = "Back to the text";
  back.addEventListener("click", () => {
    goTo(followed, "center");
    followed.focus({ preventScroll: true });
  });
  // It stands on the page while the followed link is out of sight.
  const sight = new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting) return page.append(back);
    if (back.isConnected) sight.disconnect();
    back.remove();
  });

  const links = /** @type {HTMLButtonElement[]} */ ([...text.querySelectorAll("[data-to]")]);
  for (const button of links)
    button.addEventListener("click", () => {
      const { to, show: change = "{}", find } = button.dataset;
      step();
      show({ playing: false, pointed: null, ...JSON.parse(change), ...(find && found(find, now())) });
      const { row, unit, order } = now();
      const { name } = tables.orders.find(({ id }) => id === order);
      show({ said: `Shown: row ${row + 1}, unit ${unit}; order: ${name}.` });
      const part = page.querySelector(to);
      followed = button;
      sight.disconnect();
      sight.observe(button);
      goTo(part, "start");
      part.animate({ outline: ["3px solid var(--accent)", "3px solid transparent"] }, LIT);
    });
  watch(["reading", "network"], (shown) => {
    for (const button of links) button.disabled = Boolean(button.dataset.find) && !findable(shown);
  });
}
