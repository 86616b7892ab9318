/** Numbers and readings as the page writes them. */

/** With a true minus sign. @param {number} value @param {number} [digits] after the point */
export const signed = (value, digits = 0) => value.toFixed(digits).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");

/** Never 100 % for what is not certain. @param {number} share 0…1 */
export const percent = (share) => `${(100 * share > 99.9 ? 99.9 : 100 * share).toFixed(1)}%`;

/**
 * What was read, in short.
 * @param {{digit: ?number, closest: ?number, probabilities: ArrayLike<number>}} reading
 */
export function inShort({ digit, closest, probabilities }) {
  if (closest === null) return "–";
  return digit === null ? `?, closest ${closest}` : `${digit}, ${percent(probabilities[digit])}`;
}
