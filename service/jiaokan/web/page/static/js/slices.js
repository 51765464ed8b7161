// Findings as slices that fit into rows.
//
// Rules of this file: nearly every finding is one slice. One that is long or goes over several lines is cut, line by
// line where both its sides have as many lines; the slices of a finding make up the whole of it, in order.

// UTF-16 units of either side above which a finding is cut: some five lines of a column.
const MOST = 300;

/** The findings of an account as slices {finding, part, start, end, before, after}, in reading order. */
export function slices({ findings }) {
  const cuts = [];
  for (const finding of findings) {
    if (isLong(finding)) cuts.push(...cut(finding));
    else cuts.push(slice(finding, 0, finding.start, finding.before, finding.after));
  }
  return cuts.sort((one, other) => one.start - other.start || one.finding.id - other.finding.id);
}

const slice = (finding, part, start, before, after) =>
  ({ finding, part, start, end: start + before.length, before, after });

const isLong = ({ before, after }) => before.length > MOST || after.length > MOST || before.includes("\n");

function cut(finding) {
  const [befores, afters] = [linesOf(finding.before), linesOf(finding.after)];
  const paired = befores.length === afters.length;
  const pairs = paired ? befores.map((before, line) => [before, afters[line]]) : [[finding.before, finding.after]];
  let start = finding.start;
  return pairs.flatMap(inPieces).map(([before, after], part) => {
    const made = slice(finding, part, start, before, after);
    start = made.end;
    return made;
  });
}

const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [""];

/** Both sides in as many pieces. Which piece became which is a guess: it keeps them side by side. */
function inPieces([before, after]) {
  const count = Math.ceil(Math.max(before.length, after.length) / MOST) || 1;
  const bound = (side, number) => unsplit(side, Math.round((side.length * number) / count));
  const piece = (side, number) => side.slice(bound(side, number), bound(side, number + 1));
  const cut = Array.from({ length: count }, (_, number) => [piece(before, number), piece(after, number)]);
  return before ? cut.reduce(joined, []) : cut;
}

/** A piece that replaces nothing joins the one before it: alone, it would be an insertion at the place behind. */
function joined(pieces, [before, after]) {
  if (before || !pieces.length) return [...pieces, [before, after]];
  const [last, longer] = pieces.at(-1);
  return [...pieces.slice(0, -1), [last, longer + after]];
}

/** `at`, or one unit further where that would cut a surrogate pair. */
export function unsplit(text, at) {
  const pair = at > 0 && text.codePointAt(at - 1) > 0xffff;
  return pair ? at + 1 : at;
}
