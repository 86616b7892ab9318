/** Asking a server that may be slow or away. */

const PATIENCE = 6000; // milliseconds for an answer
const FIRST_REST = 300; // milliseconds, about, before the second try; twice as long after every failure
const LONGEST_REST = 4000;

/**
 * The server's answer; nothing when there is none in time or it is damaged. What comes later is ignored.
 * @param {Promise<any>} asked
 * @param {(reply: any) => Object} [open]  takes a reply that is ok apart
 * @param {number} [patience] milliseconds
 * @returns {Promise<any>}
 */
export async function answered(asked, open = (reply) => reply, patience = PATIENCE) {
  let timer;
  const late = new Promise((done) => (timer = setTimeout(done, patience)));
  try {
    const reply = await Promise.race([asked, late]);
    if (reply?.ok === true) return open(reply);
    return reply?.ok === false && typeof reply.error === "string" ? reply : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Wait before the next try: longer after every failure, and not for all pages equally long, or they would all come back
 * at once. No longer than until the network is back or the page is looked at again.
 * @param {number} failures  before this one
 * @returns {Promise<void>}
 */
export function rest(failures) {
  const longest = Math.min(LONGEST_REST, FIRST_REST * 2 ** failures);
  return new Promise((done) => {
    const over = new AbortController();
    const heard = { signal: over.signal };
    const go = () => {
      clearTimeout(timer);
      over.abort();
      done();
    };
    const timer = setTimeout(go, longest * (0.5 + Math.random() / 2));
    addEventListener("online", go, heard);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go(), heard);
  });
}
