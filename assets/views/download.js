/** Take the reading away, as files that the server makes. */

import { request } from "../backend/remote.js";
import { answered } from "../backend/retry.js";
import { now, show } from "../state/state.js";

const PATIENCE = 20_000; // milliseconds: a file takes longer to make and to send than a reading

/**
 * @param {HTMLElement} holder  of a button for each kind
 * @param {import("../state/drawing.js").Drawing} drawing
 * @param {(request: Object) => Promise<any>} make  has the server make a file
 */
export function take(holder, drawing, make) {
  for (const button of holder.querySelectorAll("button"))
    button.addEventListener("click", async () => {
      button.disabled = true;
      const asked = make({ ...request(drawing), kind: button.dataset.kind, dark: now().dark });
      const reply = await answered(asked, undefined, PATIENCE);
      button.disabled = false;
      if (!reply?.ok) return show({ trouble: reply?.error ?? "The server does not answer. Try the download again." });
      const bytes = Uint8Array.from(atob(reply.data), (c) => c.charCodeAt(0));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([bytes]));
      link.download = reply.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
}

/** Copy the address to the clipboard, and say so. @param {HTMLButtonElement} button */
export function copyLink(button) {
  const words = button.textContent;
  button.addEventListener("click", async () => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      copied = false; // there is no clipboard on a plain http page, and none in some frames
    }
    button.textContent = copied ? "Link copied" : "Copy the address bar";
    setTimeout(() => (button.textContent = words), 2000);
  });
}
