// What a person decided about the findings of an account, and the text that follows from it.
//
// Rules of this file: decisions are a value; each function that changes them gives new ones. An accepted doubt
// displaces the edits it overlaps, and they are back as soon as it is not accepted any more; of two doubts at one
// place, one can be accepted.

import { editsWithin } from "./account.js";
import { applied, length, overlap } from "./edits.js";

const NOTHING = Object.freeze({ undone: new Set(), accepted: new Map(), refused: new Set(), displaced: new Set() });

/** No decision yet: the edits are made, the doubts are open. */
export const undecided = () => NOTHING;

/** An edit taken back, or made again: what stands in its way is open again then. */
export function toggled(account, decisions, edit) {
  const { undone, accepted } = copied(decisions);
  if (state(decisions, edit) === "made") {
    undone.add(edit.id);
  } else {
    undone.delete(edit.id);
    reopen(account, accepted, edit);
  }
  return settled(account, { ...decisions, undone, accepted });
}

/** A doubt accepted with the choice of this number, 0 being the likeliest; what overlaps it is open again. */
export function accepting(account, decisions, doubt, choice) {
  const { accepted, refused } = copied(decisions);
  reopen(account, accepted, doubt);
  accepted.set(doubt.id, choice);
  refused.delete(doubt.id);
  return settled(account, { ...decisions, accepted, refused });
}

/** A doubt refused: seen, and left as it stands. */
export function refusing(account, decisions, doubt) {
  const { accepted, refused } = copied(decisions);
  accepted.delete(doubt.id);
  refused.add(doubt.id);
  return settled(account, { ...decisions, accepted, refused });
}

/** A doubt open again. */
export function reopening(account, decisions, doubt) {
  const { accepted, refused } = copied(decisions);
  accepted.delete(doubt.id);
  refused.delete(doubt.id);
  return settled(account, { ...decisions, accepted, refused });
}

/** How a finding stands: an edit is made, undone or displaced, a doubt is open, accepted or refused. */
export function state({ undone, accepted, refused, displaced }, { id, kind }) {
  if (kind === "edit") return displaced.has(id) ? "displaced" : undone.has(id) ? "undone" : "made";
  return accepted.has(id) ? "accepted" : refused.has(id) ? "refused" : "open";
}

/** What stands in the text where the finding is, or null where it is not in the text. */
export function standing(decisions, finding) {
  const how = state(decisions, finding);
  if (how === "accepted") return finding.choices[decisions.accepted.get(finding.id)].text;
  return how === "made" ? finding.after : null;
}

/** The edits that lead from the source to the text as it was decided: in order, none overlap. */
export function making({ findings }, decisions) {
  const edits = [];
  for (const finding of findings) {
    const after = standing(decisions, finding);
    if (after !== null) edits.push({ start: finding.start, end: finding.end, before: finding.before, after });
  }
  return edits;
}

/** The text as it was decided. */
export const text = (account, decisions) => applied(account.source, making(account, decisions));

/** How many code points of the source were changed or taken out, and how many were put in where there were none. */
export function extent(account, decisions) {
  let [changed, inserted] = [0, 0];
  for (const { before, after } of making(account, decisions)) {
    changed += length(before);
    if (!before) inserted += length(after);
  }
  return { changed, inserted };
}

/** How many doubts are open, accepted and refused. */
export function tally({ doubts }, { accepted, refused }) {
  return { open: doubts.length - accepted.size - refused.size, accepted: accepted.size, refused: refused.size };
}

function copied({ undone, accepted, refused }) {
  return { undone: new Set(undone), accepted: new Map(accepted), refused: new Set(refused) };
}

function reopen({ findings }, accepted, finding) {
  for (const id of [...accepted.keys()]) if (overlap(findings[id], finding)) accepted.delete(id);
}

function settled(account, { undone, accepted, refused }) {
  const displaced = new Set();
  for (const id of accepted.keys()) {
    for (const edit of editsWithin(account, account.findings[id])) displaced.add(edit.id);
  }
  return Object.freeze({ undone, accepted, refused, displaced });
}

/** The decisions of a link (`link.js`), made one after the other; what names nothing is left out. */
export function decided(account, { undone, accepted, refused }) {
  const numbered = (kind) => new Map(account[kind].map((finding) => [String(finding.number), finding]));
  const [edits, doubts] = [numbered("edits"), numbered("doubts")];
  let decisions = undecided();
  for (const number of undone) {
    if (edits.has(number)) decisions = toggled(account, decisions, edits.get(number));
  }
  for (const pair of accepted) {
    const [number, choice] = pair.split("-");
    const doubt = doubts.get(number);
    if (doubt?.choices[choice]) decisions = accepting(account, decisions, doubt, Number(choice));
  }
  for (const number of refused) {
    if (doubts.has(number)) decisions = refusing(account, decisions, doubts.get(number));
  }
  return decisions;
}
