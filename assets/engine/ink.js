/**
 * Which pixels of a grey picture are ink: by their contrast with the paper beside them, as lit as they are. It is what
 * `model/preprocessing/ink.py` says, and the same bytes; why each step is taken stands there.
 */

import constants from "../data/pictures.json" with { type: "json" };
import { border, closed, edges, otsu, patchesOf, quantile, shapeOf, smoothed } from "./fields.js";
import { exactPaper, paperAtBorder, wasTaken } from "./paper.js";

const C = constants.ink;

/**
 * @typedef {import("./fields.js").Field} Field
 * @typedef {{height: number, slope: number}} Line  its height in the middle and its slope, down
 * @typedef {{ink: Int32Array, mask: Uint8Array, area: number, extent: number, strength: number, patches: number}} Found
 */

/**
 * How much each pixel is ink.
 * @param {Uint8Array} gray  height × width; ink dark on light, or light on dark
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array} height × width; all zeros where nothing stands out
 */
export function findInk(gray, width, height) {
  const side = Math.max(width, height);
  const exact = exactPaper(gray, side);
  let paper = exact ?? paperAtBorder(gray, width, height);
  let values = exact !== null || side < C.LEAST_PHOTO ? Int32Array.from(gray, (g) => 16 * g) : smoothed(gray, width, height);
  if (paper !== null) paper *= 16;
  let brightest = 0;
  const isTaken = wasTaken(gray, width, height);
  if (isLight({ values, width, height }, side, paper, isTaken)) {
    brightest = Math.max(Int32Array.from(values).sort()[Math.floor((values.length * 99) / 100)], 16 * C.LEAST_LIGHT);
    values = values.map((v) => -v);
    if (paper !== null) paper = -paper;
  }
  const smooth = { values, width, height };
  /** @type {?Line[][]} */
  let ruled = null;
  let leastDots = 0;
  /** @type {?Found} */
  let before = null; // what was found with the width before, when it may be a digit
  let narrower = 0; // the width before
  /** @type {?Found} */
  let dotted = null; // or a digit in dots
  const shares = paper === null ? C.WIDTHS : [...C.WIDTHS, C.WIDEST];
  const widths = shares.map((/** @type {number} */ share) => Math.max(3, Math.floor((side * share) / 1000) | 1));
  for (const wide of [...new Set(widths)].sort((a, b) => a - b)) {
    const below = closed(smooth, wide, paper).map((v, at) => v - values[at]);
    const contrast = contrastOf(below, values, brightest, isTaken);
    if (!ruled) {
      ruled = ruledLines({ values: contrast, width, height });
      const noise = quantile(histogram(contrast), 50);
      leastDots = areRuled(ruled) ? C.FULL : Math.max(C.LEAST_DOTS, C.DOTS_NOISE * noise);
    }
    const found = inkOf({ values: contrast, width, height }, smooth, below, ruled, isTaken);
    if (before && !grows(before, found, narrower, width, height)) break;
    narrower = wide;
    before = found.extent >= C.LEAST_EXTENT * side ? found : null;
    if (!dotted && found.patches >= C.FEWEST_DOTS && found.strength >= leastDots) {
      const runsOff = isTaken && border(width, height).some((at) => found.mask[at]);
      dotted = !runsOff && extentOf(found.mask, width, height) >= C.LEAST_EXTENT * side ? found : null;
    }
  }
  return Uint8Array.from((before ?? dotted)?.ink ?? new Uint8Array(gray.length));
}

/** @param {Field} smooth @param {number} side @param {?number} paper @param {boolean} isTaken */
function isLight(smooth, side, paper, isTaken) {
  const ofPaper = paper === null ? 0 : skewness(smooth.values.map((v) => v - paper));
  if (paper !== null && !isTaken) return ofPaper > 0;
  const reaches = C.AROUND.map((/** @type {number} */ part) => Math.max(2, Math.floor(side / part)));
  const [widely, nearly] = reaches.map((/** @type {number} */ reach) => skewness(offMean(smooth, reach)));
  if (paper === null) return Math.max(widely, nearly) > C.LEAST_SKEWNESS;
  return C.PAPER_COUNTS * ofPaper + widely + C.NEAR_COUNTS * nearly > C.LEAST_TOGETHER;
}

