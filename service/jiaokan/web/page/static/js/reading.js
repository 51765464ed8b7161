// How a person goes through the marks: by pointer, by keyboard, and what the card shows meanwhile.
//
// Rules of this file: single keys mean something only while the focus is on a mark or in the card, so that no key is
// taken from a screen reader or from typing. The card follows the pointer, and goes back to the focused mark.

import { neighbour } from "./account.js";

// Milliseconds after which a card shows, so that it does not flicker along with the pointer, and goes, so that the
// pointer can reach it.
const [SHOWS, GOES] = [80, 250];

/** What the keys and the pointer do in `region`, which holds the comparison and the card. */
export class Reading {
  #region;
  #comparison;
  #card;
  #desk;
  #timer = 0;

  /** `desk` has account, decisions, hidden, tongues, toggle, accept, refuse and reopen. */
  constructor(region, comparison, card, desk) {
    [this.#region, this.#comparison, this.#card, this.#desk] = [region, comparison, card, desk];
    region.addEventListener("pointerover", (event) => this.#pointed(event));
    region.addEventListener("pointerleave", () => this.#later(GOES, () => this.#back()));
    region.addEventListener("click", (event) => this.#clicked(event));
    region.addEventListener("focusin", (event) => this.#focused(event));
    region.addEventListener("focusout", (event) => this.#left(event));
    region.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** Go to the next mark that is `wanted`, or to the one before where `step` is -1, and put the focus there. */
  go(step, wanted = () => true) {
    const { account, hidden } = this.#desk;
    const isShown = (finding) => !hidden.has(finding.fault) && wanted(finding);
    const from = this.#card.isShown || step < 0 || this.#comparison.current ? this.#comparison.current : -1;
    const found = neighbour(account, from, step, isShown);
    if (found) this.focus(found.id);
  }

  /** Put the focus on the mark of a finding, and bring it to where it is seen. */
  focus(id) {
    const mark = this.#comparison.stop(id);
    if (!mark) return;
    mark.scrollIntoView({ block: "nearest" }); // with the margin that CSS gives it
    mark.focus({ preventScroll: true });
  }

  /** Show the card of a finding anew, after something was decided about it; `focused` puts the focus back there. */
  refresh(id, focused) {
    const mark = this.#comparison.stop(id);
    if (focused && mark) mark.focus({ preventScroll: true });
    if (mark) this.#show(id, mark);
  }

  /** The card goes. */
  close() {
    clearTimeout(this.#timer);
    const inCard = this.#region.querySelector("#card").contains(document.activeElement);
    const id = this.#shownId;
    this.#card.hide();
    this.#comparison.point(null);
    if (inCard && id !== null) this.#comparison.stop(id)?.focus({ preventScroll: true });
    if (inCard) this.#card.hide();
  }

  get #shownId() {
    const { of } = this.#region.querySelector("#card").dataset;
    return of === undefined ? null : Number(of);
  }

  #show(id, anchor) {
    const { account, decisions, tongues } = this.#desk;
    this.#card.show(account.findings[id], decisions, anchor, tongues);
    this.#comparison.point(id);
  }

  #later(delay, act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, delay);
  }

  #pointed({ target, pointerType }) {
    if (pointerType === "touch") return; // a touch is a click
    const mark = target.closest("[data-id]");
    if (target.closest("#card")) clearTimeout(this.#timer);
    else if (mark) this.#later(SHOWS, () => this.#show(Number(mark.dataset.id), mark));
    else this.#later(GOES, () => this.#back());
  }

  /** The pointer is on no mark: the card goes back to the focused one, stays if the focus is in it, or goes. */
  #back() {
    const focused = document.activeElement;
    if (focused?.closest("#card")) return;
    if (focused?.dataset.stop) this.#show(Number(focused.dataset.stop), focused);
    else this.close();
  }

  #clicked({ target }) {
    const mark = target.closest("[data-id]");
    if (!mark) return;
    const id = Number(mark.dataset.id);
    this.#comparison.stop(id)?.focus({ preventScroll: true });
    this.#later(0, () => this.#show(id, mark.isConnected ? mark : this.#comparison.stop(id)));
  }

  #focused({ target }) {
    if (!target.dataset.stop) return;
    const id = Number(target.dataset.stop);
    clearTimeout(this.#timer);
    this.#comparison.stop(id);
    this.#show(id, target);
    target.setAttribute("aria-describedby", "evidence");
  }

  #left({ relatedTarget }) {
    if (!relatedTarget || !this.#region.contains(relatedTarget)) this.#later(GOES, () => this.#back());
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const mark = event.target.closest("[data-stop]");
    const inCard = event.target.closest("#card");
    if (!mark && !inCard) return;
    const id = mark ? Number(mark.dataset.stop) : this.#shownId;
    const act = this.#keys(id, Boolean(mark))[event.key] ?? this.#choosing(id, event.key);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #keys(id, onMark) {
    const desk = this.#desk;
    const finding = desk.account.findings[id];
    const [next, previous] = [() => this.go(1), () => this.go(-1)];
    const always = { n: next, p: previous, Escape: () => this.close() };
    const arrows = { ArrowRight: next, ArrowDown: next, ArrowLeft: previous, ArrowUp: previous };
    const enter = { Enter: () => this.#card.enter(), " ": () => this.#card.enter() };
    const accept = finding.choices?.[0] && (() => desk.accept(finding, 0));
    const decide = finding.kind === "edit"
      ? { u: () => desk.toggle(finding) }
      : { a: accept, r: () => desk.refuse(finding), u: () => desk.reopen(finding) };
    return onMark ? { ...always, ...arrows, ...enter, ...decide } : { ...always, ...decide };
  }

  /** A digit takes the choice of this number. */
  #choosing(id, key) {
    const finding = this.#desk.account.findings[id];
    const choice = /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
    return finding.choices?.[choice] ? () => this.#desk.accept(finding, choice) : null;
  }
}
