/** The sketch pad: takes the pen, draws the ink, undoes and clears. */

import { drawInk } from "../components/canvas.js";
import { ROWS } from "../engine/dimensions.js";
import { PAD, PEN } from "../state/drawing.js";

/**
 * @param {HTMLElement} card  holds the pad, its hint and the buttons
 * @param {import("../state/drawing.js").Drawing} drawing
 * @returns {() => void} draws the pad anew
 */
export function sketchPad(card, drawing) {
  const [canvas, hint, undo, redo, clear] = ["canvas", ".hint", "#undo", "#redo", "#clear"].map((part) =>
    card.querySelector(part),
  );
  const ink = canvas.getContext("2d");
  /** @type {?number} */ let pen = null; // the pointer that draws; others are ignored meanwhile
  /** @type {?import("../state/drawing.js").Stroke} */ let stroke = null; // that it draws

  /** @param {PointerEvent} event @returns {[number, number]} */
  const at = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const place = (/** @type {number} */ share) => Math.round(PAD * Math.min(1, Math.max(0, share)));
    return [place((event.clientX - left) / width), place((event.clientY - top) / height)];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (pen !== null || event.button !== 0) return;
    event.preventDefault(); // no selecting, no focus lost to the page
    pen = event.pointerId;
    canvas.setPointerCapture(pen);
    stroke = drawing.begin(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pen) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    drawing.extend((passed.length ? passed : [event]).map(at), stroke);
  });
  const lift = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId === pen) pen = null;
  };
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(end, lift);
  // Some phones scroll in spite of touch-action.
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });

  undo.addEventListener("click", () => drawing.undo());
  redo.addEventListener("click", () => drawing.redo());
  clear.addEventListener("click", () => drawing.clear());
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches("select, input:not([type=range])")) return;
    const held = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase(); // with Shift it is "Z"
    if (held && (key === "y" || (key === "z" && event.shiftKey))) drawing.redo();
    else if (held && key === "z") drawing.undo();
    else if (!held && !event.altKey && (key === "delete" || key === "backspace")) drawing.clear();
    else return;
    event.preventDefault();
  });

  const draw = () => {
    const { strokes, image } = drawing.drawn;
    undo.disabled = !drawing.canUndo;
    redo.disabled = !drawing.canRedo;
    clear.disabled = drawing.blank;
    hint.hidden = !drawing.blank && !drawing.offered;
    hint.classList.toggle("below", drawing.offered);
    const words = drawing.offered ? "Now draw your own, right over it" : "Draw a digit here";
    if (hint.textContent !== words) hint.textContent = words; // costs a layout, and here is drawn at every move of the pen
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== side || canvas.height !== side) canvas.width = canvas.height = side; // at first it is 300 × 150
    ink.setTransform(side / PAD, 0, 0, side / PAD, 0, 0);
    ink.clearRect(0, 0, PAD, PAD);
    ink.lineWidth = PEN;
    ink.lineCap = ink.lineJoin = "round";
    for (const stroke of strokes) ink.stroke(smoothed(stroke));
    if (image) ink.drawImage(picture(image), 0, 0, PAD, PAD);
  };
  new ResizeObserver(draw).observe(canvas);
  return draw;
}

/**
 * A curve through the middles between the points, with the points as its handles: round where a polyline has corners.
 * @param {import("../state/drawing.js").Stroke} stroke
 * @returns {Path2D}
 */
function smoothed(stroke) {
  const path = new Path2D();
  const [x0, y0] = stroke;
  path.moveTo(x0, y0);
  path.lineTo(x0, y0 + 0.1); // of a line without length browsers draw nothing, and a tap is a dot
  for (let k = 2; k + 3 < stroke.length; k += 2) {
    const [x, y, nextX, nextY] = stroke.slice(k, k + 4);
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  path.lineTo(stroke.at(-2), stroke.at(-1));
  return path;
}

/** @param {string} image  base64 of 784 bytes, ink = 255 @returns {OffscreenCanvas} black on nothing */
function picture(image) {
  const small = new OffscreenCanvas(ROWS, ROWS);
  drawInk(small, Uint8Array.from(atob(image), (c) => c.charCodeAt(0)), false, 255);
  return small;
}
