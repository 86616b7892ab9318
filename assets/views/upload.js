/** Bring a picture of a digit: choose a file, paste, or drop it anywhere. */

import { show, watch } from "../state/state.js";

const SIDE = 512; // pixels; more would only take time to send

/**
 * @param {HTMLInputElement} input   of files
 * @param {HTMLElement} pad          shows the picture in a corner as long as what was found in it is shown
 * @param {import("../state/drawing.js").Drawing} drawing
 * @param {(picture: string) => Promise<{image: string}>} find  the digit in a picture file in base64; fails with a
 *   sentence for people
 */
export function upload(input, pad, drawing, find) {
  let newest = 0; // a picture must not come late over a newer one, or over what has been drawn since
  const take = async (/** @type {?File | undefined} */ file) => {
    if (!file) return;
    const mine = ++newest;
    const { drawn } = drawing;
    const isLate = () => mine !== newest || drawn !== drawing.drawn;
    show({ notice: "" });
    const picture = await small(file).catch(() => undefined);
    if (isLate()) return;
    if (!picture) return show({ notice: "This is no picture that the browser can open. Take a PNG, JPEG or WebP file." });
    const [{ value, reason }] = await Promise.allSettled([find(picture)]);
    if (isLate()) return;
    if (!value) return show({ notice: reason.message });
    image = value.image;
    original.src = `data:image/png;base64,${picture}`;
    drawing.replace(value);
  };

  let image = ""; // what was found in the last picture
  const original = document.createElement("img");
  original.className = "original";
  original.alt = "The picture in which this was found";
  pad.append(original);
  watch(["reading"], ({ reading }) => (original.hidden = !image || reading?.asked.image !== image));

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
  // Anywhere: beside the pad the browser would leave the page, and open the picture in its place.
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    pad.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) pad.classList.remove("over"); // it has left the window
  });
  document.addEventListener("drop", (event) => {
    pad.classList.remove("over");
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
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
