/** The link to the server, which reads what is drawn. */

import { now, show } from "../state/state.js";
import { decode, readingOf } from "./decode.js";
import { openNetwork, openUnits } from "./network.js";
import { ask, rest } from "./retry.js";

/**
 * @typedef {import("../state/state.js").Shown} Shown
 * @typedef {import("../state/reading.js").Reading} Reading
 * @typedef {import("../state/drawing.js").Drawing} Drawing
 * @typedef {import("./network.js").Network} Network
 * @typedef {import("./network.js").Units} Units
 *
 * @typedef {Object} Request  what the server is to read, as `model/serving/request.py` takes it
 * @property {number[][]} [strokes]
 * @property {string} [image]  instead of strokes
 * @property {Shown["hold"]} [hold]
 * @property {number[]} [silence]
 * @property {string} [vary]
 */

const AT_ONCE = 2; // requests: while one answer is on its way, the next is already asked for
const NEAR = 50; // milliseconds to an answer: a nearer server gets one request at a time, which is as fast as anyone can see
const FILE_PATIENCE = 20_000; // milliseconds: a picture, or a reading in full, takes longer to send

/**
 * Have the drawing read whenever it has changed, the newest state of it first, until there is an answer.
 * What is drawn before the network is loaded is read as well; its answer waits.
 * @param {Drawing} drawing
 * @param {(change: Pick<Shown, "reading" | "untouched">) => void} paint  gets what was read, never older than what it got before
 * @param {{atOnce?: number}} [options]  how many requests may be out
 * @returns {() => void} has the drawing read soon; calls of one moment are one
 */
export function link(drawing, paint, { atOnce = AT_ONCE } = {}) {
  let wanted = false; // the drawing has changed since the newest request
  let out = 0; // requests that are out
  let newest = 0; // number of the newest request
  let answered = 0; // number of the newest one that was answered
  let failures = 0; // since the last answer
  let resting = false;
  let sent = 0; // when the newest request went out
  let took = NEAR; // milliseconds to the last answer
  /** @type {number | undefined} */ let turn;
  loadNetwork(); // no answer is of use without it

  const go = async () => {
    if (!wanted || resting || out === (took < NEAR ? 1 : atOnce)) return;
    // Requests that go out together come back together, and the line is idle until the next ones' answers come.
    const early = out ? sent + took / atOnce - performance.now() : 0;
    clearTimeout(turn);
    if (early > 0) return void (turn = setTimeout(go, early));
    wanted = false;
    const number = ++newest;
    const { generation } = drawing;
    const asked = request(drawing);
    const begun = (sent = performance.now());
    out += 1;
    const { value: reply, error, again } = await ask("page/read", opened, { json: asked });
    const arrived = performance.now();
    const network = reply && (await loadNetwork());
    out -= 1;
    if (again) return fail(number, error);
    failures = 0;
    took = arrived - begun;
    // What has since been taken away must not come back on the screen.
    const current = number > answered && generation === drawing.generation;
    answered = Math.max(answered, number);
    go();
    if (!current) return;
    show({ trouble: error ?? "" });
    if (reply) paint({ reading: readingOf(reply, asked, network), untouched: reply.untouched });
  };

  const fail = async (/** @type {number} */ number, /** @type {string} */ error) => {
    if (number === newest) wanted = true; // nothing newer is out that would be read in its place
    if (number > answered) show({ trouble: retrying(error) });
    if (!resting) {
      resting = true;
      await rest(failures++);
      resting = false;
    }
    go();
  };

  return () => {
    wanted = true;
    queueMicrotask(go);
  };
}

/**
 * The drawing and the experiments on it.
 * @param {Drawing} drawing
 * @returns {Request}
 */
export function request({ drawn: { image }, visible }) {
  const { hold, silence, vary } = now();
  return {
    ...(image ? { image } : { strokes: visible.map((stroke) => [...stroke]) }), // the pen goes on adding to them
    ...(Object.keys(hold).length && { hold }),
    ...(silence.length && { silence }),
    ...(vary && { vary }),
  };
}

/**
 * A reading with the server's own float32 in all arrays.
 * @param {Request} request  as `request` gives it
 * @returns {Promise<Reading>} fails with a sentence for people
 */
export async function readInFull(request) {
  const { value: reply, error, again } = await ask("page/read", openedInFull, {
    json: { ...request, full: true },
    patience: FILE_PATIENCE,
  });
  if (error) throw new Error(again ? `${error} Try the download again.` : error);
  return readingOf(reply, request, null);
}

/**
 * The digit in a picture.
 * @param {string} picture  base64 of a picture file
 * @returns {Promise<{image: string}>} base64 of 784 bytes, ink = 255; fails with a sentence for people
 */
export async function find(picture) {
  const { value, error, again } = await ask("page/find", openedImage, { json: { picture }, patience: FILE_PATIENCE });
  if (error) throw new Error(again ? `${error} Try the picture again in a moment.` : error);
  return value;
}

/** @type {Promise<Network> | undefined} */ let network;
/** @type {Promise<Units> | undefined} */ let units;

/** Load what the readings follow from, once, and show it. @returns {Promise<Network>} */
export const loadNetwork = () => (network ??= load("network", openNetwork));

/** Load what is known of the units, once, and show it. @returns {Promise<Units>} */
export const loadUnits = () => (units ??= load("units", openUnits));

/**
 * Ask until it is there.
 * @template T
 * @param {"network" | "units"} what
 * @param {(json: any) => T} open
 * @returns {Promise<T>}
 */
async function load(what, open) {
  const opened = async (/** @type {Response} */ response) => open(await response.json());
  for (let failures = 0; ; failures++) {
    // What was damaged must not come from the browser's store again.
    const { value, error } = await ask(`page/${what}`, opened, { cache: failures ? "reload" : "default" });
    if (value) {
      show({ [what]: value });
      return value;
    }
    if (what === "network") show({ trouble: retrying(error) }); // until then no reading is painted
    await rest(failures);
  }
}

const retrying = (/** @type {string} */ error) => `${error} Your drawing is kept; trying again…`;

const opened = async (/** @type {Response} */ response) => decode(await response.arrayBuffer());

const openedInFull = async (/** @type {Response} */ response) => {
  const reply = await opened(response);
  if (!reply.derived) throw new RangeError("the gates alone");
  return reply;
};

const openedImage = async (/** @type {Response} */ response) => {
  const { image } = await response.json();
  if (typeof image !== "string") throw new TypeError("no image");
  return { image };
};
