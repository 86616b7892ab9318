/** The files that a reading can be taken away as. */

import { fileName } from "./about.js";
import { csv } from "./csv.js";
import { gif } from "./gif.js";
import { npz } from "./npz.js";
import { png } from "./png.js";

/** @typedef {"png" | "tall" | "gif" | "npz" | "csv"} Kind */

/**
 * @param {Kind} kind
 * @param {import("./about.js").Taken} taken
 * @param {Object} [how]
 * @param {number} [how.pace]  of the GIF, milliseconds a row
 * @param {(share: number) => void} [how.told]  how much of it is made
 * @returns {Promise<{name: string, file: Blob}>}
 */
export async function makeFile(kind, taken, { pace = 250, told } = {}) {
  const name = fileName(taken.reading);
  if (kind === "png") return { name: `${name}.png`, file: await png(taken) };
  if (kind === "tall") return { name: `${name}-tall.png`, file: await png(taken, true) };
  if (kind === "gif") return { name: `${name}.gif`, file: await gif(taken, pace, told) };
  if (kind === "npz") return { name: `${name}.npz`, file: await npz(taken) };
  return { name: `${name}.csv`, file: csv(taken) };
}
