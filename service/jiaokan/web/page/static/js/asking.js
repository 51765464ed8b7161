// When the service is asked: soon after the last key, and never for what is not wanted any more.

import { repair } from "./ask.js";

// Milliseconds after the last change until the service is asked: less would ask amid a word, more would be felt. A long
// text takes longer to repair, so it is asked about less often: half a second more for each 200,000 characters.
const SOON = 250;
const LONGER = 0.0025;

/** One question at a time: a new one puts an end to the one before. */
export class Asking {
  #timer = 0;
  #question = new AbortController();
  #answered;
  #troubled;

  /** `answered(answer, document, options)` or `troubled(error)` is called, unless the question was overtaken. */
  constructor(answered, troubled) {
    this.#answered = answered;
    this.#troubled = troubled;
  }

  /** Forget the question that is under way. */
  stop() {
    clearTimeout(this.#timer);
    this.#question.abort();
  }

  /** Ask about `document` as soon as nothing changes any more, or at once. */
  ask(document, options, atOnce = false) {
    this.stop();
    const length = document.text?.length ?? 0;
    const pause = atOnce ? 0 : SOON + length * LONGER;
    this.#question = new AbortController();
    const { signal } = this.#question;
    this.#timer = setTimeout(() => this.#put(document, options, signal), pause);
  }

  async #put(document, options, signal) {
    try {
      const answer = await repair(document, options, signal);
      await pause(); // an answer of many megabytes was parsed: let the page breathe before it is drawn
      if (!signal.aborted) await this.#answered(answer, document, options);
    } catch (error) {
      if (!signal.aborted) this.#troubled(error);
    }
  }
}

/** Let what waits, keys above all, go first. */
export const pause = () => new Promise((resume) => setTimeout(resume));
