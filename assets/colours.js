/**
 * Colour maps, laid out in OKLCH, so that equal steps in value look like equal steps in lightness
 * (Ottosson 2020, "A perceptual color space for image processing"). Both differ in lightness above all, and avoid
 * red against green, so that they hold for colour-blind eyes.
 */

const STEPS = 256;

/**
 * @param {number} lightness 0…1 @param {number} chroma @param {number} hue degrees
 * @returns {[number, number, number]} sRGB, 0…255
 */
function oklch(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((v) => {
    const u = Math.min(1, Math.max(0, v));
    return Math.round(255 * (u <= 0.0031308 ? 12.92 * u : 1.055 * u ** (1 / 2.4) - 0.055));
  });
}

/** @param {(share: number) => [number, number, number]} colour @returns {Uint32Array} pixels, as ImageData holds them */
const table = (colour) =>
  Uint32Array.from({ length: STEPS }, (_, k) => {
    const [r, g, b] = colour(k / (STEPS - 1));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });

/** @param {number} from @param {number} to @param {number} share */
const between = (from, to, share) => from + (to - from) * share;

/** For 0…1: dark violet, through teal, to yellow. */
const sequential = table((t) =>
  oklch(between(0.24, 0.93, t), 0.105 + 0.075 * Math.abs(2 * t - 1) ** 2, between(296, 102, t ** 0.9)),
);

/** For −1…1: blue below zero, red above; zero is the paper's colour. @param {number} zero @param {number} far lightness */
const diverging = (zero, far) =>
  table((t) => {
    const size = Math.abs(2 * t - 1);
    return oklch(between(zero, far, size), 0.19 * Math.sin((size * Math.PI) / 2) ** 1.2 * 0.95, t < 0.5 ? 252 : 24);
  });

const TABLES = {
  light: { sequential, diverging: diverging(0.975, 0.42) },
  dark: { sequential, diverging: diverging(0.2, 0.76) },
};

/** @typedef {"sequential" | "diverging"} ColourMap */

/** @param {ColourMap} name @returns {Uint32Array} 256 pixels, lowest value first */
export const colours = (name) => TABLES[document.body.classList.contains("dark") ? "dark" : "light"][name];

/** @param {ColourMap} name @param {number} share where in the map, 0…1 @returns {string} for CSS */
export function cssColour(name, share) {
  const pixel = colours(name)[Math.round(share * (STEPS - 1))];
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/** @param {ColourMap} name @returns {string} the whole map as a CSS gradient, low to high */
export const gradient = (name) =>
  `linear-gradient(to right, ${Array.from({ length: 17 }, (_, k) => cssColour(name, k / 16)).join(", ")})`;
