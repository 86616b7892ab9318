/** Light and dark: the system's choice until the button is used, then the visitor's. */

import { show } from "./state.js";

const KEY = "gatescope-theme";

/** @param {HTMLButtonElement} button */
export function theme(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const set = (/** @type {boolean} */ dark) => {
    document.body.classList.toggle("dark", dark);
    button.querySelector("span").textContent = dark ? "Light" : "Dark";
    show({ dark });
  };
  const chosen = () => new URLSearchParams(location.search).get("__theme") ?? localStorage.getItem(KEY);
  const follow = () => set(chosen() ? chosen() === "dark" : system.matches);

  button.addEventListener("click", () => {
    const dark = !document.body.classList.contains("dark");
    localStorage.setItem(KEY, dark ? "dark" : "light");
    set(dark);
  });
  system.addEventListener("change", follow);
  follow();
}
