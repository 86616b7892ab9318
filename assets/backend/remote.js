/**
 * The link to the server: one request in flight, and the newest drawing goes next.
 */

import { answered, rest } from "./retry.js";
import { unpack } from "../state/reading.js";
import { now, show } from "../state/state.js";

const open = (/** @type {any} */ reply) => ({ ...reply, reading: unpack(reply) });

/**
 * @param {import("../state/drawing.js").Drawing} drawing
 * @param {(request: Object) => Promise<any>} ask  calls the server; undefined when it failed there
 * @param {(change: Partial<import("../state/state.js").Shown>) => void} paint
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
      const reply = await answered(ask(request(drawing)), open);
      if (!reply) {
        wanted = true;
        show({ trouble: "The server does not answer. Your drawing is kept; trying again…" });
        await rest(failures++);
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
 * @param {import("../state/drawing.js").Drawing} drawing
 */
export function request({ drawn: { image }, visible }) {
  const { hold, silence, vary } = now();
  return { ...(image ? { image } : { strokes: visible }), hold, silence, ...(vary && { vary }) };
}
