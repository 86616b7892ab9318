/** Copy the address to the clipboard, and say so. */

/** @param {HTMLButtonElement} button */
export function share(button) {
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
