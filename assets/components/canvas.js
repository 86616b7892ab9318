/** What several pictures need of their canvas: sharpness, the image's ink, and pointing at a row. */

import { ROWS } from "../engine/dimensions.js";

/**
 * Keep a canvas as sharp as the screen, and draw it anew when its size changes. The size is noted here and not asked
 * for at each drawing, since asking makes the browser lay out the page; so does each drawing with words, and therefore
 * a canvas is drawn only while it is in sight, or nearly.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {(size: Size) => void} draw  its context is scaled to CSS pixels
 * @returns {() => void} to call when what it shows has changed
 *
 * @typedef {{width: number, height: number}} Size  in CSS pixels, 0 until it is known
 */
export function sharp(canvas, draw) {
  const size = { width: 0, height: 0 };
  let seen = true; // as long as the browser has not said
  let due = false;
  const redraw = () => {
    due = !seen;
    if (seen) draw(size);
  };
  new ResizeObserver(([{ contentRect }]) => {
    size.width = contentRect.width;
    size.height = contentRect.height;
    canvas.width = Math.round(size.width * devicePixelRatio);
    canvas.height = Math.round(size.height * devicePixelRatio);
    canvas.getContext("2d").scale(devicePixelRatio, devicePixelRatio);
    redraw();
  }).observe(canvas);
  const sight = (/** @type {IntersectionObserverEntry[]} */ entries) => {
    seen = entries.at(-1).isIntersecting;
    if (due) redraw();
  };
  new IntersectionObserver(sight, { rootMargin: "50%" }).observe(canvas);
  addEventListener("beforeprint", () => draw(size));
  return redraw;
}

/**
 * Draw an image as the network gets it.
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas  of 28 × 28 pixels
 * @param {ArrayLike<number>} image  28 × 28 values, row by row
 * @param {boolean} dark  light ink, for a dark page
 * @param {number} [full]  the value of full ink; paper is 0
 */
export function drawInk(canvas, image, dark, full = 1) {
  const picture = new ImageData(ROWS, ROWS);
  const pixels = new Uint32Array(picture.data.buffer);
  const colour = dark ? 0xf0f0f0 : 0x000000;
  for (let k = 0; k < pixels.length; k++) pixels[k] = (Math.round((255 * image[k]) / full) << 24) | colour;
  /** @type {any} */ (canvas.getContext("2d")).putImageData(picture, 0, 0);
}

/**
 * Tell which row of a picture is pointed at.
 * @param {HTMLElement} picture
 * @param {(row: ?number) => void} point  told the row under the pointer, and null when it has left
 * @param {(row: number) => void} pin     told the row that was clicked or tapped
 * @param {(event: PointerEvent, box: DOMRect) => number} [rowAt]  where an event lies, in rows; without it the 28 run down
 *   the picture
 */
export function pointRows(picture, point, pin, rowAt = ({ clientY }, { top, height }) => ((clientY - top) / height) * ROWS) {
  const under = (/** @type {PointerEvent} */ event) =>
    Math.min(ROWS - 1, Math.max(0, Math.floor(rowAt(event, picture.getBoundingClientRect()))));
  // A finger that goes up or down scrolls, and the browser takes it away: only one that is lifted has tapped.
  const mouse = (/** @type {PointerEvent} */ event) => event.pointerType === "mouse";
  picture.addEventListener("pointermove", (event) => mouse(event) && point(under(event)));
  picture.addEventListener("pointerleave", () => point(null));
  picture.addEventListener("pointerdown", (event) => mouse(event) && pin(under(event)));
  picture.addEventListener("pointerup", (event) => !mouse(event) && pin(under(event)));
}
