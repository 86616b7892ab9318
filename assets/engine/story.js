/** What happened while a drawing was read: facts measured in the reading, and sentences that say them. */

import { CLASSES, PIXELS, ROWS } from "./dimensions.js";

/**
 * @typedef {Object} Read  of a reading what this asks
 * @property {?number} digit
 * @property {?("blank" | "several" | "other")} why
 * @property {?number} closest
 * @property {number} score
 * @property {Float32Array} probabilities  10
 * @property {Float32Array} verdict        28 × 10
 * @property {Float32Array} evidence       28 × 10
 * @property {Float32Array} image          28 × 28, ink = 1
 *
 * @typedef {{digit: number, rows: number, row: number}} Named  at how many rows, and where its probability was highest
 *
 * @typedef {Object} Facts  rows and digits count from 0; "it" is the closest digit, taken for one or not
 * @property {number} ink      the first row with ink
 * @property {number} settled  the first row from which the verdict names it to the end
 * @property {Named[]} named   the digits that the verdict named between these two, the first one first
 * @property {?{digit: number, probability: number}} last  what it named at the row before it was settled; null when it
 *   was settled where the ink begins
 * @property {?{row: number, before: number, after: number}} rise  the row at which its probability rises most, and that
 *   probability before and after; null when it never rises
 * @property {?{first: number, last: number, row: number, sum: number}} bulk  the fewest rows in a run that hold half of
 *   the evidence for it, the row with most of it, and what all that speaks for it there adds to the logit; null when
 *   nothing does
 * @property {{digit: number, probability: number}} next  the second most probable digit
 *
 * @typedef {{row?: number, digit?: null, against?: ?number}} Focus  what of the page's state a phrase puts
 * @typedef {{text: string, focus?: Focus}} Phrase
 * @typedef {{leastScore: number}} Network
 */

const MOST = 3; // digits named as those between which it wavered
const LEAST = 0.0005; // probabilities nearer to 0 and 1 are not told apart: the bars beside them show 0.0 %

/**
 * @param {Read} reading  of a drawing that is not blank
 * @returns {Facts}
 */
export function facts({ closest, probabilities, verdict, evidence, image }) {
  const p = (/** @type {number} */ row, /** @type {number} */ k) => verdict[row * CLASSES + k];
  const says = Array.from({ length: ROWS }, (_, row) => highest(CLASSES, (k) => p(row, k)));
  const ink = Math.floor(image.findIndex((value) => value > 0) / PIXELS);
  const settled = Math.min(ROWS - 1, says.findLastIndex((k) => k !== closest) + 1);

  /** @type {Named[]} */ const named = [];
  for (let row = ink; row < settled; row++) {
    let one = named.find(({ digit }) => digit === says[row]);
    if (!one) named.push((one = { digit: says[row], rows: 0, row }));
    one.rows += 1;
    if (p(row, one.digit) > p(one.row, one.digit)) one.row = row;
  }

  const rises = (/** @type {number} */ row) => (row < Math.max(1, ink) ? 0 : p(row, closest) - p(row - 1, closest));
  const risen = highest(ROWS, rises);
  return {
    ink,
    settled,
    named,
    last: settled > ink ? { digit: says[settled - 1], probability: p(settled - 1, says[settled - 1]) } : null,
    rise: rises(risen) > 0 ? { row: risen, before: p(risen - 1, closest), after: p(risen, closest) } : null,
    bulk: half(Array.from({ length: ROWS }, (_, row) => Math.max(0, evidence[row * CLASSES + closest]))),
    next: runnerUp(probabilities, closest),
  };
}

/**
 * What stands below the answer. Of a blank pad there is nothing to tell.
 * @param {?Read} reading
 * @param {?Network} network  null while it is not known
 * @returns {Phrase[][]} sentences
 */
export function story(reading, network) {
  if (!reading || reading.closest === null) return [];
  const found = facts(reading);
  return reading.digit === null
    ? [...refusal(reading, found, network), course(reading, found)]
    : [course(reading, found), decision(reading, found), certainty(reading, found, network)].filter(({ length }) => length);
}

/** Between which digits it wavered, and until when. @param {Read} reading @param {Facts} facts @returns {Phrase[]} */
function course({ closest }, { ink, settled, named, last }) {
  if (!last) return [link(`From row ${ink + 1} on`, { row: ink }), plain(`, where the ink begins, it said ${closest}.`)];
  const until = link(`row ${settled}`, { row: settled - 1 });
  const still = plain(`, which said ${last.digit} with ${percent(last.probability)}.`);
  if (named.length === 1) return [plain("It said something else until "), until, still];
  const often = [...named].sort((a, b) => b.rows - a.rows).slice(0, MOST); // of those named equally often the first
  const most = named.filter((one) => often.includes(one));
  const mostly = most.length < named.length ? "mostly " : "";
  const all = most.flatMap(({ digit, row }, k) => [
    plain(k === 0 ? "" : k < most.length - 1 ? ", " : " and "),
    link(String(digit), { row }),
  ]);
  return [plain(`It wavered ${mostly}between `), ...all.slice(1), plain(" until "), until, still];
}

