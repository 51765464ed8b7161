// The account of one repair: what the answer says, located in the source text.
//
// Rules of this file: an account never changes. What a person decided about it stands in `decisions.js`.
//
// A *finding* here is an edit that was made or a doubt that was not: `id` is its place in reading order, `number` its
// place among the edits or the doubts of the answer, `start` and `end` count UTF-16 units of the source text.

import { firstIndex, length, restored, starts } from "./edits.js";

/** The account of an answer of POST /v1/repair; `given` is the source text, if it was one, else null. */
export function account(answer, given) {
  const source = given ?? restored(answer.text, answer.edits);
  const findings = inOrder([...located(source, answer.edits, "edit"), ...located(source, answer.doubts, "doubt")]);
  return Object.freeze({
    answer,
    source,
    findings,
    edits: findings.filter((finding) => finding.kind === "edit"),
    doubts: findings.filter((finding) => finding.kind === "doubt"),
    length: length(source),
  });
}

function located(source, records, kind) {
  // Doubts come in the order of their starts, like edits; a service that breaks that promise must not lose one.
  const numbered = records.map((record, number) => ({ record, number }));
  numbered.sort((one, other) => one.record.start - other.record.start);
  const units = starts(source, numbered.map(({ record }) => record));
  return numbered.map(({ record, number }, place) => finding(record, number, units[place], kind));
}

function finding(record, number, start, kind) {
  const { before, after, fault, consent, confidence, evidence } = record;
  const end = start + before.length;
  const choices = kind === "doubt" ? proposed(record) : null;
  return { id: 0, number, kind, start, end, before, after, fault, consent, confidence, evidence, choices };
}

/** What a doubt proposes, the likeliest first; nothing where no repair is known. */
function proposed({ before, after, confidence, fills }) {
  if (!fills?.length) return before === after ? [] : [{ text: after, confidence }];
  // Where an edit was made beside the gap, `after` is more than the first of the fills: 問 became 问题, the fill is 题.
  const [first] = fills;
  return after.includes(first.text)
    ? fills.map(({ text, confidence }) => ({ text: after.replace(first.text, () => text), confidence }))
    : [{ text: after, confidence }];
}

/** In reading order: an insertion before what is replaced at its place, a wide span before those in it. */
function inOrder(findings) {
  findings.sort(
    (one, other) => one.start - other.start || insertion(other) - insertion(one) || other.end - one.end,
  );
  findings.forEach((each, place) => (each.id = place));
  return findings;
}

const insertion = (finding) => Number(finding.start === finding.end);

/** How many edits and how many doubts there are of each fault that was found. */
export function counted({ findings }) {
  const counts = {};
  for (const { fault, kind } of findings) {
    counts[fault] ??= { edit: 0, doubt: 0 };
    counts[fault][kind]++;
  }
  return counts;
}

/** The finding after `id`, or before it where `step` is -1, that is `wanted`; round the ends; null if there is none. */
export function neighbour({ findings }, id, step, wanted) {
  const count = findings.length;
  for (let tried = 1; tried <= count; tried++) {
    const found = findings[(((id + step * tried) % count) + count) % count];
    if (wanted(found)) return found;
  }
  return null;
}

/** The edits that share a place with `span`. */
export function editsWithin({ edits }, span) {
  const first = firstIndex(edits, (edit) => edit.end > span.start);
  const last = firstIndex(edits, (edit) => edit.start >= span.end);
  return edits.slice(first, Math.max(first, last)).filter((edit) => edit.start < span.end && span.start < edit.end);
}
