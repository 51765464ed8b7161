// The edit algebra on strings of the browser.
//
// Rules of this file: the service counts code points and a string counts UTF-16 units; the one is turned into the
// other here and nowhere else. Each function walks a text once, so that a megabyte takes milliseconds.

const ASTRAL = /[\u{10000}-\u{10ffff}]/u;

/** How far `count` code points reach in `text` from a unit on: a function that gives the unit behind them. */
function stepper(text) {
  if (!ASTRAL.test(text)) return (unit, count) => unit + count;
  return (unit, count) => {
    for (; count > 0; count--) unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
    return unit;
  };
}

/** The number of code points of `text`. */
export function length(text) {
  if (!ASTRAL.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The source text that `edits`, in code points of the source, made into `text`. */
export function restored(text, edits) {
  const step = stepper(text);
  const pieces = [];
  let [unit, at] = [0, 0];
  for (const { start, end, before, after } of edits) {
    const kept = step(unit, start - at);
    pieces.push(text.slice(unit, kept), before);
    [unit, at] = [kept + after.length, end];
  }
  return pieces.join("") + text.slice(unit);
}

/** Where each of the `records`, which stand in the order of their starts, begins in `source`: in UTF-16 units. */
export function starts(source, records) {
  const step = stepper(source);
  let [unit, at] = [0, 0];
  return records.map(({ start }) => {
    [unit, at] = [step(unit, start - at), start];
    return unit;
  });
}

/** `source` with the edits made; each has `start` and `end` in units and `after`; they are in order and apart. */
export function applied(source, edits) {
  const pieces = [];
  let at = 0;
  for (const { start, end, after } of edits) {
    pieces.push(source.slice(at, start), after);
    at = end;
  }
  return pieces.join("") + source.slice(at);
}

/** Whether two spans share a place. Neighbours do not, nor do two insertions at one position. */
export function overlap(one, other) {
  return one.start < other.end && other.start < one.end;
}

/** The first index of `list` for which `holds`, which is false and then true along the list. */
export function firstIndex(list, holds) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
