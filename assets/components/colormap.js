/**
 * Colour maps. Both differ in lightness above all, and avoid red against green, so that they hold for colour-blind eyes.
 */

const STEPS = 256;

/** @type {Record<"light" | "dark", Record<ColourMap, string[]>>} */
const ANCHORS = await (await fetch(new URL("../data/colormaps.json", import.meta.url))).json();

/** @param {string[]} anchors  as #rrggbb @returns {Uint32Array} STEPS pixels, as ImageData holds them */
function table(anchors) {
  const channel = (/** @type {string} */ anchor, /** @type {number} */ k) => parseInt(anchor.slice(2 * k + 1, 2 * k + 3), 16);
  return Uint32Array.from({ length: STEPS }, (_, step) => {
    const at = (step / (STEPS - 1)) * (anchors.length - 1);
    const before = Math.min(Math.floor(at), anchors.length - 2);
    const [r, g, b] = [0, 1, 2].map((k) => {
      const from = channel(anchors[before], k);
      return Math.round(from + (channel(anchors[before + 1], k) - from) * (at - before));
    });
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

const TABLES = Object.fromEntries(
  ["light", "dark"].map((theme) => [
    theme,
    { sequential: table(ANCHORS[theme].sequential), diverging: table(ANCHORS[theme].diverging) },
  ]),
);

/** @typedef {"sequential" | "diverging"} ColourMap */

/** @param {ColourMap} name @returns {Uint32Array} 256 pixels, lowest value first */
export const colourTable = (name) => TABLES[document.body.classList.contains("dark") ? "dark" : "light"][name];

/** @param {ColourMap} name @param {number} share where in the map, 0…1 @returns {string} for CSS */
export function cssColour(name, share) {
  const pixel = colourTable(name)[Math.round(share * (STEPS - 1))];
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/** @param {ColourMap} name @returns {string} the whole map as a CSS gradient, low to high */
export const gradient = (name) =>
  `linear-gradient(to right, ${Array.from({ length: 17 }, (_, k) => cssColour(name, k / 16)).join(", ")})`;
