/**
 * The link to the server: one request in flight, and the newest drawing goes next.
 */

import { unpack } from "./reading.js";
import { now, show } from "./state.js";

const PATIENCE = 6000; // milliseconds for an answer
const PAUSES = [300, 600, 1200, 2500]; // milliseconds before each new try; the last is kept

/**
 * @param {import("./drawing.js").Drawing} drawing
 * @param {(request: Object) => Promise<any>} ask  calls the server; undefined when it failed there
 * @param {(change: Partial<import("./state.js").Shown>) => void} paint
 * @returns {() => void} has the drawing read as soon as may be
 */
export function link(drawing, ask, paint) {
  let wanted = false;
  let running = false;

  const run = async () => {
    running = true;
    let failures = 0;
    while (wanted) {
      wanted = false;
      const { generation } = drawing;
      const reply = await answered(ask(request(drawing)));
      if (!reply) {
        wanted = true;
        show({ trouble: "The server does not answer. Your drawing is kept; trying again…" });
        await pause(PAUSES[Math.min(failures++, PAUSES.length - 1)]);
        continue;
      }
      failures = 0;
      show({ trouble: reply.ok ? "" : reply.error });
      // What has since been taken away must not come back on the screen.
      if (reply.ok && generation === drawing.generation) paint({ reading: reply.reading, untouched: reply.untouched });
    }
    running = false;
  };

  return () => {
    wanted = true;
    if (!running) run();
  };
}

/**
 * The drawing and the experiments on it, as `model/wire.py` takes them.
 * @param {import("./drawing.js").Drawing} drawing
 */
export function request({ drawn: { strokes, image } }) {
  const { hold, silence, vary } = now();
  return { ...(image ? { image } : { strokes }), hold, silence, ...(vary && { vary }) };
}

/**
 * The reply, unpacked; nothing when there is none in time or it is damaged.
 * @param {Promise<any>} asked
 */
async function answered(asked) {
  try {
    const reply = await Promise.race([asked, pause(PATIENCE)]);
    return reply?.ok ? { ...reply, reading: unpack(reply) } : reply;
  } catch {
    return undefined;
  }
}

/** @param {number} milliseconds @returns {Promise<undefined>} */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
