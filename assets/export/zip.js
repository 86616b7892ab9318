/** Writes a ZIP file: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */

import { crc32, four, joined, two, utf8 } from "./bytes.js";

const VERSION = 20; // of ZIP, which reading it takes
const UTF8 = 1 << 11;
const [STORED, DEFLATED] = [0, 8];
const NO_TIME = [0, 0, 33, 0]; // 1 January 1980: the same contents are the same file

/** @param {{name: string, content: Uint8Array}[]} files @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function zip(files) {
  /** @type {Uint8Array[]} */ const parts = [];
  /** @type {Uint8Array[]} */ const directory = [];
  let at = 0;
  for (const { name, content } of files) {
    const small = await deflated(content);
    const [method, data] = small && small.length < content.length ? [DEFLATED, small] : [STORED, content];
    const title = utf8(name);
    const about = joined([
      ...[two(VERSION), two(UTF8), two(method), NO_TIME],
      ...[four(crc32(content)), four(data.length), four(content.length), two(title.length), two(0)],
    ]);
    parts.push(joined([four(0x04034b50), about, title, data]));
    directory.push(joined([four(0x02014b50), two(VERSION), about, two(0), two(0), two(0), four(0), four(at), title]));
    at += parts.at(-1).length;
  }
  const index = joined(directory);
  const count = two(files.length);
  const end = joined([four(0x06054b50), two(0), two(0), count, count, four(index.length), four(at), two(0)]);
  return joined([...parts, index, end]);
}

/** Null where the browser has no such compression. @param {Uint8Array} content @returns {Promise<?Uint8Array>} */
async function deflated(content) {
  let packer;
  try {
    packer = new CompressionStream("deflate-raw");
  } catch {
    return null;
  }
  const packed = new Blob([/** @type {any} */ (content)]).stream().pipeThrough(packer);
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
