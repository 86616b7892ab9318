/** Loading what does not change with the drawing: each once, and asked for until it is there. */

import { show } from "../state/state.js";
import { openNetwork, openUnits } from "./network.js";
import { ask, rest } from "./retry.js";

/** @typedef {import("./network.js").Network} Network @typedef {import("./network.js").Units} Units */

const WEIGHTS_PATIENCE = 60_000; // milliseconds: they are 163 KB
const DAMAGED = "The network's weights did not arrive whole.";

/** @type {Promise<Network> | undefined} */ let network;
/** @type {Promise<Units> | undefined} */ let units;

/** What readings follow from, once, and show it: no reading is painted before. @returns {Promise<Network>} */
export const loadNetwork = () =>
  (network ??= load("page/network.json", async (response) => openNetwork(await response.json()), { needed: true }).then(
    (network) => {
      show({ network });
      return network;
    },
  ));

/** What is known of the units, once, and show it. @returns {Promise<Units>} */
export const loadUnits = () =>
  (units ??= load("page/units.json", async (response) => openUnits(await response.json())).then((units) => {
    show({ units });
    return units;
  }));

/**
 * The network's weights. Those that are not the file that page/network.json names are asked for again.
 * @template T
 * @param {(bytes: ArrayBuffer) => Promise<T>} open  fails when they are damaged
 * @param {boolean} needed  whether nothing is read before they are there
 * @returns {Promise<T>}
 */
export const loadWeights = (open, needed) =>
  load(
    "page/weights.bin",
    async (response) => {
      const bytes = await response.arrayBuffer();
      const { weights } = await loadNetwork();
      if (!(await isWhole(bytes, weights))) return undefined;
      return open(bytes).catch(() => undefined);
    },
    { needed, patience: WEIGHTS_PATIENCE },
  );

/**
 * Ask until it is there.
 * @template T
 * @param {string} path
 * @param {(response: Response) => Promise<T | undefined>} open  undefined, or a failure, when it is damaged
 * @param {{needed?: boolean, patience?: number}} [how]  needed: whether nothing is read before it is there
 * @returns {Promise<T>}
 */
async function load(path, open, { needed = false, patience } = {}) {
  for (let failures = 0; ; failures++) {
    // What was damaged must not come from the browser's store again.
    const { value, error = DAMAGED } = await ask(path, open, { patience, cache: failures ? "reload" : "default" });
    if (value) return value;
    if (needed) show({ trouble: retrying(error) });
    await rest(failures);
  }
}

/** What is said while it is asked for again. @param {string} error */
export const retrying = (error) => `${error} Your drawing is kept; trying again…`;

/**
 * Whether bytes are those of this SHA-256. A page on plain http has no means to tell: there they are taken as they come.
 * @param {ArrayBuffer} bytes
 * @param {string} sha256  in hexadecimal
 */
async function isWhole(bytes, sha256) {
  if (!globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
