/** Tooltips: the titles, which browsers show to a mouse alone, for the keyboard and for touch. */

const LONG = 500; // milliseconds: a longer press asks what a button does instead of pressing it
const GAP = 6; // pixels

const OPERATED = "button, a, label, input, select, canvas";

/**
 * Whatever has a title explains itself while the keyboard's focus is on it, or at a long press; what nothing else
 * happens to at a tap, at a tap.
 * @param {HTMLElement} page
 */
export function hints(page) {
  const bubble = document.createElement("p");
  bubble.id = "hint";
  bubble.setAttribute("role", "tooltip");
  bubble.hidden = true;
  page.append(bubble);

  for (const part of page.querySelectorAll(`[title]:not(${OPERATED})`)) {
    if (part.querySelector(OPERATED)) continue;
    part.setAttribute("tabindex", "0");
    part.setAttribute("role", "button");
  }

  /** @type {?HTMLElement} what is explained */ let explained = null;
  /** @type {?HTMLElement} what has the explanation as its description */ let described = null;
  const hide = () => {
    described?.removeAttribute("aria-describedby");
    explained = described = null;
    bubble.hidden = true;
  };
  const explain = (/** @type {HTMLElement} */ part, /** @type {HTMLElement} */ focused = part) => {
    hide();
    explained = part;
    described = focused;
    bubble.textContent = part.title;
    bubble.hidden = false;
    focused.setAttribute("aria-describedby", bubble.id);
    const { left, top, bottom } = part.getBoundingClientRect();
    const room = document.documentElement.clientWidth - bubble.offsetWidth - GAP;
    const below = bottom + GAP + bubble.offsetHeight <= innerHeight;
    bubble.style.left = `${Math.max(GAP, Math.min(left, room))}px`;
    bubble.style.top = `${below ? bottom + GAP : Math.max(GAP, top - GAP - bubble.offsetHeight)}px`;
  };
  // Its own title, that of what it is in, or that of its label.
  const titled = ({ target }) => {
    const part = /** @type {?HTMLElement} */ (target.closest("[title]:not([title=''])") ?? target.labels?.[0]);
    return part?.title ? part : null;
  };
  const idle = (/** @type {HTMLElement} */ part) => !part.matches(OPERATED) && part.matches("[role=button]");

  page.addEventListener("focusin", (event) => {
    const part = titled(event);
    const focused = /** @type {HTMLElement} */ (event.target);
    if (part && focused.matches(":focus-visible")) explain(part, focused);
    else hide();
  });
  page.addEventListener("focusout", hide);
  page.addEventListener("click", (event) => {
    const part = titled(event);
    if (part && idle(part)) explain(part);
  });

  /** @type {number | undefined} */ let press;
  let asked = false; // by a long press, whose click then presses nothing
  page.addEventListener("pointerdown", (event) => {
    clearTimeout(press);
    asked = false;
    const part = titled(event);
    if (explained && explained !== part) hide();
    if (event.pointerType === "mouse" || !part || part.matches("canvas")) return;
    press = setTimeout(() => {
      asked = true;
      explain(part);
    }, LONG);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove"])
    page.addEventListener(end, (event) => {
      if (end !== "pointermove" || Math.abs(/** @type {PointerEvent} */ (event).movementY) > 2) clearTimeout(press);
    });
  page.addEventListener("contextmenu", (event) => asked && event.preventDefault());
  page.addEventListener(
    "click",
    (event) => {
      if (!asked) return;
      asked = false;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    const part = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape") hide();
    if ((event.key !== "Enter" && event.key !== " ") || !(part.title && idle(part))) return;
    event.preventDefault();
    if (explained === part) hide();
    else explain(part);
  });
  addEventListener("scroll", hide, { passive: true, capture: true });
}
