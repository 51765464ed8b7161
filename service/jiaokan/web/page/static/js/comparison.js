// Source and text side by side, drawn where they are looked at.
//
// Rules of this file: the rows of a block become elements when the block comes near the window and are given up when it
// is far, so that a megabyte costs what some screens cost. One mark is in the order of the tab key: the current one.

import { firstIndex } from "./edits.js";
import { element, rowElement } from "./marks.js";
import { pieces } from "./pieces.js";
import { blocks, rows } from "./rows.js";
import { slices } from "./slices.js";

// How far from the window a block is drawn, in pixels: a screen and a half, so that scrolling meets no blank.
const NEAR = 1200;
// Pixels of one line, one character and what is not text in a row, for the height of what is not drawn yet.
const SIZE = { line: 30, character: 17, edge: 80 };

/** An account in slices, rows and blocks: what a comparison shows. */
export function laidOut(account) {
  const cuts = slices(account);
  const all = rows(account.source, cuts);
  return { cuts, rows: all, blocks: blocks(all) };
}

/** The rows of an account, as elements below `root`. */
export class Comparison {
  #root;
  #watch;
  #nodes = [];
  #drawn = new Set();
  #shown = null;
  #current = 0;

  constructor(root) {
    this.#root = root;
    this.#watch = new IntersectionObserver((seen) => this.#looked(seen), { rootMargin: `${NEAR}px 0px` });
  }

  /** Show a new account, laid out, in the place of the one before. */
  show(layout, { account, decisions, hidden, tongues }) {
    this.#shown = { ...layout, account, decisions, hidden, tongues };
    this.#current = 0;
    this.#place();
  }

  /** The same account, with other decisions or marks, or in another language. */
  update(changes) {
    Object.assign(this.#shown, changes);
    for (const number of this.#drawn) this.#draw(number);
  }

  /** The number of the finding that is current, or that would be. */
  get current() {
    return this.#current;
  }

  /** The element of a finding that can be focused; it is drawn if it was not, and it is current from now on. */
  stop(id) {
    const block = this.#blockOf(this.#shown.account.findings[id]);
    if (!this.#drawn.has(block)) this.#draw(block);
    this.#current = id;
    this.#mark();
    return this.#root.querySelector(`[data-stop="${id}"]`);
  }

  /** Show which marks belong to the finding `id`; to none if it is null. */
  point(id) {
    for (const mark of this.#root.querySelectorAll(".pointed")) mark.classList.remove("pointed");
    if (id === null) return;
    for (const mark of this.#root.querySelectorAll(`[data-id="${id}"]`)) mark.classList.add("pointed");
  }

  #place() {
    this.#watch.disconnect();
    this.#drawn.clear();
    const most = (this.#root.clientWidth - SIZE.edge) / 2 / SIZE.character;
    this.#nodes = this.#shown.blocks.map((block, number) => {
      const node = element("div", "block");
      node.dataset.number = number;
      node.style.height = `${this.#lines(block, Math.max(8, most)) * SIZE.line}px`;
      return node;
    });
    this.#root.replaceChildren(...this.#nodes);
    this.#nodes.slice(0, 1).forEach((_, number) => this.#draw(number));
    this.#nodes.forEach((node) => this.#watch.observe(node));
  }

  #lines({ from, to }, most) {
    let count = 0;
    for (const { start, end } of this.#shown.rows.slice(from, to)) count += Math.ceil((end - start) / most) || 1;
    return count;
  }

  #looked(seen) {
    for (const { target, isIntersecting, boundingClientRect } of seen) {
      const number = Number(target.dataset.number);
      if (isIntersecting && !this.#drawn.has(number)) this.#draw(number);
      else if (!isIntersecting && this.#drawn.has(number)) this.#leave(number, boundingClientRect.height);
    }
  }

  #draw(number) {
    const { account, blocks, rows, cuts, decisions, hidden, tongues } = this.#shown;
    const made = rows.slice(blocks[number].from, blocks[number].to).map((row) => {
      const parts = pieces(account.source, row, cuts.slice(row.from, row.to), decisions);
      return rowElement(row, parts, hidden, tongues);
    });
    const node = this.#nodes[number];
    node.replaceChildren(...made);
    node.setAttribute("role", "rowgroup");
    node.style.height = "";
    this.#drawn.add(number);
    this.#mark();
  }

  #leave(number, height) {
    const node = this.#nodes[number];
    if (node.contains(document.activeElement)) return;
    node.replaceChildren();
    node.removeAttribute("role");
    node.style.height = `${height}px`;
    this.#drawn.delete(number);
  }

  /** The current mark, or the first drawn one if it is elsewhere, is where the tab key stops. */
  #mark() {
    for (const mark of this.#root.querySelectorAll('[tabindex="0"]')) mark.tabIndex = -1;
    const current = this.#root.querySelector(`[data-stop="${this.#current}"]`);
    const first = current ?? this.#root.querySelector("[data-stop]");
    if (first) first.tabIndex = 0;
  }

  #blockOf(finding) {
    const { cuts, rows, blocks } = this.#shown;
    let slice = firstIndex(cuts, ({ start }) => start >= finding.start);
    while (cuts[slice].finding !== finding) slice++;
    const row = firstIndex(rows, ({ to }) => to > slice);
    return firstIndex(blocks, ({ to }) => to > row);
  }
}
