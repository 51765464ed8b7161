// What went wrong, in words, and the way on.
//
// Rules of this file: nothing that a person gave is touched; each trouble offers to try again.

import { hasToken, keepToken } from "./ask.js";
import { element } from "./marks.js";
import { say } from "./words.js";

/** Show a trouble in `root`; `retry()` asks again. */
export function showTrouble(root, trouble, retry) {
  const parts = trouble.kind === "token" ? tokenForm(trouble, retry) : told(trouble, retry);
  root.replaceChildren(...parts);
  root.hidden = false;
}

/** Nothing is wrong, or not any more. */
export function clearTrouble(root) {
  root.hidden = true;
  root.replaceChildren();
}

function told(trouble, retry) {
  const { kind, status, wait } = trouble;
  const words = element("p", "", say(kind, { ...trouble, status: String(status) }));
  if (Number.isFinite(wait)) words.append(` ${say("retry_after", { seconds: wait })}`);
  return kind === "sample_missing" ? [words] : [words, button(say("retry"), retry)];
}

function tokenForm({ detail }, retry) {
  const field = element("input");
  Object.assign(field, { type: "password", name: "token", autocomplete: "off", required: true });
  const send = Object.assign(button(say("token_use")), { type: "submit" });
  const form = element("form", "", element("label", "", `${say("token")} `, field), send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keepToken(field.value.trim());
    retry();
  });
  const reason = element("span", "aside", detail);
  reason.lang = "en";
  const words = element("p", "", `${say(hasToken() ? "token_wrong" : "token_wanted")} `, reason);
  return [words, form, element("p", "aside", say("token_kept"))];
}

function button(words, act = () => {}) {
  const made = Object.assign(element("button", "", words), { type: "button" });
  made.addEventListener("click", act);
  return made;
}
