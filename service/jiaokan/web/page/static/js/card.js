// The card of a finding: what it was, what it became, why, how sure, and what can be decided about it.
//
// Rules of this file: the card shows and asks, and decides nothing; what is chosen goes to `on`. It stays while the
// pointer or the focus is in it.

import { state } from "./decisions.js";
import { element, tokens } from "./marks.js";
import { seenWhole } from "./unseen.js";
import { percent, say } from "./words.js";

const MOST = 400; // UTF-16 units of either side that a card shows
const GAP = 6; // pixels between a mark and its card

/** The card, in the element `root`, which stands in what scrolls with the text. */
export class Card {
  #root;
  #on;

  /** `on` has toggle(finding), accept(finding, choice), refuse(finding), reopen(finding) and close(). */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
  }

  /** Show `finding` at `anchor`. */
  show(finding, decisions, anchor, tongues) {
    const parts = [this.#head(finding, decisions), change(finding, tongues), ...evidence(finding)];
    this.#root.replaceChildren(...parts, ...this.#controls(finding, decisions));
    this.#root.hidden = false;
    this.#root.dataset.of = finding.id;
    this.#root.ariaLabel = say("details");
    this.#place(anchor);
  }

  hide() {
    this.#root.hidden = true;
  }

  get isShown() {
    return !this.#root.hidden;
  }

  /** Put the focus on the first control. */
  enter() {
    this.#root.querySelector(".controls button").focus();
  }

  #head(finding, decisions) {
    const close = button("×", "close", () => this.#on.close());
    close.ariaLabel = say("close");
    const name = element("strong", `fault ${finding.fault}`, say(`fault.${finding.fault}`));
    const sure = `${say(`consent.${finding.consent}`)} · ${percent(finding.confidence)}`;
    const how = element("span", `how ${state(decisions, finding)}`, say(`state.${state(decisions, finding)}`));
    return element("div", "head", name, element("span", "sure", sure), how, close);
  }

  #controls(finding, decisions) {
    if (finding.kind === "edit") return [controls(this.#toggle(finding, decisions)), keys("keys_edit")];
    const parts = finding.choices.length
      ? [label(), this.#choices(finding, decisions)]
      : [element("p", "aside", say("no_choice"))];
    return [...parts, controls(...this.#refusal(finding, decisions)), keys("keys_doubt")];
  }

  #toggle(finding, decisions) {
    return button(say(state(decisions, finding) === "made" ? "undo" : "redo"), "", () => this.#on.toggle(finding));
  }

  #choices(finding, decisions) {
    const buttons = finding.choices.map(({ text, confidence }, number) => {
      const shown = text ? tokens(text.slice(0, MOST), true, seenWhole) : [say("nothing")];
      const words = element("span", "words", ...shown);
      words.lang = "zh-Hans";
      const made = button("", "choice", () => this.#on.accept(finding, number));
      made.append(element("span", "verb", say("accept")), words, element("span", "share", percent(confidence)));
      return pressed(made, decisions.accepted.get(finding.id) === number);
    });
    const list = element("div", "controls choices", ...buttons);
    list.setAttribute("role", "group");
    list.ariaLabel = say("choices");
    return list;
  }

  #refusal(finding, decisions) {
    const refuse = button(say("refuse"), "", () => this.#on.refuse(finding));
    const reopen = button(say("reopen"), "", () => this.#on.reopen(finding));
    reopen.hidden = state(decisions, finding) === "open";
    return [pressed(refuse, state(decisions, finding) === "refused"), reopen];
  }

  /**
   * Below the mark, or above it where the window ends there and the tools are not covered; within the page from side to
   * side. On a phone, CSS decides.
   */
  #place(anchor) {
    const mark = anchor.getClientRects()[0] ?? anchor.getBoundingClientRect();
    const frame = this.#root.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0, width: innerWidth };
    const { offsetWidth: width, offsetHeight: height } = this.#root;
    const roof = Math.max(0, frame.top, document.getElementById("tools").getBoundingClientRect().bottom);
    const below = mark.bottom + GAP + height <= innerHeight || mark.top - GAP - height < roof;
    const left = Math.max(0, Math.min(mark.left - frame.left, frame.width - width));
    const top = below ? mark.bottom + GAP : mark.top - GAP - height;
    this.#root.style.left = `${left}px`;
    this.#root.style.top = `${top - frame.top}px`;
  }
}

function change(finding, tongues) {
  const arrow = element("span", "arrow", "→");
  arrow.setAttribute("role", "img");
  arrow.ariaLabel = say("became");
  return element("p", "change", side(finding.before, tongues.source), arrow, side(finding.after, tongues.text));
}

function side(text, tongue) {
  if (!text) return element("span", "none", say("nothing"));
  const made = element("span", "words", ...tokens(text.slice(0, MOST), true, seenWhole));
  made.lang = tongue;
  if (text.length > MOST) made.append(say("more", { count: text.length - MOST }));
  return made;
}

function evidence(finding) {
  const words = element("p", "evidence", ...tokens(finding.evidence));
  words.lang = "en";
  words.id = "evidence";
  return [words];
}

const label = () => element("p", "aside", say("choices"));
const controls = (...buttons) => element("div", "controls", ...buttons);
const keys = (key) => element("p", "keys", say(key));

function button(words, classes, act) {
  const made = element("button", classes, words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function pressed(made, isPressed) {
  made.ariaPressed = String(isPressed);
  return made;
}
