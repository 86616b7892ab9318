/**
 * Light and dark: the system's choice until the button is used, then the visitor's; on paper always light. Where the
 * system forces its own colours it is always the system's.
 */

import { now, show } from "../state/state.js";

const KEY = "gatescope-theme";

/** @param {HTMLButtonElement} button */
export function theme(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paper = matchMedia("print");
  const forced = matchMedia("(forced-colors: active)");
  const asked = new URLSearchParams(location.search).get("__theme"); // a Space says "system" when nobody has asked
  let chosen = asked === "light" || asked === "dark" ? asked : remembered();

  const follow = (onPaper = paper.matches) => {
    const own = forced.matches ? null : chosen;
    const dark = !onPaper && (own ? own === "dark" : system.matches);
    paint(dark, own !== null);
    button.querySelector("span").textContent = dark ? "Light" : "Dark";
    show({ dark });
  };
  button.addEventListener("click", () => {
    chosen = now().dark ? "light" : "dark";
    remember(chosen);
    follow();
  });
  for (const query of [system, paper, forced]) query.addEventListener("change", () => follow());
  addEventListener("beforeprint", () => follow(true)); // comes before the style sheets change, and pictures are drawn at it
  addEventListener("afterprint", () => follow(false)); // some browsers say nothing of paper
  follow();
}

/** @param {boolean} dark @param {boolean} own  else the style sheet follows the system by itself */
function paint(dark, own) {
  document.body.classList.toggle("dark", own && dark);
  document.body.classList.toggle("light", own && !dark);
  document.documentElement.style.colorScheme = own ? (dark ? "dark" : "light") : ""; // scroll bars and lists
  if (!own) return;
  const { backgroundColor } = getComputedStyle(document.body);
  for (const colour of document.querySelectorAll("meta[name=theme-color]")) colour.setAttribute("content", backgroundColor);
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
