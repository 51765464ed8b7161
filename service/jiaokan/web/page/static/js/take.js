// What can be taken along: the text, the account as JSON, the unified diff.
//
// Rules of this file: what is taken holds the decisions. Everything is made in the browser, when it is asked for.

import { pause } from "./asking.js";
import { making, standing, state, tally, text } from "./decisions.js";
import { unified } from "./unified.js";

const PART = 5000; // edits that are written as JSON at a time

/** The text as decided. */
export const asText = (account, decisions) => text(account, decisions);

/** In parts: the answer of the service, the source, the options, the decisions, and the text that follows from them. */
export async function asJson(account, decisions, { name, options }) {
  const findings = account.findings.filter((finding) => !["made", "open"].includes(state(decisions, finding)));
  const taken = findings.map((finding) => decision(finding, decisions));
  const whole = {
    name,
    options,
    source: account.source,
    text: text(account, decisions),
    decisions: taken,
    doubts: tally(account, decisions),
    answer: { ...account.answer, edits: undefined },
  };
  // The edits of a megabyte take a second to write: by thousands, with room for a key between them.
  const head = JSON.stringify(whole).slice(0, -"}}".length);
  const parts = [];
  for (let at = 0; at < account.answer.edits.length; at += PART) {
    parts.push(at ? "," : "", JSON.stringify(account.answer.edits.slice(at, at + PART)).slice(1, -1));
    await pause();
  }
  return [head, ',"edits":[', ...parts, "]}}\n"];
}

/** One decision: which edit or doubt of the answer, and how it stands; of an accepted one, what it put in. */
function decision(finding, decisions) {
  const how = { [finding.kind]: finding.number, state: state(decisions, finding) };
  return how.state === "accepted" ? { ...how, after: standing(decisions, finding) } : how;
}

/** The way from the source to the text, for `patch`. */
export function asDiff(account, decisions, { name }) {
  return unified(account.source, making(account, decisions), name, `${stem(name)}.clean.txt`);
}

/** A name without its folder and suffix, safe in a header of a diff. */
export const stem = (name) => name.replace(/[\s/\\]+/g, "-").replace(/\.[^.]*$/, "") || "text";

/** Save `parts`, one string after the other, as a file. */
export function save(parts, name, type) {
  const address = URL.createObjectURL(new Blob(parts, { type: `${type};charset=utf-8` }));
  const anchor = Object.assign(document.createElement("a"), { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser has read it long before
}

/** Put `content` on the clipboard; false if the browser does not allow it. */
export async function copy(content) {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    return copiedBySelection(content); // on an address without TLS there is no clipboard
  }
}

function copiedBySelection(content) {
  const field = Object.assign(document.createElement("textarea"), { value: content });
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return done;
}
