/** A drawing, small. */

/**
 * @param {number[][]} strokes  flat lists x, y, x, y, …
 * @param {number} side  of the pad that they are on
 * @returns {string} as SVG
 */
export const thumbnail = (strokes, side) =>
  `<svg viewBox="0 0 ${side} ${side}" aria-hidden="true">` +
  `${strokes.map((stroke) => `<polyline points="${stroke.join(" ")}"/>`).join("")}</svg>`;
