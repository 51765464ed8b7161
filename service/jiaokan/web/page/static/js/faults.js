// The faults and the options of the service, as docs/http.md lists them: the page's own copy of these names.

/** In the order in which they are repaired. */
export const FAULTS = Object.freeze(["transcoding", "alignment", "annotation", "codepoints", "script", "gaps"]);

/** The options with one value each; the first is what the service takes when none is given. */
export const CHOICES = Object.freeze({
  script: ["simplified", "simplified-cn", "keep"],
  punctuation: ["keep", "fullwidth"],
  consent: ["probable", "certain", "suggested"],
});

/** The options when nothing was chosen. */
export const DEFAULTS = Object.freeze({ script: "simplified", punctuation: "keep", consent: "probable", skip: [] });
