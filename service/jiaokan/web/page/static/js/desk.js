// The desk: one repair as it lies before a person, with what was decided and what is marked.
//
// Rules of this file: it holds the only state that changes; each change is shown at once, on the client.

import { account } from "./account.js";
import { pause } from "./asking.js";
import { Card } from "./card.js";
import { Comparison, laidOut } from "./comparison.js";
import { accepting, decided, refusing, reopening, state, toggled, undecided } from "./decisions.js";
import { legend } from "./legend.js";
import { Reading } from "./reading.js";
import { summary } from "./summary.js";
import { say } from "./words.js";

const part = (id) => document.getElementById(id);

/** The result on the page. */
export class Desk {
  account = null;
  decisions = undecided();
  hidden = new Set();
  tongues = {};
  #turn = 0;
  #comparison = new Comparison(part("rows"));
  #card = new Card(part("card"), {
    toggle: (finding) => this.toggle(finding),
    accept: (finding, choice) => this.#choose(finding, choice),
    refuse: (finding) => this.#refuseOrNot(finding),
    reopen: (finding) => this.reopen(finding),
    close: () => this.#reading.close(),
  });
  #reading = new Reading(document.querySelector(".texts"), this.#comparison, this.#card, this);

  constructor() {
    part("next").addEventListener("click", () => this.#reading.go(1));
    part("previous").addEventListener("click", () => this.#reading.go(-1));
    part("next-doubt").addEventListener("click", () => this.#reading.go(1, (finding) => finding.kind === "doubt"));
  }

  /**
   * Lay an answer on the desk; `given` is the source text if it was one, `lists` the decisions of a link.
   *
   * A long one is laid in steps, with room for a key between them; false if another came in between.
   */
  async lay(answer, given, script, lists) {
    const turn = ++this.#turn;
    const laid = account(answer, given);
    await pause();
    const layout = laidOut(laid);
    await pause();
    if (turn !== this.#turn) return false;
    this.account = laid;
    this.decisions = lists ? decided(laid, lists) : undecided();
    this.tongues = tongues(answer.scripts, script);
    this.#reading.close();
    part("result").hidden = false;
    this.#comparison.show(layout, this);
    this.dress();
    this.#say();
    return true;
  }

  /** There is nothing on the desk. */
  clear() {
    this.#turn++;
    this.account = null;
    this.#reading.close();
    part("result").hidden = true;
    part("said").textContent = "";
  }

  toggle(finding) {
    this.#decide(toggled(this.account, this.decisions, finding), finding);
  }

  accept(finding, choice) {
    this.#decide(accepting(this.account, this.decisions, finding, choice), finding);
  }

  refuse(finding) {
    this.#decide(refusing(this.account, this.decisions, finding), finding);
  }

  reopen(finding) {
    this.#decide(reopening(this.account, this.decisions, finding), finding);
  }

  /** Everything but the rows in the language of the page, and the rows as well. */
  dress() {
    if (!this.account) return;
    const { findings, doubts, edits } = this.account;
    part("summary").replaceChildren(...summary(this.account, this.decisions));
    const mark = (fault, isShown) => this.#mark(fault, isShown);
    part("legend").replaceChildren(...legend(this.account, this.hidden, mark));
    part("clean").hidden = findings.length > 0;
    part("clean").textContent = say(this.account.answer.losses.length ? "clean_but_lost" : "clean");
    for (const id of ["previous", "next"]) part(id).disabled = !findings.length;
    part("next-doubt").disabled = !doubts.length;
    part("take-diff").disabled = !edits.length && !doubts.length;
  }

  /** Draw all anew, after the language was changed. */
  redraw() {
    if (!this.account) return;
    this.#reading.close();
    this.#comparison.update({});
    this.dress();
  }

  /** A press on what is pressed already takes it back. */
  #choose(finding, choice) {
    if (this.decisions.accepted.get(finding.id) === choice) this.reopen(finding);
    else this.accept(finding, choice);
  }

  #refuseOrNot(finding) {
    if (state(this.decisions, finding) === "refused") this.reopen(finding);
    else this.refuse(finding);
  }

  #decide(decisions, finding) {
    const onMark = Boolean(document.activeElement?.dataset?.stop);
    const pressed = controlNumber();
    this.decisions = decisions;
    this.#comparison.update({ decisions });
    part("summary").replaceChildren(...summary(this.account, decisions));
    this.#reading.refresh(finding.id, onMark);
    if (pressed >= 0) part("card").querySelectorAll("button:not([hidden])")[pressed]?.focus();
    part("said").textContent = `${say(`state.${state(decisions, finding)}`)}`;
  }

  #mark(fault, isShown) {
    const hidden = new Set(this.hidden);
    if (isShown) hidden.delete(fault);
    else hidden.add(fault);
    this.hidden = hidden;
    this.#reading.close();
    this.#comparison.update({ hidden });
  }

  #say() {
    const { edits, doubts } = this.account;
    const found = { edits: edits.length, doubts: doubts.length };
    part("said").textContent = edits.length || doubts.length ? say("said", found) : part("clean").textContent;
  }
}

/** Which button of the card has the focus: the card is made anew, and its successor gets it. */
function controlNumber() {
  return [...part("card").querySelectorAll("button:not([hidden])")].indexOf(document.activeElement);
}

/** The languages of source and text: by the characters of one script alone, for the fonts and for voices. */
function tongues({ traditional, simplified }, script) {
  const source = traditional > simplified ? "zh-Hant" : "zh-Hans";
  return { source, text: script === "keep" ? source : "zh-Hans" };
}
