// The page: what is opened is asked about, and what is answered is laid on the desk.

import { Asking } from "./asking.js";
import { Desk } from "./desk.js";
import { Input } from "./input.js";
import { fragment, listed, view } from "./link.js";
import { clearTrouble, showTrouble } from "./notice.js";
import { Options } from "./options.js";
import { asDiff, asJson, asText, copy, save, stem } from "./take.js";
import { dress, language, say, speak } from "./words.js";

const part = (id) => document.getElementById(id);

const desk = new Desk();
const asking = new Asking(answered, troubled);
const options = new Options(part("options"), () => ask());
const input = new Input(opened);
let linked = null; // the decisions of the link that was followed, until its answer is there
let answeredFor = null; // the document and the options that the desk shows
let trouble = null;

function opened(document) {
  part("as-text").hidden = true;
  if (!document?.sample && location.hash) history.replaceState(null, "", location.pathname);
  if (document) return ask(Boolean(document.bytes));
  asking.stop();
  busy(false);
  desk.clear();
  settle();
}

function ask(atOnce = true) {
  if (!input.document) return;
  busy(true);
  asking.ask(input.document, options.value, atOnce);
}

async function answered(answer, document, asked) {
  settle();
  if (!(await desk.lay(answer, document.bytes ? null : document.text, asked.script, linked))) return;
  answeredFor = { document, options: asked };
  linked = null;
  part("copy-link").hidden = !document.sample;
  part("as-text").hidden = !input.canEdit(desk.account.source);
  busy(false);
}

function troubled(error, retry = () => ask()) {
  if (!error.kind) throw error;
  busy(false);
  trouble = { error, retry };
  showTrouble(part("notice"), error, retry);
  if (document.activeElement !== part("given")) part("notice").querySelector("input")?.focus(); // not amid typing
}

function settle() {
  trouble = null;
  clearTrouble(part("notice"));
}

function busy(isBusy) {
  part("result").ariaBusy = String(isBusy);
  document.body.classList.toggle("asking", isBusy);
  if (isBusy) part("said").textContent = say("asking");
}

// Samples and links ---------------------------------------------------------------------------------------------

/** Follow the fragment of the address, if it names a sample. */
async function follow() {
  const wanted = view(location.hash);
  if (!wanted) return;
  options.value = wanted.options;
  desk.hidden = wanted.hidden;
  linked = wanted.decisions;
  await openSample(wanted.sample);
}

function pick(name) {
  linked = null;
  history.replaceState(null, "", `#${new URLSearchParams({ sample: name })}`); // so that a reload keeps it
  return openSample(name);
}

async function openSample(name) {
  try {
    if (!(await input.open(name))) troubled({ kind: "sample_missing", name });
  } catch {
    troubled({ kind: "gone" }, () => openSample(name));
  }
}

function address() {
  const { document, options: asked } = answeredFor;
  const decisions = listed(desk.account, desk.decisions);
  const hash = fragment({ sample: document.sample, options: asked, hidden: desk.hidden, decisions });
  return new URL(hash, location.href).href;
}

// What is taken along -------------------------------------------------------------------------------------------

const name = () => answeredFor.document.name ?? "text.txt";
const taking = () => ({ name: name(), options: answeredFor.options });

const TAKEN = {
  text: { parts: () => [asText(desk.account, desk.decisions)], suffix: ".clean.txt", type: "text/plain" },
  json: { parts: () => asJson(desk.account, desk.decisions, taking()), suffix: ".json", type: "application/json" },
  diff: { parts: () => [asDiff(desk.account, desk.decisions, taking())], suffix: ".diff", type: "text/x-diff" },
};

async function take({ parts, suffix, type }) {
  save(await parts(), stem(name()) + suffix, type);
}

async function copied(content, button) {
  const words = say((await copy(content)) ? "copied" : "not_copied");
  part("said").textContent = words;
  button.textContent = words;
  setTimeout(() => (button.textContent = say(button.dataset.say)), 1500); // long enough to read one word
}

// Languages -----------------------------------------------------------------------------------------------------

function inLanguage(tag) {
  if (tag) speak(tag);
  else dress();
  for (const button of document.querySelectorAll("[data-language]")) {
    button.ariaPressed = String(button.dataset.language === language());
  }
  input.dress();
  options.dress();
  desk.redraw();
  if (trouble) showTrouble(part("notice"), trouble.error, trouble.retry);
}

// On a phone the options are folded away: the result should be near.
const narrow = matchMedia("(max-width: 45rem)");
const fold = () => (part("options-box").open = !narrow.matches);
narrow.addEventListener("change", fold);

function start() {
  settle();
  input.load(pick).then(follow, () => troubled({ kind: "gone" }, start));
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => inLanguage(button.dataset.language));
}
for (const [what, taken] of Object.entries(TAKEN)) part(`take-${what}`).addEventListener("click", () => take(taken));
part("copy").addEventListener("click", ({ target }) => copied(asText(desk.account, desk.decisions), target));
part("copy-link").addEventListener("click", ({ target }) => copied(address(), target));
part("as-text").addEventListener("click", () => input.edit(desk.account.source));
addEventListener("hashchange", follow);
inLanguage();
fold();
start();
