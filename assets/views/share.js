/** Copy the address to the clipboard, and say so. */

import { show } from "../state/state.js";

/** @param {HTMLButtonElement} button @param {() => string} address  of what is shown */
export function share(button, address) {
  const words = button.textContent;
  button.addEventListener("click", async () => {
    const text = address();
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copied = false; // there is no clipboard on a plain http page, and none in some frames
    }
    button.textContent = copied ? "Link copied" : "Copy the address bar";
    show({ said: button.textContent });
    setTimeout(() => (button.textContent = words), 2000);
  });
}
