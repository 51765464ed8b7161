// The strip above the texts: how the source was read, what it is like, and what was done to it.

import { extent, state, tally } from "./decisions.js";
import { element } from "./marks.js";
import { percent, say } from "./words.js";

const BYTES = 6; // of the lost bytes, so many are shown
const NAMED = 3; // other charsets that are named

/** The fields of the summary of an account as decided: terms and descriptions of one list. */
export function summary(account, decisions) {
  const { answer } = account;
  return [
    field("charset", ...charset(answer)),
    field("scripts", ...scripts(answer.scripts)),
    field("edits", ...edits(account, decisions)),
    field("changed", ...changed(account, decisions)),
    field("losses", ...losses(answer)),
    field("doubts", ...doubts(account, decisions)),
  ];
}

function field(name, ...values) {
  const made = element("div", `field ${name}`, element("dt", "", say(name)), element("dd", "", ...values));
  made.dataset.field = name;
  return made;
}

const value = (words) => element("strong", "", words);
const aside = (words) => element("span", "aside", words);

function charset({ charset, charset_confidence, charset_evidence, runner_up, passages }) {
  if (charset === null) return [value(say("charset_text"))];
  const parts = [value(`${charset.toUpperCase()} ${percent(charset_confidence)}`)];
  if (runner_up) {
    const [name, share] = [runner_up.charset.toUpperCase(), percent(runner_up.confidence)];
    parts.push(aside(say("runner_up", { name, share })));
  }
  const others = [...new Set(passages.map((passage) => passage.charset.toUpperCase()))];
  if (others.length > 1) parts.push(aside(say("charset_several", { names: others.slice(0, NAMED).join(", ") })));
  parts[0].title = charset_evidence;
  return parts;
}

function scripts({ traditional, simplified, common }) {
  const all = traditional + simplified + common;
  if (!all) return [value(say("no_han"))];
  const bar = element("span", "bar");
  bar.ariaHidden = "true";
  const words = Object.entries({ traditional, simplified, common }).map(([name, count]) => {
    const part = element("span", name);
    part.style.flexGrow = count;
    if (count) bar.append(part);
    return element("span", `share ${name}`, say(name, { share: percent(count / all) }));
  });
  return [bar, element("span", "shares", ...words)];
}

function changed(account, decisions) {
  const { changed, inserted } = extent(account, decisions);
  const parts = [value(say("changed_of", { changed, total: account.length }))];
  if (account.length) parts.push(aside(percent(changed / account.length)));
  if (inserted) parts.push(aside(say("inserted", { inserted })));
  return parts;
}

/** How many edits are made, and how many undone or displaced; which faults they are of stands in the legend. */
function edits(account, decisions) {
  const count = account.edits.filter((edit) => state(decisions, edit) !== "made").length;
  const parts = [value((account.edits.length - count).toLocaleString())];
  return count ? [...parts, aside(say("not_made", { count }))] : parts;
}

function losses({ losses }) {
  if (!losses.length) return [value(say("losses_none"))];
  const bytes = losses.flatMap((loss) => loss.bytes.match(/../g));
  const shown = bytes.slice(0, BYTES).map((byte) => byte.toUpperCase()).join(" ");
  return [value(say("losses_some", { count: bytes.length, bytes: shown + (bytes.length > BYTES ? " …" : "") }))];
}

function doubts(account, decisions) {
  if (!account.doubts.length) return [value(say("doubts_none"))];
  const { open, accepted, refused } = tally(account, decisions);
  return [value(account.doubts.length.toLocaleString()), aside(say("doubts_some", { open, accepted, refused }))];
}
