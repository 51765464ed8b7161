// What the page says, in Chinese and in English.
//
// Rules of this file: words are the same keys in both languages; `{name}` in one is replaced by what is given. The
// names of faults, consents and states are those of docs/glossary.md. Evidence comes from the service, in English.

import { en } from "./words-en.js";
import { zh } from "./words-zh.js";

const ALL = { zh, en };
const REMEMBERED = "jiaokan.language";
const TAGS = { zh: "zh-Hans", en: "en" };

let current = first();

/** The language that was chosen last, else the first of the browser's that is known here, else English. */
function first() {
  const remembered = stored();
  if (remembered in ALL) return remembered;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in ALL) ?? "en";
}

function stored() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** "zh" or "en". */
export const language = () => current;

/** Speak `tag` from now on. */
export function speak(tag) {
  current = tag;
  try {
    localStorage.setItem(REMEMBERED, tag);
  } catch {
    // a browser that keeps nothing: the choice lasts as long as the page
  }
  dress();
}

/** The words for `key`, with the numbers and names in `given` put in. */
export function say(key, given = {}) {
  return ALL[current][key].replace(/\{(\w+)\}/g, (_, name) => shown(given[name]));
}

const shown = (value) => (typeof value === "number" ? value.toLocaleString(TAGS[current]) : value);

/** A share from 0 to 1 as a percentage; what is neither none nor all never looks so. */
export function percent(share) {
  const digits = share > 0 && share < 0.1 ? 1 : 0;
  const format = new Intl.NumberFormat(TAGS[current], { style: "percent", maximumFractionDigits: digits });
  if (share > 0 && share < 0.001) return `< ${format.format(0.001)}`;
  return format.format(share > 0.99 && share < 1 ? 0.99 : share);
}

/** Put the words into the document wherever an attribute asks for them. */
export function dress() {
  document.documentElement.lang = TAGS[current];
  document.title = say("title");
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of document.querySelectorAll("[data-label]")) node.ariaLabel = say(node.dataset.label);
  for (const node of document.querySelectorAll("[data-hint]")) node.title = say(node.dataset.hint);
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = say(node.dataset.placeholder);
}
