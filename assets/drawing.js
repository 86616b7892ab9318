/**
 * The drawing: strokes of points on a pad of 1000 × 1000, x right and y down, as flat lists x, y, x, y, …
 *
 * @typedef {number[]} Stroke
 */

export const PAD = 1000;
const LEAST_STEP = 2; // a finger that only taps jitters by less

export class Drawing {
  /** @type {Stroke[]} */ strokes = [];
  /** Goes up when ink is taken away or replaced: what was read before shows another drawing. */
  generation = 0;
  /** @type {Stroke[][]} */ #before = [];
  /** @type {() => void} */ #changed;

  /** @param {() => void} changed  called after every change */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Put the pen down at a point. @param {number} x @param {number} y */
  begin(x, y) {
    this.#before.push(this.strokes);
    this.strokes = [...this.strokes, [x, y]];
    this.#changed();
  }

  /** Move the pen through points. @param {[number, number][]} points */
  extend(points) {
    const stroke = this.strokes.at(-1);
    const length = stroke.length;
    for (const [x, y] of points)
      if (Math.hypot(x - stroke.at(-2), y - stroke.at(-1)) >= LEAST_STEP) stroke.push(x, y);
    if (stroke.length > length) this.#changed();
  }

  /** Draw something else instead. @param {Stroke[]} strokes */
  replace(strokes) {
    this.#before.push(this.strokes);
    this.#turnTo(strokes);
  }

  /** Start anew. */
  clear() {
    if (this.strokes.length) this.replace([]);
  }

  /** Take back the last stroke, or the last clearing. */
  undo() {
    const strokes = this.#before.pop();
    if (strokes) this.#turnTo(strokes);
  }

  get canUndo() {
    return this.#before.length > 0;
  }

  /** @param {Stroke[]} strokes */
  #turnTo(strokes) {
    this.strokes = strokes;
    this.generation += 1;
    this.#changed();
  }
}
