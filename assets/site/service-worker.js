/**
 * Keeps a site of files for use without a network. Before this text stands what `model/serving/site.py` writes:
 *
 *     const SITE = { version, files };    files: the SHA-256 of each, by its path from here
 *
 * One version is kept whole, each file checked, before any of it is used; a page gets all its files from one version.
 */

const PREFIX = `gatescope ${registration.scope} `; // other sites may stand at other paths of the same host
const CACHE = PREFIX + SITE.version;
const PAGE = "index.html";

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(settle()));
addEventListener("message", ({ data }) => data === "take over" && skipWaiting());
addEventListener("fetch", (event) => {
  const { method, url, mode } = event.request;
  if (method !== "GET" || !url.startsWith(registration.scope)) return;
  event.respondWith(answer(event.request));
  if (mode === "navigate") event.waitUntil(leaveIfGone(event.resultingClientId));
});

/** Fetch and check all files, then keep them. What fails leaves no version half kept: the browser tries the whole again. */
async function keep() {
  const files = Object.entries(SITE.files).map(async ([name, sha256]) => /** @type {const} */ ([name, await fetched(name, sha256)]));
  const whole = await Promise.all(files);
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(whole.map(([name, response]) => cache.put(name, response)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** A file as this version has it. @param {string} name @param {string} sha256 */
async function fetched(name, sha256) {
  for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const response = await fetch(name === PAGE ? "./" : name, { cache });
    const bytes = await response.arrayBuffer();
    if (!response.ok || !(await isOurs(name, bytes, sha256))) continue;
    const headers = new Headers(response.headers);
    for (const ofTheLine of ["content-encoding", "content-length"]) headers.delete(ofTheLine);
    return new Response(bytes, { headers });
  }
  throw new Error(`${name} is not that of version ${SITE.version}`);
}

/** Some hosts put a script of theirs into pages: a page is known by the version that it names. */
async function isOurs(name, bytes, sha256) {
  if (name === PAGE) return new TextDecoder().decode(bytes).includes(`data-version="${SITE.version}"`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

/** Drop what was kept of other versions, and serve the page that had this one fetched. */
async function settle() {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  await clients.claim();
}

/** @param {Request} request */
async function answer(request) {
  const name = new URL(request.url).pathname.slice(new URL(registration.scope).pathname.length);
  const isPage = request.mode === "navigate" && (name === "" || name === PAGE);
  const kept = await caches.match(isPage ? PAGE : request, { cacheName: CACHE });
  if (!kept) return fetch(request);
  // A page that asks past its store has found damage, and may have what there is without a network.
  return request.cache === "reload" ? fetch(request).catch(() => kept) : kept;
}

/** Where there is no such site any more, go, and show what there is: else it would never be seen. @param {string} id  of the new page */
async function leaveIfGone(id) {
  const { status } = await fetch("service-worker.js", { cache: "no-store" });
  if (status !== 404 && status !== 410) return;
  for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await caches.delete(name);
  await registration.unregister();
  await sendOn(id);
}

/** Have a page load anew. It can be told so only when it has begun, and may miss it while it is still loading. @param {string} id */
async function sendOn(id) {
  for (let tries = 0, begun = false; tries < 100; tries++) {
    const page = await clients.get(id);
    if (begun && !page) return;
    begun ||= Boolean(page);
    await page?.navigate(page.url).catch(() => {});
    await new Promise((done) => setTimeout(done, 50));
  }
}
