/**
 * The link to whoever reads what is drawn: the server; or the browser itself, where there is no server, and as long as
 * it is away, busy, or slower than a second.
 */

import { now, show } from "../state/state.js";
import { readingOf } from "./decode.js";
import { loadNetwork, loadUnits, loadWeights, retrying } from "./facts.js";
import { keepOffline } from "./offline.js";
import * as remote from "./remote.js";
import { rest } from "./retry.js";

/**
 * @typedef {import("../state/state.js").Shown} Shown
 * @typedef {import("../state/reading.js").Reading} Reading
 * @typedef {import("../state/drawing.js").Drawing} Drawing
 * @typedef {import("./remote.js").Request} Request
 * @typedef {import("./local.js").Local} Local
 */

const AT_ONCE = 2; // requests: while one answer is on its way, the next is already asked for
const NEAR = 50; // milliseconds to an answer: a nearer server gets one request at a time, which is as fast as anyone can see
const LATE = 1000; // milliseconds to an answer: then the browser goes on by itself
const REST = 500; // milliseconds with nothing drawn and no request out before what no reading needs is loaded

/** Whether there is no server but one of files. The page itself says so. */
const alone = document.documentElement.dataset.reads === "browser";

/** @type {?Local} the browser as the one who reads; null until it is loaded */ let local = null;
/** @type {Promise<Local> | undefined} */ let loading;

/** Have the browser ready to read. @returns {Promise<Local>} */
const loadLocal = () => (loading ??= load());

async function load() {
  const engine = imported();
  const open = async (/** @type {ArrayBuffer} */ bytes) => (await engine).openLocal(await loadNetwork(), bytes);
  return (local = await loadWeights(open, alone));
}

async function imported() {
  for (let failures = 0; ; failures++)
    try {
      return await import("./local.js");
    } catch {
      await rest(failures);
    }
}

/** @type {Promise<void> | undefined} */ let kept;

/** Load what no reading needs, unless the server goes. */
export const loadRest = () => Promise.all([loadUnits(), loadLocal(), alone && (kept ??= keepOffline())]);

/**
 * Have the drawing read whenever it has changed, the newest state of it first, until there is an answer.
 * What is drawn before the network is loaded is read as well; its answer waits.
 * @param {Drawing} drawing
 * @param {(change: Pick<Shown, "reading" | "untouched">) => void} paint  gets what was read, never older than what it got before
 * @param {{atOnce?: number, calm?: () => void}} [options]  how many requests may be out; what to call when an answer has come
 *   and no request is out
 * @returns {() => void} has the drawing read soon; calls of one moment are one
 */
