/**
 * What the page knows of one drawing, once it has been read.
 *
 * @typedef {Object} Reading
 * @property {?number} digit               the digit read, or null when there is none
 * @property {?("blank" | "several" | "other")} why  there is none; null when there is one
 * @property {?number} closest             the most probable digit, whether taken for one or not; null when blank
 * @property {number} score                how much speaks for a digit at all
 * @property {number[]} silence            units that were silenced in it
 * @property {import("../backend/remote.js").Request} asked  what was read: the drawing, and the experiments on it
 * @property {"server" | "browser"} by     who read it
 * @property {Float32Array} input_gate     28 × 128, as are the next five
 * @property {Float32Array} forget_gate
 * @property {Float32Array} candidate
 * @property {Float32Array} output_gate
 * @property {Float32Array} cell
 * @property {Float32Array} hidden
 * @property {Float32Array} memory         28 × 128: how much of what each row wrote is left at the end
 * @property {Float32Array} added          28 × 128: what each row adds to the last hidden state
 * @property {Float32Array} logits         28 × 10
 * @property {Float32Array} verdict        28 × 10
 * @property {Float32Array} evidence       28 × 10
 * @property {Float32Array} probabilities  10
 * @property {Float32Array} image          28 × 28, ink = 1
 *
 * @typedef {Pick<Reading, "digit" | "why" | "closest" | "score" | "probabilities">} Untouched
 *   what is read without the experiment
 */
