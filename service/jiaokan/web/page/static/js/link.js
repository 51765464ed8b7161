// The view of a sample as the fragment of an address, and back.
//
// Rules of this file: a link holds names and numbers only, never a text. What is as usual is left out; what a link asks
// for that is not known is as usual.

import { CHOICES, DEFAULTS, FAULTS } from "./faults.js";

/** The fragment for a view {sample, options, hidden, decisions}; decisions go by the number of edits and doubts. */
export function fragment({ sample, options, hidden, decisions }) {
  const query = new URLSearchParams({ sample });
  for (const name of Object.keys(CHOICES)) if (options[name] !== DEFAULTS[name]) query.set(name, options[name]);
  const lists = { skip: options.skip, hide: [...hidden], ...decisions };
  for (const [name, list] of Object.entries(lists)) if (list.length) query.set(name, list.join("."));
  return `#${query}`;
}

/** The view a fragment asks for, or null if it names no sample. */
export function view(hash) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const sample = query.get("sample");
  if (!sample) return null;
  const list = (name) => (query.get(name) ?? "").split(".").filter(Boolean);
  const known = (name) => list(name).filter((fault) => FAULTS.includes(fault));
  const choice = ([name, values]) => [name, values.includes(query.get(name)) ? query.get(name) : DEFAULTS[name]];
  return {
    sample,
    options: { ...Object.fromEntries(Object.entries(CHOICES).map(choice)), skip: known("skip") },
    hidden: new Set(known("hide")),
    decisions: { undone: list("undone"), accepted: list("accepted"), refused: list("refused") },
  };
}

/** Decisions as lists for a link: an accepted doubt is its number and, after a hyphen, that of its choice. */
export function listed({ findings }, { undone, accepted, refused }) {
  const number = (id) => findings[id].number;
  return {
    undone: [...undone].map(number),
    accepted: [...accepted].map(([id, choice]) => `${number(id)}-${choice}`),
    refused: [...refused].map(number),
  };
}
