// One row as pieces for both columns.
//
// Rules of this file: a piece is what was kept, {kept}; an edit, {slice, state, source, text}; or a doubt, {slice,
// state, inner, text}, whose `inner` is the pieces at its place, and whose `text` stands there once it is accepted.
// The sources of all pieces make up the row of the source, their texts that of the text. Nothing knows of the document.

import { state } from "./decisions.js";
import { firstIndex } from "./edits.js";

/** The pieces of `row`, whose slices are `slices`. */
export function pieces(source, row, slices, decisions) {
  const edits = slices.filter(({ finding }) => finding.kind === "edit").map((slice) => drawn(slice, decisions));
  const doubts = slices.filter(({ finding }) => finding.kind === "doubt").map((slice) => drawn(slice, decisions));
  const walk = walker(source, row.start, edits);
  const out = [];
  for (const { start, end, slice, state: how } of apart(doubts)) {
    out.push(...walk(start, true));
    const text = how === "accepted" ? chosen(slice, decisions) : null;
    out.push({ slice, state: how, inner: walk(end, false), text });
  }
  return [...out, ...walk(row.end, true)];
}

function drawn(slice, decisions) {
  const { start, end, finding } = slice;
  return { slice, start, end, state: state(decisions, finding) };
}

/** What an accepted doubt puts into the text: its first slice holds all of a choice that is not the likeliest. */
function chosen(slice, decisions) {
  const choice = decisions.accepted.get(slice.finding.id);
  if (choice === 0) return slice.after;
  return slice.part ? "" : slice.finding.choices[choice].text;
}

/** The doubts so that none overlap: an accepted one keeps its whole place, the others what is left of theirs. */
function apart(doubts) {
  const isAccepted = ({ state }) => state === "accepted";
  const placed = doubts.filter(isAccepted);
  for (const doubt of doubts) {
    if (isAccepted(doubt)) continue;
    const left = { ...doubt, ...whatIsLeft(doubt, placed) };
    const isBehind = ({ start, end }) => (start - left.start || end - left.end) > 0;
    placed.splice(firstIndex(placed, isBehind), 0, left);
  }
  return placed;
}

/** The first stretch of a doubt that the `placed` ones leave free, or else a position beside them. */
function whatIsLeft({ start, end }, placed) {
  for (const other of placed) {
    if (other.start <= start && other.end > start) start = other.end;
    else if (other.start > start && other.start < end) end = other.start;
  }
  return { start, end: Math.max(start, end) };
}

/** A function that gives the pieces from where it stopped last, first `at`, to `end`, outside of a doubt or inside. */
function walker(source, at, edits) {
  const waiting = [...edits];
  const keep = (out, end) => at < end && out.push({ kept: source.slice(at, end) });
  return (end, outside) => {
    const out = [];
    while (waiting.length && reaches(waiting[0], end, outside)) {
      const edit = waiting.shift();
      if (edit.end > end) waiting.unshift({ ...edit, start: end, cut: true });
      keep(out, edit.start);
      at = Math.max(at, Math.min(edit.end, end));
      out.push(shown(edit, source.slice(edit.start, at)));
    }
    keep(out, end);
    at = Math.max(at, end);
    return out;
  };
}

/** What is put in just before a doubt, or just behind it, stands outside. */
const reaches = ({ start, end }, border, outside) => start < border || (outside && start === end && start === border);

/** An edit as a piece; of one that a doubt cuts in two, the first half holds what it became. */
function shown({ slice, state: how, cut }, source) {
  const after = cut ? "" : slice.after;
  return { slice, state: how, source, text: how === "made" ? after : source };
}