/**
 * @param {Int32Array} below @param {Int32Array} values @param {number} brightest @param {boolean} isTaken
 * @returns {Int32Array}
 */
function contrastOf(below, values, brightest, isTaken) {
  const share = (/** @type {number} */ b, /** @type {number} */ of) => Math.min(Math.floor((b * C.FULL) / of), C.FULL);
  if (!brightest) return below.map((b, at) => share(b, b + values[at] + 16));
  if (!isTaken) return below.map((b) => share(b, brightest));
  const paper = below.map((b, at) => 16 * C.BLACK - values[at] - b);
  const usual = Int32Array.from(paper).sort()[Math.floor((paper.length * 3) / 4)];
  return below.map((b, at) => share(b * usual, brightest * paper[at]));
}

/** How far each pixel is from the mean around it. @param {Field} field @param {number} reach @returns {Int32Array} */
function offMean({ values, width, height }, reach) {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0, row = 0; x < width; x++, at++) {
      row += values[at];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  const off = new Int32Array(values.length);
  for (let y = 0, at = 0; y < height; y++) {
    const top = Math.max(y - reach, 0);
    const bottom = Math.min(y + reach + 1, height);
    for (let x = 0; x < width; x++, at++) {
      const left = Math.max(x - reach, 0);
      const right = Math.min(x + reach + 1, width);
      const upper = sums[top * (width + 1) + right] - sums[top * (width + 1) + left];
      const total = sums[bottom * (width + 1) + right] - sums[bottom * (width + 1) + left] - upper;
      off[at] = values[at] - Math.floor(total / ((bottom - top) * (right - left)));
    }
  }
  return off;
}

/** @param {Int32Array} differences */
function skewness(differences) {
  let squares = 0;
  let cubes = 0;
  for (const off of differences) {
    squares += off * off;
    cubes += off * off * off;
  }
  const variance = Math.max(squares / differences.length, 1);
  return cubes / differences.length / (variance * Math.sqrt(variance));
}

/** @param {Int32Array} contrast */
function histogram(contrast) {
  const counts = new Float64Array(C.FULL + 1);
  for (const c of contrast) counts[c] += 1;
  return counts;
}

/** The contrasts at which ink begins and is full. @param {Int32Array} contrast @returns {?[number, number]} */
function levels(contrast) {
  const counts = histogram(contrast);
  const noise = quantile(counts, 50);
  const least = Math.max(C.LEAST_CONTRAST, C.LEAST_NOISE * noise);
  counts.fill(0, 0, least + 1);
  if (counts.reduce((a, b) => a + b, 0) < 4) return null;
  counts.fill(0, 0, otsu(counts));
  const full = quantile(counts, 60);
  const low = Math.min(Math.max(Math.floor(least / 2), Math.floor(full / 4)), Math.floor(full / 2));
  return [Math.max(low, 2 * noise), full];
}

/**
 * @param {Field} contrast @param {Field} smooth @param {Int32Array} below @param {Line[][]} ruled @param {boolean} isTaken
 * @returns {Found}
 */
function inkOf(contrast, smooth, below, ruled, isTaken) {
  const { width, height } = contrast;
  const size = width * height;
  const level = levels(contrast.values);
  const nothing = { ink: new Int32Array(size), mask: new Uint8Array(size), area: 0, extent: 0, strength: 0, patches: 0 };
  if (!level) return nothing;
  const [low, full] = level;
  const span = Math.max(full - low, 1);
  let ink = contrast.values.map((c) => Math.min(Math.max(Math.floor(((c - low) * 255) / span), 0), 255));
  if (areRuled(ruled)) {
    const erased = ofLines({ values: ink, width, height }, contrast, ruled);
    ink = ink.map((value, at) => (erased[at] ? 0 : value));
  }
  const cleaned = withoutDirt({ values: ink, width, height }, smooth, below, isTaken);
  const mask = Uint8Array.from(cleaned.ink, (value) => Number(value > 127));
  let area = 0;
  let sum = 0;
  mask.forEach((inked, at) => {
    area += inked;
    sum += inked * contrast.values[at];
  });
  return { ...cleaned, mask, area, strength: Math.floor(sum / Math.max(area, 1)) };
}

