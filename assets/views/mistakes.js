/** Drawings that the network misreads or refuses, and corrupted digits that it misreads, to click. */

import { drawInk } from "../components/canvas.js";
import { thumbnail } from "../components/thumbnail.js";
import { ROWS } from "../engine/dimensions.js";
import { PAD } from "../state/drawing.js";
import { watch } from "../state/state.js";
import corrupted from "../data/corrupted.json" with { type: "json" };
import mistakes from "../data/mistakes.json" with { type: "json" };

/** @typedef {import("../state/drawing.js").Drawing} Drawing */

/** @param {HTMLElement} figure @param {Drawing} drawing */
export const misread = (figure, drawing) => list(figure, drawing, mistakes);

/** @param {HTMLElement} figure @param {Drawing} drawing */
export const misreadCorrupted = (figure, drawing) => list(figure, drawing, corrupted);

/**
 * @param {HTMLElement} figure
 * @param {Drawing} drawing  where a click brings them
 * @param {{source: string, drawings: {name: string, meant: string, read: string, strokes?: number[][], image?: string}[]}} found
 */
function list(figure, drawing, found) {
  const [holder, note] = [".drawings", ".note"].map((part) => figure.querySelector(part));
  note.textContent = found.source;
  for (const { name, read, strokes, image } of found.drawings) {
    const button = document.createElement("button");
    button.type = "button";
    if (strokes) button.innerHTML = thumbnail(strokes, PAD);
    else button.append(pixels(image));
    const words = document.createElement("span");
    words.textContent = `${name}: ${read === "?" ? "refused" : `read as ${read}`}`;
    button.append(words);
    button.addEventListener("click", () => drawing.replace(strokes ? { strokes } : { image }));
    holder.append(button);
  }
}

/** @param {string} image  base64 of 784 bytes, ink = 255 */
function pixels(image) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = ROWS;
  const ink = Uint8Array.from(atob(image), (c) => c.charCodeAt(0));
  watch(["dark"], ({ dark }) => drawInk(canvas, ink, dark, 255));
  return canvas;
}