export function link(drawing, paint, { atOnce = AT_ONCE, calm } = {}) {
  let version = 0; // of the drawing: how often it has changed
  let wanted = false; // the newest version is to be asked for
  let requested = 0; // the newest version that was asked for
  let answered = 0; // the newest version that was answered
  let out = 0; // requests that are out
  let failures = 0; // since the last answer in time
  let resting = false;
  let sent = 0; // when the newest request went out
  let took = NEAR; // milliseconds to the last answer
  let due = false; // the browser is about to read
  /** @type {number | undefined} */ let turn;
  /** @type {number | undefined} */ let rested;
  loadNetwork(); // no answer is of use without it
  if (alone) loadLocal().then(() => readHere());

  const go = async () => {
    if (!wanted || resting || out >= (now().away || took < NEAR ? 1 : atOnce)) return;
    // Requests that go out together come back together, and the line is idle until the next ones' answers come.
    const early = out ? sent + took / atOnce - performance.now() : 0;
    clearTimeout(turn);
    if (early > 0) return void (turn = setTimeout(go, early));
    wanted = false;
    const mine = (requested = version);
    const { generation } = drawing;
    const asked = request(drawing);
    const begun = (sent = performance.now());
    out += 1;
    const late = setTimeout(() => mine > answered && goOn("slow"), LATE);
    const { value: reply, error, again } = await remote.read(asked);
    const arrived = performance.now();
    clearTimeout(late);
    const network = reply && (await loadNetwork());
    out -= 1;
    if (again) return fail(mine, again, error);
    took = arrived - begun;
    if (now().away && took >= LATE) return fail(mine, "slow");
    failures = 0;
    // What has since been taken away must not come back on the screen.
    const current = mine >= answered && generation === drawing.generation;
    if (now().away) {
      show({ away: "" });
      wanted ||= !current; // the browser has read on
    }
    answered = Math.max(answered, mine);
    go();
    if (!current) return settle();
    show({ trouble: error ?? "" });
    if (reply) paint({ reading: readingOf(reply, asked, network, "server"), untouched: reply.untouched });
    settle();
  };

  const fail = async (
    /** @type {number} */ mine,
    /** @type {Exclude<Shown["away"], "">} */ why,
    /** @type {string} */ error = "",
  ) => {
    if (mine === requested) wanted = true; // nothing newer is out that would be read in its place
    if (!goOn(why) && mine > answered) show({ trouble: retrying(error) });
    if (!resting) {
      resting = true;
      await rest(failures++);
      resting = false;
    }
    go();
  };

  /** Let the browser read in the server's place; whether it can. @param {Exclude<Shown["away"], "">} why */
  const goOn = (why) => {
    if (!local) return false;
    show({ away: why, trouble: "" });
    readHere();
    return true;
  };

  /** Let the browser read the newest version, once a frame at most. */
  const readHere = () => {
    if (due || answered === version) return;
    due = true;
    (document.hidden ? setTimeout : requestAnimationFrame)(() => {
      due = false;
      if (!local || !(alone || now().away)) return; // not yet, or no longer
      answered = version;
      const asked = request(drawing);
      /** @type {import("./decode.js").Reply} */ let reply;
      try {
        reply = local.read(asked);
      } catch ({ message }) {
        return show({ trouble: message });
      }
      show({ trouble: "" });
      paint({ reading: readingOf(reply, asked, now().network, "browser"), untouched: reply.untouched });
      settle();
    });
  };

  /** What no reading needs must not come between a stroke and its reading on a slow line. */
  const settle = () => {
    clearTimeout(rested);
    if (out) return;
    calm?.();
    rested = setTimeout(loadRest, REST);
  };

  return () => {
    version += 1;
    clearTimeout(rested);
    if (alone || now().away) readHere();
    if (alone) return;
    wanted = true;
    queueMicrotask(go);
  };
}

/**
 * The drawing and the experiments on it.
 * @param {Drawing} drawing
 * @returns {Request}
 */
function request({ drawn: { image }, visible }) {
  const { hold, silence, vary } = now();
  return {
    ...(image ? { image } : { strokes: visible.map((stroke) => [...stroke]) }), // the pen goes on adding to them
    ...(Object.keys(hold).length && { hold }),
    ...(silence.length && { silence }),
    ...(vary && { vary }),
  };
}

/**
 * A reading with float32 in all arrays, as whoever reads has them.
 * @param {Request} asked
 * @returns {Promise<Reading>} fails with a sentence for people
 */
export async function readInFull(asked) {
  const [reply, by] = await either(
    () => remote.readInFull(asked),
    (local) => local.read(asked),
    "Try the download again.",
  );
  return readingOf(reply, asked, null, by);
}

/**
 * The digit in a picture.
 * @param {string} picture  base64 of a picture file
 * @returns {Promise<{image: string}>} base64 of 784 bytes, ink = 255; fails with a sentence for people
 */
export async function find(picture) {
  const [found] = await either(
    () => remote.find(picture),
    (local) => local.find(picture),
    "Try the picture again in a moment.",
  );
  return found;
}

/**
 * What the server answers, or the browser where the server does not.
 * @template T
 * @param {() => Promise<import("./retry.js").Answer<T>>} ask  the server
 * @param {(local: Local) => T | Promise<T>} answer  the browser
 * @param {string} advice  for when neither does
 * @returns {Promise<[T, Reading["by"]]>}
 */
async function either(ask, answer, advice) {
  if (!alone && !now().away) {
    const { value, error, again } = await ask();
    if (value) return [value, "server"];
    if (!again) throw new Error(error);
    if (!local) throw new Error(`${error} ${advice}`);
  }
  return [await answer(await loadLocal()), "browser"];
}
