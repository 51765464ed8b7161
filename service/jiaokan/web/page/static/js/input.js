// What is to be repaired: typed, pasted, dropped, or one of the samples.
//
// Rules of this file: a document is {name, text} or {name, bytes, sample}; bytes are handed on as they are, so that any
// charset is read by the service and none by the browser. What was typed stays in its field whatever is opened.

import { element } from "./marks.js";
import { language, say } from "./words.js";

// UTF-16 units. A field this long still takes a key in a blink; what is longer is shown as a document of its own.
const LONG = 50_000;

/** A file of the page; throws if it cannot be had. */
async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

const part = (id) => document.getElementById(id);

/** The field, the file button, the samples, and the name of what is open. */
export class Input {
  #opened;
  #document = null;
  #samples = [];

  /** `opened(document)` is called with each new document, and with null when there is none any more. */
  constructor(opened) {
    this.#opened = opened;
    part("given").addEventListener("input", () => this.#typed());
    part("given").addEventListener("paste", (event) => this.#pasted(event));
    part("file").addEventListener("change", ({ target }) => this.#chosen(target));
    part("remove").addEventListener("click", () => this.#typed(true));
    this.#takeDrops();
  }

  get document() {
    return this.#document;
  }

  /** Load the list of samples and show a button for each. */
  async load(pick) {
    this.#samples = await (await fetched("page/samples/index.json")).json();
    for (const { name } of this.#samples) {
      const button = Object.assign(element("button", "sample"), { type: "button" });
      button.dataset.sample = name;
      button.addEventListener("click", () => pick(name));
      part("samples").append(button);
    }
    this.dress();
  }

  /** Open a sample; false if there is none of this name. */
  async open(name) {
    const sample = this.#samples.find((each) => each.name === name);
    if (!sample) return false;
    const answer = await fetched(`page/samples/${sample.file}`);
    this.#take({ name: sample.file, bytes: await answer.arrayBuffer(), sample: name });
    return true;
  }

  /** The document as text in the field, to be edited there. */
  edit(text) {
    part("given").value = text;
    this.#typed(true);
  }

  /** Whether a text is short enough to be edited. */
  canEdit = (text) => text.length <= LONG;

  /** Name everything in the language of the page. */
  dress() {
    for (const button of part("samples").children) {
      const { name, title } = this.#samples.find((each) => each.name === button.dataset.sample);
      button.textContent = title[language()];
      button.ariaPressed = String(this.#document?.sample === name);
    }
    if (this.#document) part("document-name").textContent = this.#title(this.#document);
  }

  #title({ name, text, bytes }) {
    const size = bytes
      ? say("units_bytes", { count: bytes.byteLength })
      : say("units_characters", { count: text.length });
    return say("document", { name: name ?? say("pasted"), size });
  }

  #typed(focus = false) {
    const field = part("given");
    if (field.value.length > LONG) {
      const text = field.value;
      field.value = "";
      this.#take({ name: null, text });
      return;
    }
    this.#take(field.value ? { name: "text.txt", text: field.value, typed: true } : null);
    if (focus) field.focus();
  }

  #pasted(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length <= LONG) return;
    event.preventDefault();
    this.#take({ name: null, text });
  }

  async #chosen(field) {
    const [file] = field.files;
    if (file) await this.#read(file);
    field.value = ""; // so that the same file can be chosen again after it was changed
  }

  async #read(file) {
    this.#take({ name: file.name, bytes: await file.arrayBuffer() });
  }

  #take(taken) {
    this.#document = taken;
    const inField = !taken || taken.typed;
    part("given").hidden = !inField;
    part("document").hidden = inField;
    this.dress();
    this.#opened(taken);
  }

  #takeDrops() {
    const hasFile = ({ dataTransfer }) => dataTransfer.types.includes("Files");
    const show = (isOver) => (part("drop").hidden = !isOver);
    addEventListener("dragover", (event) => hasFile(event) && (event.preventDefault(), show(true)));
    addEventListener("dragleave", (event) => event.relatedTarget === null && show(false));
    addEventListener("drop", (event) => {
      show(false);
      if (!hasFile(event)) return;
      event.preventDefault();
      if (event.dataTransfer.files.length) this.#read(event.dataTransfer.files[0]);
    });
  }
}
