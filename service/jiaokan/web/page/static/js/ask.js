// One question to the service, and what can go wrong with it.
//
// Rules of this file: a question names no host but the page's own. What goes wrong is a `Trouble`; its `detail` is
// for a person. The token lives as long as the tab, and goes nowhere but into the Authorization header.

const TOKEN = "jiaokan.token";

/** A question that was not answered: `kind` is "gone", "token" or "failed". */
export class Trouble extends Error {
  constructor(kind, { status = 0, detail = "", wait = null } = {}) {
    super(detail || kind);
    Object.assign(this, { kind, status, detail, wait });
  }
}

/** Send this token from now on. */
export const keepToken = (token) => sessionStorage.setItem(TOKEN, token);

/** Whether a token is sent. */
export const hasToken = () => sessionStorage.getItem(TOKEN) !== null;

/** The answer of POST /v1/repair for `document`, which is {text} or {bytes}. Throws Trouble, or what `signal` says. */
export async function repair(document, options, signal) {
  const [body, type, query] = document.bytes ? raw(document, options) : json(document, options);
  const headers = { "Content-Type": type, Accept: "application/json" };
  if (hasToken()) headers.Authorization = `Bearer ${sessionStorage.getItem(TOKEN)}`;
  const answer = await sent(`v1/repair${query}`, { method: "POST", body, headers, signal });
  if (!answer.ok) throw await trouble(answer);
  return parsed(answer, signal);
}

function json({ text }, options) {
  return [JSON.stringify({ text, ...options }), "application/json", ""];
}

function raw({ bytes }, { skip, ...options }) {
  const query = new URLSearchParams([...Object.entries(options), ...skip.map((fault) => ["skip", fault])]);
  return [bytes, "application/octet-stream", `?${query}`];
}

async function sent(path, request) {
  try {
    return await fetch(path, { ...request, cache: "no-store", credentials: "same-origin", redirect: "error" });
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Trouble("gone");
  }
}

async function parsed(answer, signal) {
  try {
    return await answer.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Trouble(error instanceof SyntaxError ? "unreadable" : "gone");
  }
}

/** What an answer that is none says: the problem JSON, if it is that. */
async function trouble(answer) {
  const problem = await answer.json().catch(() => ({}));
  const detail = problem.detail || problem.title || answer.statusText;
  return new Trouble(answer.status === 401 ? "token" : "failed", { status: answer.status, detail, wait: wait(answer) });
}

/** Seconds that Retry-After asks for, which is a number or a date; null if it does not. */
function wait(answer) {
  const asked = answer.headers.get("Retry-After");
  if (!asked) return null;
  const seconds = /^\d+$/.test(asked) ? Number(asked) : Math.ceil((Date.parse(asked) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
