/** Lists of units as people write them: "3, 17, 40–60". */

import { UNITS } from "../engine/dimensions.js";

/** The units of a list, in order, or null when it is something else. @param {string} text @returns {?number[]} */
export function parseUnits(text) {
  /** @type {Set<number>} */ const units = new Set();
  const parts = text.split(/[,;\s]+/).filter(Boolean);
  if (parts.length > UNITS) return null; // some are there twice, or tens of thousands of times
  for (const part of parts) {
    const [, low, high] = part.match(/^(\d{1,3})(?:[-–](\d{1,3}))?$/) ?? [];
    if (low === undefined || Number(high ?? low) >= UNITS || Number(low) > Number(high ?? low)) return null;
    for (let unit = Number(low); unit <= Number(high ?? low); unit++) units.add(unit);
  }
  return [...units].sort((a, b) => a - b);
}

/** The other way round. @param {number[]} units  in order */
export function writeUnits(units) {
  const runs = [];
  for (const unit of units) {
    const run = runs.at(-1);
    if (run && unit === run[1] + 1) run[1] = unit;
    else runs.push([unit, unit]);
  }
  return runs.map(([low, high]) => (low === high ? `${low}` : `${low}–${high}`)).join(", ");
}
