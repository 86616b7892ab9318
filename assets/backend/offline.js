/** Keeps a site of files for use without a network, by its service worker. */

import { show } from "../state/state.js";

/**
 * Have the site kept, and show whether it is, and whether a newer version of it is. Where a browser keeps nothing, as
 * on plain http or in some frames, there is no version but the one that is served.
 */
export async function keepOffline() {
  try {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    const registration = await workers.register("service-worker.js");
    const look = () => show({ kept: Boolean(registration.active), newer: Boolean(registration.waiting) });
    const follow = (/** @type {?ServiceWorker} */ worker) => worker?.addEventListener("statechange", look);
    follow(registration.installing);
    registration.addEventListener("updatefound", () => follow(registration.installing));
    look();
    // Another version may take over, here or in another tab: then this page goes with it.
    let kept = Boolean(workers.controller);
    workers.addEventListener("controllerchange", () => (kept ? show({ replaced: true }) : (kept = true)));
  } catch {
    // It is denied here.
  }
}

/** Let the newer version that was kept take the place of this one. */
export async function takeNewer() {
  const registration = await navigator.serviceWorker.getRegistration();
  registration.waiting.postMessage("take over");
}
