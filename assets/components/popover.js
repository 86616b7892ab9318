/** A small card beside what it belongs to. It goes at Escape, and when something else is pressed or takes the focus. */

const GAP = 6; // pixels between the two, and to the edges of the window

export class Popover {
  /** @type {?HTMLElement} */ #card = null;
  /** @type {?Element} what it belongs to */ #owner = null;
  #closed = () => {};

  /** Whether it is that of this element. @param {Element} owner */
  opened = (owner) => this.#owner === owner;

  /**
   * @param {Element} owner
   * @param {HTMLElement} holder  gets the card while it is open
   * @param {string} label  what it is, for screen readers
   * @param {(card: HTMLElement) => void} fill
   * @param {() => void} closed  told when it has gone
   */
  open(owner, holder, label, fill, closed) {
    this.close();
    const card = document.createElement("div");
    card.className = "popover";
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-label", label);
    card.popover = "manual"; // above everything, and not cut off by what holds it
    fill(card);
    const done = document.createElement("button");
    done.type = "button";
    done.className = "done";
    done.textContent = "Done";
    card.append(done);
    holder.append(card);
    card.showPopover?.();
    place(card, owner);
    this.#card = card;
    this.#owner = owner;
    owner.setAttribute("aria-expanded", "true");
    this.#closed = closed;

    done.addEventListener("click", () => this.close(true));
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close(true);
    });
    card.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Element && !card.contains(relatedTarget) && relatedTarget !== owner) this.close();
    });
    document.addEventListener("pointerdown", this.#outside, true);
    addEventListener("resize", this.#moved);
    card.querySelector("button")?.focus({ preventScroll: true });
  }

  /** @param {boolean} [back]  give the focus back to what it belongs to */
  close(back = false) {
    if (!this.#card) return;
    const [card, owner] = [this.#card, this.#owner];
    this.#card = this.#owner = null;
    document.removeEventListener("pointerdown", this.#outside, true);
    removeEventListener("resize", this.#moved);
    owner.setAttribute("aria-expanded", "false");
    if (back) /** @type {any} */ (owner).focus({ preventScroll: true });
    card.remove();
    this.#closed();
  }

  #moved = () => place(this.#card, this.#owner);

  #outside = (/** @type {PointerEvent} */ { target }) => {
    const at = /** @type {Node} */ (target);
    if (!this.#card.contains(at) && !this.#owner.contains(at)) this.close();
  };
}

/** Below what it belongs to where there is room, else above, and never beyond the window. @param {HTMLElement} card @param {Element} owner */
function place(card, owner) {
  const beside = owner.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const below = beside.bottom + GAP;
  const top = below + height <= clientHeight - GAP ? below : beside.top - GAP - height;
  const within = (/** @type {number} */ at, /** @type {number} */ most) => Math.max(GAP, Math.min(at, most - GAP));
  card.style.left = `${scrollX + within(beside.left + beside.width / 2 - width / 2, clientWidth - width)}px`;
  card.style.top = `${scrollY + within(top, clientHeight - height)}px`;
}
