// Rows, marks and tokens as elements.
//
// Rules of this file: a text becomes text nodes and nothing else. The mark in the text is the one that can be focused;
// that in the source shows the same place. Colour never tells a fault alone: each has an underline of its own, and a
// doubt a dashed frame with a sign.

import { seen } from "./unseen.js";
import { say } from "./words.js";

const SIGNS = { open: "?", accepted: "✓", refused: "×" };
const QUOTED = 20; // characters of either side in the name of a mark

/** An element with classes and children. */
export function element(tag, classes = "", ...children) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}

/** A row of the comparison: `pieces` as in pieces.js, `hidden` the faults whose marks are not shown. */
export function rowElement({ line, begins }, pieces, hidden, tongues) {
  const row = element("div", "row", cell("number", begins ? String(line) : "↪"));
  for (const side of ["source", "text"]) {
    const made = cell(`cell ${side}`, ...contents(pieces, side, hidden));
    made.lang = tongues[side];
    row.append(made);
  }
  row.setAttribute("role", "row");
  if (!pieces.some((piece) => piece.slice && !hidden.has(piece.slice.finding.fault))) row.classList.add("same");
  return row;
}

function cell(classes, ...children) {
  const made = element("div", classes, ...children);
  made.setAttribute("role", "cell");
  return made;
}

function contents(pieces, side, hidden) {
  const nodes = pieces.flatMap((piece) => {
    if (!piece.slice) return tokens(piece.kept);
    const bare = hidden.has(piece.slice.finding.fault);
    if (piece.inner) return bare ? inside(piece, side, hidden) : [doubt(piece, side, hidden)];
    return bare ? tokens(piece[side]) : [edit(piece, side)];
  });
  const last = nodes.at(-1); // the break that ends a row shows itself
  if (last?.nodeType === Node.TEXT_NODE) last.data = last.data.replace(/\n$/, "");
  return nodes;
}

/** What stands at the place of a doubt. */
function inside(piece, side, hidden) {
  if (side === "text" && piece.text !== null) return tokens(piece.text);
  return contents(piece.inner, side, hidden);
}

function edit(piece, side) {
  const shown = piece[side];
  const went = side === "source" && piece.state === "made";
  const mark = element(went ? "del" : side === "text" ? "ins" : "span", "mark", ...tokens(shown, true));
  if (!shown) mark.classList.add("nil");
  return labelled(mark, piece, side === "text");
}

function doubt(piece, side, hidden) {
  const flag = element("span", "flag", SIGNS[piece.state]);
  const frame = element("span", "doubt", ...inside(piece, side, hidden));
  if (piece.slice.part === 0) frame.prepend(flag);
  labelled(frame, piece, false);
  if (side === "text") stop(flag, piece);
  else flag.ariaHidden = "true";
  return frame;
}

function labelled(mark, piece, focusable) {
  const { finding, part } = piece.slice;
  mark.classList.add(finding.fault, piece.state);
  mark.dataset.id = finding.id;
  if (focusable && part === 0) stop(mark, piece);
  return mark;
}

/** Make `mark` a place that the keyboard stops at. One at a time is in the order of the tab key: see comparison.js. */
function stop(mark, { slice: { finding }, state }) {
  mark.dataset.stop = finding.id;
  mark.tabIndex = -1;
  mark.setAttribute("role", "button");
  const [before, after] = [finding.before, finding.choices?.[0]?.text ?? finding.after].map(quoted);
  mark.ariaLabel = say("mark", { before, after, fault: say(`fault.${finding.fault}`), state: say(`state.${state}`) });
}

function quoted(text) {
  if (!text) return say("nothing");
  const cut = text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
  return seen(cut).map(({ plain, code }) => plain ?? code).join("");
}

/**
 * A text as nodes, with a box for each character that nobody sees.
 *
 * Where it is `marked`, line breaks have one too; `named` says what else: with `seenWhole`, a text of blanks alone.
 */
export function tokens(text, marked = false, named = seen) {
  if (!text) return [];
  const ended = text.replace(/\r(?=\n)/g, ""); // the break itself is one, whichever way it is written
  const shown = marked ? breaks : (plain) => [plain];
  const nodes = named(ended).flatMap((piece) => (piece.code ? [token(piece)] : shown(piece.plain)));
  return nodes.map((node) => (typeof node === "string" ? document.createTextNode(node) : node));
}

/** The character stays in the text, so that what is selected and copied is what stands there. */
function token({ character, code, name }) {
  const box = element("span", "token", character);
  box.dataset.name = `${code} ${name}`;
  return box;
}

function breaks(text) {
  if (!text.includes("\n")) return [text];
  const parts = text.split("\n");
  const sign = () => [Object.assign(element("span", "break"), { ariaHidden: "true" }), "\n"];
  return parts.flatMap((part, number) => (number ? [...sign(), part] : [part])).filter(Boolean);
}
