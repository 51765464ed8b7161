// The legend: the faults that were found, how often, and which of them are marked.

import { counted } from "./account.js";
import { FAULTS } from "./faults.js";
import { element } from "./marks.js";
import { say } from "./words.js";

/** The boxes of the legend; `change(fault, isShown)` is called when one is set. */
export function legend(account, hidden, change) {
  const counts = counted(account);
  return FAULTS.filter((fault) => counts[fault]).map((fault) => entry(fault, counts[fault], hidden, change));
}

function entry(fault, { edit, doubt }, hidden, change) {
  const box = Object.assign(element("input"), { type: "checkbox", checked: !hidden.has(fault), name: fault });
  box.addEventListener("change", () => change(fault, box.checked));
  const name = element("span", `name ${fault}`, say(`fault.${fault}`));
  const whole = element("label", `entry ${fault}`, box, name);
  if (edit) whole.append(element("span", "count", edit.toLocaleString()));
  if (doubt) whole.append(element("span", "count open", `${doubt.toLocaleString()}?`));
  whole.title = say("edits_and_doubts", { edits: edit, doubts: doubt });
  whole.dataset.fault = fault;
  return whole;
}
