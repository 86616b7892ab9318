/** The evidence: what each row adds to the logit of the digit read, as bars that add up to it. */

import { cssColour } from "./colours.js";
import { CLASSES, ROWS } from "./reading.js";
import { focus, show, watch } from "./state.js";
import { signed } from "./words.js";

/** @param {HTMLElement} holder @param {HTMLElement} note  says what it is, with the sum */
export function evidence(holder, note) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  const mark = document.createElement("div");
  mark.className = "row-mark";
  holder.append(canvas, mark);

  const under = (/** @type {PointerEvent} */ event) => {
    const { top, height } = canvas.getBoundingClientRect();
    return Math.min(ROWS - 1, Math.max(0, Math.floor(((event.clientY - top) / height) * ROWS)));
  };
  canvas.addEventListener("pointermove", (event) => show({ pointed: { row: under(event) } }));
  canvas.addEventListener("pointerleave", () => show({ pointed: null }));
  canvas.addEventListener("pointerdown", (event) => show({ row: under(event), playing: false }));

  /** @type {?Float32Array} */ let bars = null;

  const draw = () => {
    const width = Math.round(canvas.clientWidth * devicePixelRatio);
    const height = Math.round(canvas.clientHeight * devicePixelRatio);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    if (!bars) return;
    // From the largest bar against to the largest bar for, with zero where it falls between them.
    const low = Math.min(0, ...bars);
    const high = Math.max(1, ...bars);
    const x = (/** @type {number} */ value) => ((value - low) / (high - low)) * width;
    const step = height / ROWS;
    bars.forEach((value, row) => {
      pen.fillStyle = cssColour("diverging", value < 0 ? 0.06 : 0.94);
      pen.fillRect(x(Math.min(0, value)), row * step + 0.1 * step, x(Math.abs(value)) - x(0), 0.8 * step);
    });
    pen.fillStyle = getComputedStyle(canvas).color;
    pen.fillRect(Math.min(width - 1, x(0)), 0, devicePixelRatio, height);
  };
  new ResizeObserver(draw).observe(canvas);

  const write = (/** @type {import("./state.js").Shown} */ shown) => {
    const digit = shown.reading?.digit ?? null;
    if (digit === null) {
      note.textContent = "evidence each row leaves for the digit read";
      return;
    }
    const row = focus(shown);
    const logit = shown.reading.logits[(ROWS - 1) * CLASSES + digit];
    note.innerHTML =
      `evidence for ${digit}: row ${row + 1} adds <b>${signed(bars[row], 2)}</b>; ` +
      `all rows and the bias make the logit <b>${signed(logit, 1)}</b>`;
    canvas.setAttribute("aria-label", note.textContent);
  };

  watch(["reading", "dark"], (shown) => {
    const { reading } = shown;
    const digit = reading?.digit ?? null;
    bars = digit === null ? null : Float32Array.from({ length: ROWS }, (_, t) => reading.evidence[t * CLASSES + digit]);
    draw();
    write(shown);
  });
  watch(["row", "pointed"], (shown) => {
    mark.style.top = `${(100 * focus(shown)) / ROWS}%`;
    write(shown);
  });
}
