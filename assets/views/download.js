/** Take the reading away, as files that are made in the browser. */

import { now, show, watch } from "../state/state.js";

/**
 * @typedef {import("../state/reading.js").Reading} Reading
 * @typedef {import("../export/files.js").Kind} Kind
 */

const DENIED = "No file came? Then this frame denies downloads. Open the page by itself, in a tab of its own.";
const SAVED = 10_000; // milliseconds that a file is kept for the browser to save it

/**
 * @param {HTMLElement} holder  of a button for each kind of file, and the choice of the GIF's speed
 * @param {Object} from
 * @param {(request: import("../backend/remote.js").Request) => Promise<Reading>} from.readInFull  the server's float32
 * @param {() => string} from.address  what opens the page as it is shown
 */
export function download(holder, { readInFull, address }) {
  const buttons = [...holder.querySelectorAll("button")];
  const pace = holder.querySelector("select");

  // When a reading is there and the browser has nothing else to do: later the server may be away.
  let loading = false;
  watch(["reading"], ({ reading }) => {
    for (const button of buttons) button.disabled = !reading || "making" in button.dataset;
    if (!reading || loading) return;
    loading = true;
    (globalThis.requestIdleCallback ?? setTimeout)(() => load().catch(() => (loading = false)));
  });

  /** @param {Kind} kind @param {(share: number) => void} told */
  const make = async (kind, told) => {
    const { reading, untouched, pinned, difference, digit, against, order, columns, network, dark } = now();
    const shown = { untouched, pinned: difference ? pinned : null, digit, against, order, columns, network, dark };
    // What is drawn meanwhile is another reading, at another address.
    const taken = { ...shown, address: address(), reading, exact: false };
    const { makeFile } = await load();
    if (kind === "npz" || kind === "csv")
      await readInFull(reading.asked).then(
        (full) => Object.assign(taken, { reading: full, exact: true }),
        () => {}, // the file says that its values are those that were sent before
      );
    return makeFile(kind, taken, { pace: Number(pace.value), told });
  };

  for (const button of buttons)
    button.addEventListener("click", async () => {
      const words = button.textContent;
      button.disabled = true;
      button.dataset.making = "";
      button.textContent = "Making it…";
      show({ notice: "" });
      try {
        const kind = /** @type {Kind} */ (button.dataset.kind);
        const told = (/** @type {number} */ share) => (button.textContent = `Making it… ${Math.floor(100 * share)}%`);
        const { name, file } = await make(kind, told);
        save(name, file);
        if (parent !== window) show({ notice: DENIED }); // a frame that denies it does not say so
      } catch {
        show({ notice: "The file could not be made. Try it again, or load the page again." });
      }
      delete button.dataset.making;
      button.textContent = words;
      button.disabled = false;
    });
}

const load = () => import("../export/files.js");

/** @param {string} name @param {Blob} file */
function save(name, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAVED);
}
