/**
 * Keep a canvas as sharp as the screen, and draw it anew when its size changes. The size is noted here and not asked
 * for at each drawing, since asking makes the browser lay out the page.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} draw
 * @returns {{width: number, height: number}} in CSS pixels, 0 until it is known; the context is scaled to them
 */
export function sharp(canvas, draw) {
  const size = { width: 0, height: 0 };
  new ResizeObserver(([{ contentRect }]) => {
    size.width = contentRect.width;
    size.height = contentRect.height;
    canvas.width = Math.round(size.width * devicePixelRatio);
    canvas.height = Math.round(size.height * devicePixelRatio);
    canvas.getContext("2d").scale(devicePixelRatio, devicePixelRatio);
    draw();
  }).observe(canvas);
  return size;
}
