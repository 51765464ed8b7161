// Characters that nobody sees, and the names they are shown by.
//
// Rules of this file: what is named is what a font draws as nothing, as a box, or not in its place: controls, format
// and direction characters, private use, unassigned, lone surrogates, blanks that are no ordinary blank, and U+FFFD.
// Names are the abbreviations of the Unicode Standard (NamesList, ASCII control names), in either language.

// Line breaks and the tab are what they look like, and U+3000 is how Chinese indents.
const UNSEEN = /(?![\t\n])[\p{C}\p{Zl}\p{Zp}\p{DI}\u00a0\u2000-\u200a\u202f\u205f\u2800\ufffd]/u;
const PARTED = new RegExp(`(${UNSEEN.source})`, "u");

const CONTROLS = (
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
).split(" ");

const NAMES = new Map([
  ...CONTROLS.map((name, code) => [code, name]),
  ...[[0x7f, "DEL"], [0x85, "NEL"], [0xa0, "NBSP"], [0xad, "SHY"], [0x34f, "CGJ"], [0x61c, "ALM"], [0x180e, "MVS"]],
  ...[[0x20, "SP"], [0x3000, "IDSP"]],
  ...[[0x2002, "ENSP"], [0x2003, "EMSP"], [0x2007, "FSP"], [0x2009, "THSP"], [0x200a, "HSP"]],
  ...[[0x200b, "ZWSP"], [0x200c, "ZWNJ"], [0x200d, "ZWJ"], [0x200e, "LRM"], [0x200f, "RLM"]],
  ...[[0x2028, "LSEP"], [0x2029, "PSEP"], [0x202f, "NNBSP"], [0x205f, "MMSP"], [0x2060, "WJ"]],
  ...[[0x202a, "LRE"], [0x202b, "RLE"], [0x202c, "PDF"], [0x202d, "LRO"], [0x202e, "RLO"]],
  ...[[0x2066, "LRI"], [0x2067, "RLI"], [0x2068, "FSI"], [0x2069, "PDI"]],
  ...[[0x3164, "HF"], [0xfeff, "BOM"]],
  ...[[0xfff9, "IAA"], [0xfffa, "IAS"], [0xfffb, "IAT"], [0xfffc, "OBJ"], [0xfffd, "REP"]],
]);

/** `text` in pieces, {plain} and {character, code, name} by turns. */
export function seen(text) {
  if (!UNSEEN.test(text)) return [{ plain: text }];
  return text.split(PARTED).filter(Boolean).map(piece);
}

/** The same, but for a text of blanks alone: of that, every character is named. */
export function seenWhole(text) {
  if (text.trim()) return seen(text);
  return Array.from(text, (character) => ({ character, ...named(character.codePointAt(0)) }));
}

const piece = (text) => (UNSEEN.test(text) ? { character: text, ...named(text.codePointAt(0)) } : { plain: text });

/** The code point as U+XXXX and its short name. */
function named(point) {
  return { code: `U+${point.toString(16).toUpperCase().padStart(4, "0")}`, name: NAMES.get(point) ?? kind(point) };
}

function kind(point) {
  const character = String.fromCodePoint(point);
  if (/\p{Variation_Selector}/u.test(character)) return "VS";
  if (/\p{Co}/u.test(character)) return "PUA";
  if (/\p{Cs}/u.test(character)) return "SUR";
  if (/\p{Cn}/u.test(character)) return "N/A";
  if (/\p{Cc}/u.test(character)) return "CTRL";
  return /\s/u.test(character) ? "SP" : "FMT";
}
