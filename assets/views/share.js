/** Copy the address to the clipboard, and say so. */

import { show } from "../state/state.js";

const DENIED = "This frame denies the clipboard. Open the page by itself, in a tab of its own, and share it from there.";

/** @param {HTMLButtonElement} button @param {() => string} address  of what is shown */
export function share(button, address) {
  const words = button.textContent;
  button.addEventListener("click", async () => {
    const copied = await copy(address());
    const framed = parent !== window;
    button.textContent = copied ? "Link copied" : framed ? words : "Copy the address bar";
    show({ said: button.textContent, notice: !copied && framed ? DENIED : "" });
    setTimeout(() => (button.textContent = words), 2000);
  });
}

/** Whether it could be copied. @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // There is no clipboard on a plain http page, and none in some frames; the older way may be left.
    const { activeElement } = document;
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    /** @type {HTMLElement} */ (activeElement).focus();
    return copied;
  }
}