/** When it was settled, and which rows decided, by how much. @param {Read} reading @param {Facts} facts @returns {Phrase[]} */
function decision({ closest }, { settled, last, rise, bulk }) {
  /** @type {Phrase[][]} */ const said = [];
  if (last && rise?.row !== settled) said.push([link(`From row ${settled + 1} on`, { row: settled }), plain(` it said ${closest}`)]);
  if (rise) {
    const did = rise.row === settled && last ? `settled it: ${closest} rose` : said.length ? "did most," : `did most for ${closest},`;
    const grew = `from ${percent(rise.before)} to ${percent(rise.after)}`;
    said.push([link(`row ${rise.row + 1}`, { row: rise.row }), plain(` ${did} ${grew}`)]);
  }
  if (bulk) {
    const [rows, bring] = bulk.first === bulk.last ? [`row ${bulk.last + 1}`, "brings"] : [`rows ${bulk.first + 1}–${bulk.last + 1}`, "bring"];
    said.push([
      link(rows, { row: bulk.row, digit: null, against: null }),
      plain(` ${bring} half of the evidence for ${closest}, +${bulk.sum.toFixed(1)}`),
    ]);
  }
  if (said.length === 0) return [];
  const [{ text, focus }] = said[0];
  said[0][0] = { text: text[0].toUpperCase() + text.slice(1), focus };
  return said.flatMap((part, k) => [...part, plain(k < said.length - 1 ? "; " : ".")]);
}

/** How sure it is that this is a digit, and then which. @param {Read} reading @param {Facts} facts @param {?Network} network @returns {Phrase[]} */
function certainty(reading, { next }, network) {
  const { closest, probabilities } = reading;
  return [
    score(reading, network),
    plain(`: it is a digit; given that, ${closest} with ${percent(probabilities[closest])}, `),
    link(`then ${next.digit} with ${percent(next.probability)}`, versus(next.digit)),
    plain("."),
  ];
}

/** Why there is no answer, and what is closest. @param {Read} reading @param {Facts} facts @param {?Network} network @returns {Phrase[][]} */
function refusal(reading, { next }, network) {
  const { why, closest, probabilities } = reading;
  const because = why === "several" ? ": too little for one digit, and marks stand side by side." : ": too little for any digit.";
  return [
    [score(reading, network), plain(because)],
    [
      plain(`Were it one, ${closest} with ${percent(probabilities[closest])}, `),
      link(`then ${next.digit} with ${percent(next.probability)}`, versus(next.digit)),
      plain("."),
    ],
  ];
}

/** @param {Read} reading @param {?Network} network */
function score({ score }, network) {
  const signed = (/** @type {number} */ value) => value.toFixed(1).replace("-", "−");
  const needed = network ? `, needed ${signed(network.leastScore)}` : "";
  return link(`Score ${signed(score)}${needed}`, { row: ROWS - 1 });
}

/** @param {string} text @param {Focus} focus @returns {Phrase} */
const link = (text, focus) => ({ text, focus });

/** @param {string} text @returns {Phrase} */
const plain = (text) => ({ text });

/** The evidence for the digit read less that for another one. @param {number} against @returns {Focus} */
const versus = (against) => ({ digit: null, against });

/** Never 0 % or 100 % for what is neither. @param {number} share */
function percent(share) {
  if (share < LEAST) return "under 0.1\u00a0%";
  if (share > 1 - LEAST) return "over 99.9\u00a0%";
  return `${(100 * share).toFixed(share < 0.01 || share > 0.99 ? 1 : 0)}\u00a0%`;
}

/** The fewest rows in a run that hold half of all. @param {number[]} values  none below 0 @returns {Facts["bulk"]} */
function half(values) {
  const all = values.reduce((sum, value) => sum + value, 0);
  if (all === 0) return null;
  const sum = (/** @type {number} */ first, /** @type {number} */ last) =>
    values.slice(first, last + 1).reduce((part, value) => part + value, 0);
  for (let length = 1; ; length++) {
    const first = highest(ROWS - length + 1, (row) => sum(row, row + length - 1));
    const last = first + length - 1;
    if (sum(first, last) < all / 2) continue;
    const row = first + highest(length, (k) => values[first + k]);
    return { first, last, row, sum: sum(first, last) };
  }
}

/** @param {Float32Array} probabilities @param {number} best */
function runnerUp(probabilities, best) {
  const digit = highest(CLASSES, (k) => (k === best ? -1 : probabilities[k]));
  return { digit, probability: probabilities[digit] };
}

/** The first index at which it is highest. @param {number} count @param {(index: number) => number} of */
function highest(count, of) {
  let best = 0;
  for (let k = 1; k < count; k++) if (of(k) > of(best)) best = k;
  return best;
}
