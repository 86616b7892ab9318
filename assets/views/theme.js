/** Light and dark: the system's choice until the button is used, then the visitor's. */

import { show } from "../state/state.js";

const KEY = "gatescope-theme";

/** @param {HTMLButtonElement} button */
export function theme(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const set = (/** @type {boolean} */ dark) => {
    document.body.classList.toggle("dark", dark);
    document.body.classList.toggle("light", !dark);
    document.documentElement.style.colorScheme = dark ? "dark" : "light"; // scroll bars and lists
    const { backgroundColor } = getComputedStyle(document.body);
    for (const colour of document.querySelectorAll("meta[name=theme-color]")) colour.setAttribute("content", backgroundColor);
    button.querySelector("span").textContent = dark ? "Light" : "Dark";
    show({ dark });
  };
  const chosen = () => new URLSearchParams(location.search).get("__theme") ?? remembered();
  const follow = () => set(chosen() ? chosen() === "dark" : system.matches);

  button.addEventListener("click", () => {
    const dark = !document.body.classList.contains("dark");
    set(dark);
    remember(dark ? "dark" : "light");
  });
  system.addEventListener("change", follow);
  follow();
}

// A page embedded in another may be denied the storage: then the choice holds until it is left.

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} theme */
function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // not kept
  }
}