/** The mean width of the lines in a mask: twice their area, by the length of their edges. */
export function lineWidth(/** @type {Uint8Array} */ mask, /** @type {number} */ width, /** @type {number} */ height) {
  let area = 0;
  let edge = 0;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      area += mask[at];
      if (x > 0 && mask[at] !== mask[at - 1]) edge += 1;
      if (y > 0 && mask[at] !== mask[at - width]) edge += 1;
    }
  return (2 * area) / ((Math.max(edge, 1) * Math.PI) / 4);
}

/**
 * @param {Found} before @param {Found} found @param {number} narrower  the width of the closing before
 * @param {number} width @param {number} height
 */
function grows(before, found, narrower, width, height) {
  if (2 * found.strength > C.FAR_STRONGER * before.strength) return true;
  const { label, sizes } = patchesOf(found.mask, width, height);
  const [same, along] = [new Uint8Array(sizes.length), new Uint8Array(sizes.length)];
  before.mask.forEach((inked, at) => inked && (same[label[at]] = 1));
  same[0] = 0;
  const edge = border(width, height);
  edge.forEach((at) => (along[label[at]] = 1));
  if (edge.some((at) => same[label[at]]) && !edge.some((at) => before.mask[at])) return false;
  const grown = sizes.reduce((sum, size, patch) => sum + (same[patch] ? size : 0), 0);
  const beside = sizes.reduce((most, size, patch) => (!same[patch] && !along[patch] ? Math.max(most, size) : most), 0);
  const lines = lineWidth(before.mask, width, height);
  const areWhole = lines <= C.WHOLE * narrower && lineWidth(found.mask, width, height) < C.THICKER * lines;
  return (!areWhole && grown > C.LARGEST_GROWTH * before.area) || beside > C.LEAST_BESIDE * before.area;
}

/** The longer side of the box around a mask. @param {Uint8Array} mask @param {number} width @param {number} height */
function extentOf(mask, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  mask.forEach((inked, at) => {
    if (!inked) return;
    const x = at % width;
    const y = (at - x) / width;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  });
  return right < 0 ? 0 : Math.max(right - left, bottom - top) + 1;
}

/** @param {Field} ink @param {Field} smooth @param {Int32Array} below @param {boolean} isTaken */
function withoutDirt({ values, width, height }, smooth, below, isTaken) {
  const mask = Uint8Array.from(values, (value) => Number(value > 127));
  const { label, sizes, extents } = patchesOf(mask, width, height);
  const count = sizes.length;
  if (count === 1) return { ink: new Int32Array(values.length), extent: 0, patches: 0 };
  const side = Math.max(width, height);
  const dirt = new Array(count).fill(false);
  if (side >= C.LEAST_PHOTO) {
    const along = new Array(count).fill(0);
    for (const at of border(width, height)) along[label[at]] += 1;
    const reach = Math.max(1, Math.floor(C.NARROW * side + 0.5));
    const { ends, rises } = endsOf(label, count, smooth, below, reach);
    for (let patch = 1; patch < count; patch++) {
      const cut = 100 * rises[patch] < C.LEAST_RISES * (ends[patch] + (isTaken ? reach * along[patch] : 0));
      dirt[patch] = cut && 2 * extents[patch] >= C.LEAST_EXTENT * side;
    }
    if (isTaken && side < C.LONG * Math.min(width, height))
      areBands(label, sizes, width, height, reach).forEach((isBand, patch) => (dirt[patch] ||= isBand));
    dirt.forEach((isDirt, patch) => isDirt && (sizes[patch] = 0));
    const inner = sizes.map((size, patch) => (along[patch] === 0 && !dirt[patch] ? size : 0));
    const extent = Math.max(0, ...extents.filter((_, patch) => inner[patch] > 0));
    if (Math.max(...inner) > C.LEAST_INNER * Math.max(...sizes) && extent >= C.LEAST_EXTENT * side)
      along.forEach((length, patch) => (dirt[patch] ||= length > 0));
  }
  const least = Math.min(C.LEAST_SPECK * sizes.reduce((a, b) => a + b, 0), C.LEAST_PATCH * Math.max(...sizes));
  const kept = sizes.map((size, patch) => patch > 0 && !dirt[patch] && size >= least);
  const near = new Uint8Array(values.length);
  label.forEach((patch, at) => {
    if (!kept[patch]) return;
    const x = at % width;
    const y = (at - x) / width;
    for (let v = Math.max(y - C.EDGE, 0); v <= Math.min(y + C.EDGE, height - 1); v++)
      near.fill(1, v * width + Math.max(x - C.EDGE, 0), v * width + Math.min(x + C.EDGE, width - 1) + 1);
  });
  const extent = extents.reduce((most, e, patch) => (kept[patch] ? Math.max(most, e) : most), 0);
  return { ink: values.map((value, at) => (near[at] ? value : 0)), extent, patches: kept.filter(Boolean).length };
}

