/**
 * The drawing: strokes of points on a pad of 1000 × 1000, x right and y down, as flat lists x, y, x, y, …;
 * or instead of strokes an image of 28 × 28, found in a picture.
 *
 * @typedef {number[]} Stroke
 * @typedef {{strokes: Stroke[], image: ?string}} Drawn  image: base64 of 784 bytes, ink = 255
 * @typedef {{drawn: Drawn, offered: boolean}} Kept
 */

export const PAD = 1000;
export const PEN = 62; // width of the line, in units of the pad
const LEAST_STEP = 2; // points nearer than this to the last change nothing that can be seen
const DOT = PEN / 2; // a drawing that comes no further from its first point looks like a dot

/** @type {Drawn} */
const NOTHING = { strokes: [], image: null };

export class Drawing {
  /** @type {Drawn} */ drawn = NOTHING;
  /** Goes up when ink is taken away or replaced: what was read before shows another drawing. */
  generation = 0;
  /** Whether what is drawn was only offered: the first stroke replaces it. */
  offered = false;
  /** @type {Kept[]} */ #before = [];
  /** @type {Kept[]} what was undone, the last first to come back */ #after = [];
  /** @type {?Stroke} the stroke that the pen is drawing; null when it is up, or its ink was taken away */ #stroke = null;
  /** @type {() => void} */ #changed;

  /** @param {() => void} changed  called after every change */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Put the pen down at a point. @param {number} x @param {number} y @returns {Stroke} what this pen then draws */
  begin(x, y) {
    this.#keep();
    const anew = this.offered || this.drawn.image !== null;
    if (anew) this.generation += 1;
    this.offered = false;
    const stroke = (this.#stroke = [x, y]);
    this.drawn = { strokes: [...(anew ? [] : this.drawn.strokes), stroke], image: null };
    this.#changed();
    return stroke;
  }

  /**
   * Move the pen through points. A pen whose stroke was taken away, or ended by another pen, leaves no ink until it is
   * put down again.
   * @param {[number, number][]} points
   * @param {?Stroke} stroke  that it draws
   * @returns {boolean} whether it still does
   */
  extend(points, stroke) {
    if (!stroke || stroke !== this.#stroke) return false;
    const length = stroke.length;
    for (const [x, y] of points)
      if (Math.hypot(x - stroke.at(-2), y - stroke.at(-1)) >= LEAST_STEP) stroke.push(x, y);
    if (stroke.length > length) this.#changed();
    return true;
  }

  /** Draw something until the visitor does. @param {Stroke[]} strokes */
  offer(strokes) {
    if (!this.blank && !this.offered) this.#keep();
    this.#turnTo({ strokes, image: null }, true);
  }

  /** Draw something else instead. @param {Partial<Drawn>} drawn */
  replace(drawn) {
    this.#keep();
    this.#turnTo({ ...NOTHING, ...drawn });
  }

  /** Start anew. */
  clear() {
    if (!this.blank) this.replace(NOTHING);
  }

  /** Take back the last stroke, or the last replacing or clearing. */
  undo() {
    this.#turn(this.#before, this.#after);
  }

  /** Do again what was undone last. */
  redo() {
    this.#turn(this.#after, this.#before);
  }

  /** The strokes to be read: a finger that only taps jitters, and what looks like a dot is read as one. */
  get visible() {
    const { strokes } = this.drawn;
    const near = (/** @type {number} */ value, /** @type {number} */ k) => Math.abs(value - strokes[0][k % 2]) < DOT;
    const dot = strokes.slice(0, 1).map((stroke) => stroke.slice(0, 2));
    return strokes.every((stroke) => stroke.every(near)) ? dot : strokes;
  }

  get blank() {
    return this.drawn.strokes.length === 0 && this.drawn.image === null;
  }

  get canUndo() {
    return this.#before.length > 0;
  }

  get canRedo() {
    return this.#after.length > 0;
  }

  /** Before something else is drawn; what was undone is then gone. */
  #keep() {
    this.#before.push({ drawn: this.drawn, offered: this.offered });
    this.#after = [];
  }

  /** Go back to what was kept last, and keep what is drawn. @param {Kept[]} from @param {Kept[]} to */
  #turn(from, to) {
    const kept = from.pop();
    if (!kept) return;
    to.push({ drawn: this.drawn, offered: this.offered });
    this.#turnTo(kept.drawn, kept.offered);
  }

  /** @param {Drawn} drawn @param {boolean} [offered] */
  #turnTo(drawn, offered = false) {
    this.#stroke = null;
    this.drawn = drawn;
    this.offered = offered;
    this.generation += 1;
    this.#changed();
  }
}
