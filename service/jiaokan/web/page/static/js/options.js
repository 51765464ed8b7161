// The options of the service as controls.

import { CHOICES, DEFAULTS, FAULTS } from "./faults.js";
import { element } from "./marks.js";
import { say } from "./words.js";

const WORDS = { consent: "consent.option" };

/** The controls of the options, in `root`; `changed()` is called when one is set. */
export class Options {
  #root;
  #changed;
  #value = DEFAULTS;

  constructor(root, changed) {
    this.#root = root;
    this.#changed = changed;
    this.dress();
  }

  /** The options as the service takes them. */
  get value() {
    return this.#value;
  }

  set value(options) {
    this.#value = options;
    this.dress();
  }

  /** Build the controls in the language of the page; the one that has the focus keeps it. */
  dress() {
    const focused = this.#root.contains(document.activeElement) ? document.activeElement.name : null;
    const choices = Object.entries(CHOICES).map(([name, values]) => this.#choice(name, values));
    this.#root.replaceChildren(...choices, this.#skips());
    if (focused) this.#root.querySelector(`[name="${focused}"]`).focus();
  }

  #set(change) {
    this.#value = { ...this.#value, ...change };
    this.#changed();
  }

  #choice(name, values) {
    const select = Object.assign(element("select"), { name });
    for (const value of values) {
      const words = say(`${WORDS[name] ?? name}.${value}`);
      select.append(new Option(words, value, false, value === this.#value[name]));
    }
    select.addEventListener("change", () => this.#set({ [name]: select.value }));
    return element("label", "option", element("span", "", say(name)), select);
  }

  #skips() {
    const boxes = FAULTS.map((fault) => {
      const checked = !this.#value.skip.includes(fault);
      const box = Object.assign(element("input"), { type: "checkbox", name: `look-${fault}`, checked });
      box.addEventListener("change", () => this.#set({ skip: this.#skipped() }));
      return element("label", "", box, say(`fault.${fault}`));
    });
    const name = element("span", "", say("look_for"));
    const group = element("div", "option looks", name, element("div", "boxes", ...boxes));
    group.setAttribute("role", "group");
    group.ariaLabel = say("look_for");
    return group;
  }

  #skipped() {
    return FAULTS.filter((fault) => !this.#root.querySelector(`[name="look-${fault}"]`).checked);
  }
}
