// The source in rows, and the rows in blocks.
//
// Rules of this file: rows follow from the account alone, so that a decision changes what stands in a row and never
// which rows there are. A row ends at a line break, or in a line too long to draw at once after some hundred
// characters, and never inside a slice.

import { unsplit } from "./slices.js";

// UTF-16 units of one row: about ten lines of a column. More is slow to draw, fewer break up ordinary paragraphs.
const ROW = 600;
// Units, and rows, of one block. A block is drawn at once: about three screens, and some ten milliseconds of work.
const BLOCK = 3000;
const BLOCK_ROWS = 60;

/**
 * The rows of `source`: {start, end, from, to, line, begins}.
 *
 * `start` and `end` are units of the source, `from` and `to` numbers of `slices`, `line` is counted from 1, and
 * `begins` says whether the row is the first of its line.
 */
export function rows(source, slices) {
  const made = [];
  let row = { end: 0, to: 0, line: 1, breaks: 0 };
  while (row.end < source.length || row.to < slices.length) {
    const [end, to] = rowEnd(source, slices, row.end, row.to);
    const line = row.line + row.breaks;
    const begins = row.end === 0 || source[row.end - 1] === "\n";
    row = { start: row.end, end, from: row.to, to, line, begins, breaks: lineBreaks(source, row.end, end) };
    made.push(row);
  }
  return made;
}

/** Where the row that begins at `start` ends, and the number of the first slice behind it. */
function rowEnd(source, slices, start, from) {
  let [reached, to, end] = [start, from, start];
  do {
    end = nextEnd(source, start, reached);
    for (; to < slices.length && startsBefore(slices[to], end, source.length); to++) {
      reached = Math.max(reached, slices[to].end);
    }
  } while (reached > end);
  return [end, to];
}

/** What stands at the very end of the source belongs to its last row. */
const startsBefore = (slice, end, length) => slice.start < end || (slice.start === end && end === length);

/** The first place from `least` on where a row that begins at `start` may end. */
function nextEnd(source, start, least) {
  if (least > start && source[least - 1] === "\n") return least;
  const most = Math.max(start + ROW, least);
  const lineEnd = source.slice(least, most).indexOf("\n");
  if (lineEnd >= 0) return least + lineEnd + 1;
  return most < source.length ? unsplit(source, most) : source.length;
}

function lineBreaks(source, start, end) {
  let count = 0;
  for (let at = start; at < end; at++) if (source[at] === "\n") count++;
  return count;
}

/** The rows in blocks {from, to, length}: numbers of rows, and how many units of the source they hold. */
export function blocks(all) {
  const made = [];
  all.forEach(({ start, end }, number) => {
    const last = made.at(-1);
    if (last && last.length + end - start <= BLOCK && number - last.from < BLOCK_ROWS) {
      last.to = number + 1;
      last.length += end - start;
    } else {
      made.push({ from: number, to: number + 1, length: end - start });
    }
  });
  return made;
}
