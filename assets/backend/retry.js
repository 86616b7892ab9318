/** Asking a server that may be slow, busy or away. */

const PATIENCE = 6000; // milliseconds for an answer
const FIRST_REST = 300; // milliseconds, about, before the second try; twice as long after every failure
const LONGEST_REST = 4000;
const BUSY = [408, 429, 503]; // states of the server, not of the request

/**
 * @typedef {"" | "busy" | "away"} Again  why asking the same once more may help; empty when it will not
 */

/**
 * @template T
 * @typedef {{value: T, error?: undefined, again?: undefined} | {value?: undefined, error: string, again: Again}} Answer
 *   error: a sentence for people
 */

/**
 * What the server answers. There is always something: an answer that comes too late, cut or damaged is an error.
 * @template T
 * @param {string} path  relative to the page
 * @param {(response: Response) => Promise<T>} open  parses the answer; fails when it is damaged
 * @param {{json?: Object, patience?: number, cache?: RequestCache}} [how]  json: what to post; patience: milliseconds
 * @returns {Promise<Answer<T>>}
 */
export async function ask(path, open, { json, patience = PATIENCE, cache = "default" } = {}) {
  const posted = json && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), patience);
  try {
    const response = await fetch(new URL(path, document.baseURI), { ...posted, cache, signal: late.signal });
    if (response.ok) return { value: await open(response) };
    if (BUSY.includes(response.status)) return { error: "The server is busy.", again: "busy" };
    const { error } = response.status < 500 ? await response.json() : {};
    if (typeof error === "string") return { error, again: "" };
  } catch {
    // No connection, no answer in time, or a damaged one.
  } finally {
    clearTimeout(timer);
  }
  return { error: "The server does not answer.", again: "away" };
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
