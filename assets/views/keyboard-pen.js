/** The pen by keyboard: arrow keys move it over the pad, Space puts it down and lifts it. */

import { PAD } from "../state/drawing.js";
import { show } from "../state/state.js";

const STRIDE = 40; // units of the pad
const FINE = 10; // with Shift

/** @param {HTMLElement} pad  holds the canvas @param {import("../state/drawing.js").Drawing} drawing */
export function keyboardPen(pad, drawing) {
  const canvas = pad.querySelector("canvas");
  canvas.tabIndex = 0;
  const tip = document.createElement("i");
  tip.className = "pen-tip";
  tip.hidden = true;
  pad.append(tip);

  let [x, y] = [PAD / 2, PAD / 5];
  /** @type {?import("../state/drawing.js").Stroke} */ let stroke = null; // while the pen is down
  const move = (/** @type {number} */ right, /** @type {number} */ below) => {
    const within = (/** @type {number} */ value) => Math.min(PAD, Math.max(0, value));
    [x, y] = [within(x + right), within(y + below)];
    Object.assign(tip.style, { left: `${(100 * x) / PAD}%`, top: `${(100 * y) / PAD}%` });
    look();
    drawing.extend([[x, y]], stroke);
  };
  const put = (/** @type {boolean} */ on) => {
    stroke = on ? drawing.begin(x, y) : null;
    tip.classList.toggle("down", on);
    show({ said: on ? "Pen down" : "Pen up" });
  };

  /** A pen whose stroke was taken away is up. */
  const look = () => stroke && !drawing.extend([], stroke) && put(false);

  canvas.addEventListener("focus", () => {
    tip.hidden = !canvas.matches(":focus-visible");
    move(0, 0);
  });
  canvas.addEventListener("blur", () => {
    tip.hidden = true;
    if (stroke) put(false);
  });
  canvas.addEventListener("keyup", look); // of undo too
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const stride = event.shiftKey ? FINE : STRIDE;
    if (step) move(step[0] * stride, step[1] * stride);
    else if (event.key === " ") event.repeat || put(!stroke);
    else return;
    event.preventDefault();
  });
}
