/**
 * The drawing: strokes of points on a pad of 1000 × 1000, x right and y down, as flat lists x, y, x, y, …;
 * or instead of strokes an image of 28 × 28, found in a picture.
 *
 * @typedef {number[]} Stroke
 * @typedef {{strokes: Stroke[], image: ?string}} Drawn  image: base64 of 784 bytes, ink = 255
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
  /** @type {Drawn[]} */ #before = [];
  /** @type {Drawn[]} what was undone, the last first to come back */ #after = [];
  /** @type {?Stroke} the stroke that the pen is drawing; null when it is up, or its ink was taken away */ #stroke = null;
  /** @type {() => void} */ #changed;

  /** @param {() => void} changed  called after every change */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Put the pen down at a point. @param {number} x @param {number} y */
  begin(x, y) {
    this.#keep();
    const anew = this.offered || this.drawn.image !== null;
    if (anew) this.generation += 1;
    this.offered = false;
    this.#stroke = [x, y];
    this.drawn = { strokes: [...(anew ? [] : this.drawn.strokes), this.#stroke], image: null };
    this.#changed();
  }

  /**
   * Move the pen through points. A pen whose stroke was taken away leaves no ink until it is put down again.
   * @param {[number, number][]} points
   */
  extend(points) {
    const stroke = this.#stroke;
    if (!stroke) return;
    const length = stroke.length;
    for (const [x, y] of points)
      if (Math.hypot(x - stroke.at(-2), y - stroke.at(-1)) >= LEAST_STEP) stroke.push(x, y);
    if (stroke.length > length) this.#changed();
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
    const drawn = this.#before.pop();
    if (!drawn) return;
    this.#after.push(this.drawn);
    this.#turnTo(drawn);
  }

  /** Do again what was undone last. */
  redo() {
    const drawn = this.#after.pop();
    if (!drawn) return;
    this.#before.push(this.drawn);
    this.#turnTo(drawn);
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
    this.#before.push(this.drawn);
    this.#after = [];
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