/**
 * Which patches are straight bands from one side of the picture to another.
 * @param {Int32Array} label @param {number[]} sizes @param {number} width @param {number} height @param {number} reach
 */
function areBands(label, sizes, width, height, reach) {
  const touched = sizes.map(() => 0); // a bit for each side
  label.forEach((patch, at) => {
    const x = at % width;
    const y = (at - x) / width;
    touched[patch] |= (+(y < reach)) | (+(y >= height - reach) << 1) | (+(x < reach) << 2) | (+(x >= width - reach) << 3);
  });
  return touched.map((sides, patch) => {
    const fewer = (sides & (sides - 1)) === 0; // than two
    return patch > 0 && !fewer && shapeOf(label, width, patch).solid >= C.LEAST_SOLID;
  });
}

/**
 * How often each patch ends within so many pixels, and how often it grows brighter there.
 * @param {Int32Array} label @param {number} count @param {Field} smooth @param {Int32Array} below @param {number} reach
 */
function endsOf(label, count, { values, width, height }, below, reach) {
  const ends = new Array(count).fill(0);
  const rises = new Array(count).fill(0);
  edges(label, width, height, reach, (at, place) => {
    ends[label[at]] += 1;
    if (4 * (values[place] - values[at]) >= below[at]) rises[label[at]] += 1;
  });
  return { ends, rises };
}

/** @param {Field} contrast @returns {Line[][]} */
function ruledLines(contrast) {
  const level = levels(contrast.values);
  if (!level) return [[], []];
  const noise = quantile(histogram(contrast.values), 50);
  const tenths = Math.max(Math.floor((3 * level[1]) / 10), Math.floor((C.LEAST_CONTRAST * 6) / 10));
  const least = Math.max(tenths, Math.floor((3 * noise) / 2));
  return [linesAcross(contrast, least), linesAcross(transposed(contrast), least)];
}

/** @param {Line[][]} lines */
const areRuled = (lines) => Math.max(...lines.map((some) => some.length)) > 1;

/** @param {Field} field @returns {Field} */
function transposed({ values, width, height }) {
  const turned = new Int32Array(values.length);
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at++) turned[x * height + y] = values[at];
  return { values: turned, width: height, height: width };
}

/** @param {Field} contrast @param {number} least @returns {Line[]} */
function linesAcross({ values, width: w, height: h }, least) {
  const beside = Math.max(2, Math.floor(C.NARROW * Math.max(h, w) + 0.5));
  const ridge = [];
  for (let y = 0, at = 0; y < h; y++) {
    const above = Math.max(y - beside, 0) * w;
    const below = Math.min(y + beside, h - 1) * w;
    for (let x = 0; x < w; x++, at++) {
      const c = values[at];
      if (c <= least || c < values[y > 0 ? at - w : at] || c <= values[y < h - 1 ? at + w : at]) continue;
      if (10 * values[below + x] < 6 * c && 10 * values[above + x] < 6 * c) ridge.push([x, y]);
    }
  }
  if (ridge.length < (C.LEAST_LINE * w) / 2) return [];
  const steps = Math.floor((C.STEEPEST * w) / 2);
  const slopes = Array.from({ length: 2 * steps + 1 }, (_, k) => ((k - steps) * 2) / w);
  const places = h + 2 * w; // heights, from −w on
  const seen = slopes.map((slope) => {
    const counts = new Int32Array(places + 1);
    for (const [x, y] of ridge) counts[Math.floor(y - slope * (x - w / 2) + 0.5) + w] += 1;
    return Float64Array.from({ length: places }, (_, place) => {
      const length = lengthWithin(place - w, slope, h, w);
      return length >= w / 2 ? (counts[place] + counts[place + 1]) / Math.max(length, 1) : 0;
    });
  });
  const found = [];
  while (found.length < C.MOST_LINES) {
    let [best, at, of] = [-1, 0, 0];
    for (let k = 0; k < seen.length; k++)
      for (let place = 0; place < places; place++) {
        if (seen[k][place] <= best) continue;
        best = seen[k][place];
        at = place;
        of = k;
      }
    if (best < C.LEAST_LINE) break;
    found.push({ height: at - w, slope: slopes[of] });
    seen.forEach((shares, k) => {
      const aside = (Math.abs(slopes[k] - slopes[of]) * w) / 2;
      for (let place = 0; place < places; place++)
        if (Math.abs(place - at) + aside < Math.max(5, (3 * w) / 100)) shares[place] = 0;
    });
  }
  return found;
}

