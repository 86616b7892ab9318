/** The 28 × 28 image, as the network gets it. */

import { ROWS } from "../state/reading.js";

/** @param {HTMLCanvasElement} canvas  of 28 × 28 pixels @param {Float32Array} image  ink in 0…1 */
export function drawInk(canvas, image) {
  const picture = new ImageData(ROWS, ROWS);
  const pixels = new Uint32Array(picture.data.buffer);
  const colour = document.body.classList.contains("dark") ? 0xf0f0f0 : 0x000000;
  for (let k = 0; k < pixels.length; k++) pixels[k] = (Math.round(255 * image[k]) << 24) | colour;
  canvas.getContext("2d").putImageData(picture, 0, 0);
}
