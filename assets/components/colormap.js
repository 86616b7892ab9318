/**
 * Colour maps. Both differ in lightness above all, and avoid red against green, so that they hold for colour-blind eyes.
 */

import anchors from "../data/colormaps.json" with { type: "json" };

/** @typedef {"sequential" | "diverging"} ColourMap */

const STEPS = 256;

/** Of the difference of two values in a range: as large as the range is wide, with either sign. @returns {[number, number]} */
export const ofDifference = (/** @type {[number, number]} */ [low, high]) => [low - high, high - low];

/** @param {string[]} colours  at equal steps, as #rrggbb @returns {Uint32Array} STEPS pixels, as ImageData holds them */
function table(colours) {
  const channel = (/** @type {string} */ colour, /** @type {number} */ k) => parseInt(colour.slice(2 * k + 1, 2 * k + 3), 16);
  return Uint32Array.from({ length: STEPS }, (_, step) => {
    const at = (step / (STEPS - 1)) * (colours.length - 1);
    const before = Math.min(Math.floor(at), colours.length - 2);
    const [r, g, b] = [0, 1, 2].map((k) => {
      const from = channel(colours[before], k);
      return Math.round(from + (channel(colours[before + 1], k) - from) * (at - before));
    });
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

const TABLES = Object.fromEntries(
  ["light", "dark"].map((theme) => [
    theme,
    { sequential: table(anchors[theme].sequential), diverging: table(anchors[theme].diverging) },
  ]),
);

/** @param {ColourMap} name @param {boolean} dark  on a dark page @returns {Uint32Array} 256 pixels, lowest value first */
export const colourTable = (name, dark) => TABLES[dark ? "dark" : "light"][name];

/**
 * @param {ColourMap} name
 * @param {number} share  where in the map, 0…1
 * @param {boolean} dark
 * @returns {string} for CSS
 */
export function cssColour(name, share, dark) {
  const pixel = colourTable(name, dark)[Math.round(share * (STEPS - 1))];
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/**
 * The colour, black or white, in which words can be read on a colour of a map.
 * @param {ColourMap} name
 * @param {number} share  where in the map, 0…1
 * @param {boolean} dark
 */
export function inkOn(name, share, dark) {
  const pixel = colourTable(name, dark)[Math.round(share * (STEPS - 1))];
  const [r, g, b] = [0, 8, 16].map((shift) => {
    const channel = ((pixel >> shift) & 255) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? "#000000" : "#ffffff"; // by WCAG's ratio of contrast
}

/** @param {ColourMap} name @param {boolean} dark @returns {string} the whole map as a CSS gradient, low to high */
export const gradient = (name, dark) =>
  `linear-gradient(to right, ${Array.from({ length: 17 }, (_, k) => cssColour(name, k / 16, dark)).join(", ")})`;