/** How many columns of the picture such a line crosses. */
function lengthWithin(/** @type {number} */ height, /** @type {number} */ slope, /** @type {number} */ h, /** @type {number} */ w) {
  if (slope === 0) return height >= 0 && height < h ? w : 0;
  const atTop = Math.min(Math.max(-height / slope, -w / 2), w / 2);
  const atBottom = Math.min(Math.max((h - 1 - height) / slope, -w / 2), w / 2);
  return Math.abs(atBottom - atTop);
}

/** @param {Field} ink @param {Field} contrast @param {Line[][]} ruled @returns {Uint8Array} what to erase */
function ofLines(ink, contrast, ruled) {
  const { width, height } = ink;
  const side = Math.max(width, height);
  const contrastAcross = transposed(contrast);
  const without = (/** @type {Uint8Array} */ erased) => ({ ...ink, values: ink.values.map((v, at) => (erased[at] ? 0 : v)) });
  let along = new Uint8Array(ink.values.length);
  let across = along;
  for (let time = 0; time < 2; time++) {
    const moreAlong = ofLinesAlong(without(across), contrast, ruled[0], side);
    const moreAcross = ofLinesAlong(transposed(without(along)), contrastAcross, ruled[1], side);
    along = along.map((was, at) => was | moreAlong[at]);
    across = across.map((was, at) => was | moreAcross[(at % width) * height + Math.floor(at / width)]);
  }
  return along.map((was, at) => was | across[at]);
}

/**
 * What to erase of lines from left to right.
 * @param {Field} ink @param {Field} contrast @param {Line[]} lines @param {number} side @returns {Uint8Array}
 */
function ofLinesAlong({ values, width: w, height: h }, { values: contrast }, lines, side) {
  if (lines.length === 0) return new Uint8Array(values.length);
  const top = new Int32Array(values.length); // of the run of ink that each pixel is in
  const runs = new Int32Array(values.length); // how long it is
  for (let x = 0; x < w; x++)
    for (let y = 0; y < h; y++) {
      if (values[y * w + x] <= 51) continue;
      let end = y;
      while (end < h && values[end * w + x] > 51) end += 1;
      for (let v = y; v < end; v++) {
        top[v * w + x] = y;
        runs[v * w + x] = end - y;
      }
      y = end;
    }
  const erased = new Uint8Array(values.length); // at the top of each run
  for (const { height, slope } of lines) {
    /** @type {number[][]} */
    const about = Array.from({ length: w }, (_, x) => {
      const middle = Math.floor(height + slope * (x - w / 2) + 0.5);
      const rows = [-2, -1, 0, 1, 2, 3].map((off) => middle + off).filter((y) => y >= 0 && y < h);
      return rows.map((y) => y * w + x);
    });
    const near = about.map((places) => places.filter((at) => runs[at] > 0));
    const thickest = near.map((places) => Math.max(0, ...places.map((at) => runs[at])));
    const some = thickest.filter((run) => run > 0).sort((a, b) => a - b);
    const thick = some[Math.floor(some.length / 2)];
    if (some.length === 0 || 1000 * thick > C.THICKEST * side) continue;
    const darkness = about.map((places) => places.reduce((sum, at) => sum + contrast[at], 0));
    const usual = darkness.filter((_, x) => about[x].length > 0).sort((a, b) => a - b);
    const dark = usual[Math.floor(usual.length / 2)];
    near.forEach((places, x) => {
      if (10 * darkness[x] > C.LEAST_DARKER * dark || 10 * thickest[x] > 16 * thick + 20) return;
      for (const at of places) erased[top[at] * w + x] = 1;
    });
  }
  return Uint8Array.from(values, (_, at) => Number(runs[at] > 0 && erased[top[at] * w + (at % w)]));
}
