/** Take the reading away, as files. */

/**
 * @param {HTMLElement} holder  of a button for each kind
 * @param {import("../state/drawing.js").Drawing} drawing
 */
export function take(holder, drawing) {}
