/** Bring a picture of a digit: choose a file, paste, or drop it on the pad. */

import { answered } from "../backend/retry.js";
import { show } from "../state/state.js";

const PATIENCE = 20_000; // milliseconds: a picture takes longer to send than strokes
const SIDE = 512; // pixels; more would only take time to send

/**
 * @param {HTMLInputElement} input   of files
 * @param {HTMLElement} pad          takes drops
 * @param {import("../state/drawing.js").Drawing} drawing
 * @param {(request: {picture: string}) => Promise<any>} find  has the server find the digit
 */
export function pictures(input, pad, drawing, find) {
  let newest = 0; // a picture must not come late over a newer one, or over strokes begun since
  const take = async (/** @type {?File | undefined} */ file) => {
    if (!file) return;
    const mine = ++newest;
    const picture = await small(file).catch(() => undefined);
    if (!picture) return show({ trouble: "This is no picture that the browser can open. Take a PNG, JPEG or WebP file." });
    const reply = await answered(find({ picture }), undefined, PATIENCE);
    if (mine !== newest) return;
    if (reply?.ok) drawing.replace({ image: reply.image });
    else show({ trouble: reply?.error ?? "The server does not answer. Try the picture again in a moment." });
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
