"""Characters that are not to be seen and say nothing: controls, widths of zero, direction marks, halves of pairs.

They stay where they mean something: joiners in emoji and in Indic and Persian words, direction marks in text that runs
right to left, break marks in scripts without blanks, selectors of a registered variant of an ideograph, controls in a
line that is not Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.faults.codepoints.proposals import HAN, certain, line
from jiaokan.lexicon.hanzi import HAN_CLASS, MARK_CLASS
from jiaokan.report import Finding

_ESCAPE_SEQUENCE: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_BIDI: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_ZERO_WIDTH: Final = re.compile("[\u200b\u2060\ufeff]+")
# The soft hyphen, joiners, the grapheme joiner, hangul fillers, invisible operators, format controls of old.
_JOINING: Final = "\u00ad\u200c\u200d\u034f\u115f\u1160\u3164\uffa0\u2061-\u2064\u206a-\u206f"
_JOINER: Final = re.compile(f"[{_JOINING}]+(?=[{HAN_CLASS}{MARK_CLASS}])")
# Unicode, StandardizedVariants.txt: U+FE00 to FE02 choose forms of ideographs and of marks. Above those nothing is
# defined for either; the selectors of emoji (FE0E, FE0F) follow other characters.
_SELECTOR: Final = re.compile("[\ufe03-\ufe0f]+")
# Scripts that break lines inside words by invisible marks: Thai to Khmer, and their neighbours.
_BREAKING_SCRIPTS: Final = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1900-\u1aff]")
_SURROGATES: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")
_OBJECT: Final = re.compile("\ufffc+")
_LINE_END: Final = re.compile("[\u2028\u2029]")


def find(text: str) -> Iterator[Finding]:
    """Every character that is neither seen nor meant, kind by kind.

    >>> [(f.edits[0].start, f.evidence) for f in find("人工\\u200b智能")]
    [(2, 'U+200B has no width and no meaning here')]
    """
    yield from _controls(text)
    yield from _widthless(text)
    yield from _directions(text)
    yield from _surrogates(text)
    for m in _OBJECT.finditer(text):
        if HAN.search(line(text, m)):
            yield certain(m, "", "U+FFFC stood for a picture or another object, which is gone")
    for m in _LINE_END.finditer(text):
        if HAN.search(text[max(0, m.start() - 1) : m.end() + 1]):
            yield certain(m, "\n", f"U+{ord(m.group()):04X} is a line end that hardly any program knows")


def _controls(text: str) -> Iterator[Finding]:
    for m in _ESCAPE_SEQUENCE.finditer(text):
        yield certain(m, "", "an escape sequence of a terminal")
    for m in _CONTROL.finditer(text):
        if _ESCAPE_SEQUENCE.match(text, m.start()) or not HAN.search(line(text, m)):
            continue  # in a line without Han it may be the language of a device
        if m.group() >= "\x80" and not HAN.search(text[max(0, m.start() - 1) : m.end() + 1]):
            continue  # amid Latin letters it is a byte of mojibake, and evidence
        yield certain(m, "", f"U+{ord(m.group()):04X} is a control character")


def _widthless(text: str) -> Iterator[Finding]:
    for m in _ZERO_WIDTH.finditer(text):
        if "\ufeff" in m.group() or not _BREAKING_SCRIPTS.search(text[max(0, m.start() - 1) : m.end() + 1]):
            yield certain(m, "", f"U+{ord(m.group()[0]):04X} has no width and no meaning here")
    for m in _JOINER.finditer(text):
        if HAN.match(text[m.start() - 1 : m.start()]):
            yield certain(m, "", f"U+{ord(m.group()[0]):04X} joins nothing between Han characters")
    for m in _SELECTOR.finditer(text):
        if HAN.match(text[m.start() - 1 : m.start()]):
            yield certain(m, "", f"U+{ord(m.group()[0]):04X} selects no form of a Han character")


def _directions(text: str) -> Iterator[Finding]:
    if not _RIGHT_TO_LEFT.search(text):
        for m in _BIDI.finditer(text):
            yield certain(m, "", f"U+{ord(m.group()):04X} turns the direction of a text that has only one")


def _surrogates(text: str) -> Iterator[Finding]:
    for m in _SURROGATES.finditer(text):
        whole = m.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        yield certain(m, whole, "half of a surrogate pair is no character" if len(whole) == 1 else "a split pair")
