/** Bring a picture of a digit: choose a file, paste, or drop it on the pad. */

import { show } from "../state/state.js";

const SIDE = 512; // pixels; more would only take time to send

/**
 * @param {HTMLInputElement} input   of files
 * @param {HTMLElement} pad          takes drops
 * @param {import("../state/drawing.js").Drawing} drawing
 * @param {(picture: string) => Promise<{image: string}>} find  the digit in a picture file in base64; fails with a
 *   sentence for people
 */
export function upload(input, pad, drawing, find) {
  let newest = 0; // a picture must not come late over a newer one, or over strokes begun since
  const take = async (/** @type {?File | undefined} */ file) => {
    if (!file) return;
    const mine = ++newest;
    const picture = await small(file).catch(() => undefined);
    if (!picture) return show({ trouble: "This is no picture that the browser can open. Take a PNG, JPEG or WebP file." });
    const [{ value, reason }] = await Promise.allSettled([find(picture)]);
    if (mine !== newest) return;
    if (value) drawing.replace(value);
    else show({ trouble: reason.message });
  };

  pad.addEventListener("pointerdown", () => (newest += 1));
  input.addEventListener("change", () => {
    take(input.files[0]);
    input.value = "";
  });
  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    take(file);
  });
  pad.addEventListener("dragover", (event) => {
    event.preventDefault();
    pad.classList.add("over");
  });
  pad.addEventListener("dragleave", () => pad.classList.remove("over"));
  pad.addEventListener("drop", (event) => {
    event.preventDefault();
    pad.classList.remove("over");
    take(event.dataTransfer.files[0]);
  });
}

/** The picture, upright and no larger than is of use, as base64 of a PNG. @param {File} file */
async function small(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.max(1, picture.width * scale), Math.max(1, picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return btoa(text);
}
