// A unified diff of the source and the text, as `patch` reads it.
//
// Rules of this file: nothing is compared; the lines that differ are those that the edits touch.

import { applied, firstIndex } from "./edits.js";

const CONTEXT = 3; // lines, as diff -u has it
const NO_NEWLINE = "\n\\ No newline at end of file\n";

/** The diff of `source` and what the edits (in order, apart, in units) make of it; empty if that is the same. */
export function unified(source, edits, oldName, newName) {
  const starts = lineStarts(source);
  const changes = touched(source, edits, starts).map((group) => changed(source, group, starts));
  const hunks = gathered(changes.filter(({ before, after }) => before !== after));
  if (!hunks.length) return "";
  let shift = 0;
  const body = hunks.map((hunk) => {
    const [text, grown] = written(source, hunk, starts, shift);
    shift += grown;
    return text;
  });
  return `--- ${oldName}\n+++ ${newName}\n${body.join("")}`;
}

/** Where each line starts, and the end of the source, where none does. */
function lineStarts(source) {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  if (starts.at(-1) !== source.length) starts.push(source.length);
  return starts;
}

/** The edits in groups {first, last, edits}: lines `first` up to but not `last` are those they touch. */
function touched(source, edits, starts) {
  const groups = [];
  for (const edit of edits) {
    const [first, last] = linesOf(source, edit, starts);
    const group = groups.at(-1);
    if (group && (first < group.last || first === starts.length - 1)) {
      group.last = Math.max(group.last, last);
      group.edits.push(edit);
    } else {
      groups.push({ first, last, edits: [edit] });
    }
  }
  return groups;
}

/** The lines an edit touches. Where a line break goes, the line after it is touched too. */
function linesOf(source, { start, end, before, after }, starts) {
  const count = starts.length - 1;
  const open = source !== "" && !source.endsWith("\n"); // what comes at the end of the source joins its last line
  const lineOf = (at) => (open && at === source.length ? count : firstIndex(starts, (begin) => begin > at)) - 1;
  const keepsBreak = before.endsWith("\n") && after.endsWith("\n");
  return [Math.min(lineOf(start), count), Math.min(lineOf(keepsBreak ? end - 1 : end) + 1, count)];
}

/** A group as the lines it takes out and those it puts in, each as one string. */
function changed(source, { first, last, edits }, starts) {
  const [start, end] = [starts[first], starts[last]];
  const moved = edits.map((edit) => ({ start: edit.start - start, end: edit.end - start, after: edit.after }));
  const before = source.slice(start, end);
  return { first, last, before, after: applied(before, moved) };
}

/** Changes whose contexts would meet, in one list each. */
function gathered(changes) {
  const hunks = [];
  for (const change of changes) {
    if (hunks.length && change.first - hunks.at(-1).at(-1).last <= 2 * CONTEXT) hunks.at(-1).push(change);
    else hunks.push([change]);
  }
  return hunks;
}

/** A hunk as text, and by how many lines it makes the text longer; `shift` is what the hunks before it did. */
function written(source, hunk, starts, shift) {
  const first = Math.max(0, hunk[0].first - CONTEXT);
  const last = Math.min(starts.length - 1, hunk.at(-1).last + CONTEXT);
  let [text, at, grown] = ["", first, 0];
  const keep = (to) => (text += signed(" ", source.slice(starts[at], starts[to])));
  for (const change of hunk) {
    keep(change.first);
    text += signed("-", change.before) + signed("+", change.after);
    grown += linesIn(change.after) - linesIn(change.before);
    at = change.last;
  }
  keep(last);
  const count = last - first;
  return [`@@ -${range(first, count)} +${range(first + shift, count + grown)} @@\n${text}`, grown];
}

/** Lines as a hunk counts them: from 1, and of none the one before. */
const range = (first, count) => `${count ? first + 1 : first},${count}`;

const linesIn = (text) => lines(text).length;
const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const signed = (sign, text) =>
  lines(text).map((line) => sign + (line.endsWith("\n") ? line : line + NO_NEWLINE)).join("");
