"""Code points that say nothing, or say in a private or outdated way what a standard character says.

Invisible characters and controls, references of HTML that a scraper took for text, compatibility ideographs and
radicals used as letters, private-use characters that have a standard code point by now, halves of surrogate pairs.

Each kind has its places where it is right: joiners in emoji and in Indic and Persian words, direction marks in text
that runs right to left, references in HTML source and in text about HTML, radicals in a list of radicals,
private-use characters as icons. There it stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, Literal

from jiaokan.charset import gbk
from jiaokan.edits import Edit
from jiaokan.lexicon.hanzi import HAN_CLASS, MARK_CLASS, is_han
from jiaokan.lexicon.languages import foreign
from jiaokan.report import Consent, Fault, Finding

Punctuation = Literal["keep", "fullwidth"]

# How often a judgement by the neighbours of a character is right; the rest of this file rests on standards. No page
# was measured yet: these only order the findings.
BY_NEIGHBOURS: Final = 0.95
DOUBTFUL: Final = 0.5

# How much of its line is looked at to see what a character stands in.
NEAR: Final = 100

_ESCAPE_SEQUENCE: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_BIDI: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_ZERO_WIDTH: Final = re.compile("[\u200b\u2060\ufeff]+")
_JOINER: Final = re.compile(f"(?<=[{HAN_CLASS}{MARK_CLASS}])[\u00ad\u200c\u200d]+(?=[{HAN_CLASS}{MARK_CLASS}])")
# Scripts that break lines inside words by invisible marks: Thai to Khmer, and their neighbours.
_BREAKING_SCRIPTS: Final = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1900-\u1aff]")
_SURROGATES: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")

# A reference can have been escaped again and again: &amp;amp;middot;
_REFERENCE: Final = re.compile(r"&(?:amp;)*(?:[A-Za-z][A-Za-z0-9]{1,24}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_MARKUP: Final = re.compile(r"<(?:[A-Za-z!?]|/[A-Za-z])")
_QUOTED_REFERENCE: Final = re.compile(r"[`'\"“‘「『（(][^`'\"”’」』）)\s]{0,3}$")
_ABOUT_HTML: Final = re.compile(r"HTML|XML|实体|實體|转义|轉義|字符引用|entit", re.IGNORECASE)
_HAN: Final = re.compile(f"[{HAN_CLASS}{MARK_CLASS}]")

_COMPATIBILITY: Final = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_RADICALS: Final = re.compile("[\u2e80-\u2fd5]+")
_RADICAL_LIST: Final = re.compile("[、，, ／/]+[\u2e80-\u2fd5]")
_PRIVATE: Final = re.compile("[\ue78d-\ue864]")

# CJK radicals that look like a whole character, and that character: Unicode, EquivalentUnifiedIdeograph.txt.
_RADICAL_LETTERS: Final = dict(
    zip(
        "⺟⺠⺩⺼⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "母民王肉西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)


# GB 18030-2005 and -2022 moved these from private use to standard code points: WHATWG Encoding Standard, index gb18030.
_SINCE_2000: Final = dict(
    zip(
        "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7\ue7c8"
        "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864\ue816\ue817\ue818\ue831\ue83b\ue855",
        "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f\u01f9"
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb\U00020087\U00020089\U000200cc\U000215d7\U0002298f\U000241fe",
        strict=True,
    )
)


def find(text: str, punctuation: Punctuation = "keep") -> list[Finding]:
    """Every code point to be dropped or replaced, in reading order.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find("列夫&middot;托尔斯泰，第\u2f00卷")]
    [('&middot;', '·'), ('⼀', '一')]
    """
    found = (finding for look in _KINDS for finding in look(text))
    return sorted(found, key=lambda finding: (finding.edits[0].start, -finding.confidence))


def _controls(text: str) -> Iterator[Finding]:
    for m in _ESCAPE_SEQUENCE.finditer(text):
        yield _dropped(m, "an escape sequence of a terminal")
    for m in _CONTROL.finditer(text):
        if _ESCAPE_SEQUENCE.match(text, m.start()) or not _HAN.search(_line(text, m)):
            continue  # in a line without Han it may be the language of a device
        if m.group() >= "\x80" and not _HAN.search(text[max(0, m.start() - 1) : m.end() + 1]):
            continue  # amid Latin letters it is a byte of mojibake, and evidence
        yield _dropped(m, f"U+{ord(m.group()):04X} is a control character")


def _invisible(text: str) -> Iterator[Finding]:
    for m in _ZERO_WIDTH.finditer(text):
        if "\ufeff" in m.group() or not _BREAKING_SCRIPTS.search(text[max(0, m.start() - 1) : m.end() + 1]):
            yield _dropped(m, f"U+{ord(m.group()[0]):04X} has no width and no meaning here")
    for m in _JOINER.finditer(text):
        yield _dropped(m, f"U+{ord(m.group()[0]):04X} joins nothing between Han characters")
    if not _RIGHT_TO_LEFT.search(text):
        for m in _BIDI.finditer(text):
            yield _dropped(m, f"U+{ord(m.group()):04X} turns the direction of a text that has only one")


def _surrogates(text: str) -> Iterator[Finding]:
    for m in _SURROGATES.finditer(text):
        whole = m.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        yield _replaced(m, whole, "half of a surrogate pair is no character" if len(whole) == 1 else "a split pair")


def _references(text: str) -> Iterator[Finding]:
    """Character references in running text: not in HTML source, not where one is quoted, not in a line without Han."""
    if _MARKUP.search(text) or not _REFERENCE.search(text):
        return
    from ftfy.fixes import unescape_html  # here, because few texts need it and it takes a tenth of a second to import

    for m in _REFERENCE.finditer(text):
        meant = unescape_html(re.sub("(?:amp;)+(?=.)", "", m.group()))
        if meant == m.group() or not all(char.isprintable() or char.isspace() for char in meant):
            continue
        line = _line(text, m)
        if _is_example(text, m) or not _HAN.search(line) or _ABOUT_HTML.search(line):
            continue
        consent = Consent.SUGGESTED if meant in "<>" else Consent.PROBABLE
        meant = " " if meant == "\u00a0" else meant
        why = f"{m.group()} is a character reference of HTML"
        confidence = DOUBTFUL if consent is Consent.SUGGESTED else BY_NEIGHBOURS
        yield Finding(Fault.CODEPOINTS, (Edit.at(m.start(), m.group(), meant),), consent, confidence, why)


def _is_example(text: str, m: re.Match[str]) -> bool:
    return (
        _QUOTED_REFERENCE.search(text, max(0, m.start() - 4), m.start()) is not None
        and not text[m.end() : m.end() + 1].isalnum()
    )


def _line(text: str, m: re.Match[str]) -> str:
    """The line around a match, as far as ``NEAR`` characters to either side."""
    before, after = text[max(0, m.start() - NEAR) : m.start()], text[m.end() : m.end() + NEAR]
    return before[before.rfind("\n") + 1 :] + m.group() + after.partition("\n")[0]


def _compatibility(text: str) -> Iterator[Finding]:
    """Ideographs that Unicode has twice: their canonical form, except in Japanese and Korean names."""
    abroad = list(foreign(text)) if _COMPATIBILITY.search(text) else []
    for m in _COMPATIBILITY.finditer(text):
        standard = unicodedata.normalize("NFC", m.group())
        if standard != m.group() and not any(span.start <= m.start() < span.end for span in abroad):
            yield _replaced(m, standard, f"U+{ord(m.group()):04X} is a second code point of {standard}")


def _radicals(text: str) -> Iterator[Finding]:
    """Radicals that stand in a word: a Han character goes on, or one comes before and no parenthesis explains them."""
    for m in _RADICALS.finditer(text):
        letters = "".join(_RADICAL_LETTERS.get(c) or unicodedata.normalize("NFKC", c) for c in m.group())
        if _RADICAL_LIST.match(text, m.end()):
            continue
        before, after = text[max(0, m.start() - 1) : m.start()], text[m.end() : m.end() + 1]
        if letters != m.group() and (is_han(after) or (is_han(before) and after not in tuple("(（”’」』"))):
            edit = Edit.at(m.start(), m.group(), letters)
            why = f"{m.group()} is a radical, used as the letter {letters}"
            yield Finding(Fault.CODEPOINTS, (edit,), Consent.PROBABLE, BY_NEIGHBOURS, why)


def _private(text: str) -> Iterator[Finding]:
    """Private-use characters of GBK and GB 18030-2000 inside Chinese text; beside a blank they may be icons."""
    for m in _PRIVATE.finditer(text):
        standard = _standard().get(m.group())
        if standard:
            inside = all(_HAN.match(c) for c in (text[m.start() - 1 : m.start()], text[m.end() : m.end() + 1]))
            consent, confidence = (Consent.PROBABLE, BY_NEIGHBOURS) if inside else (Consent.SUGGESTED, DOUBTFUL)
            why = f"U+{ord(m.group()):04X} is private use for {standard}, U+{ord(standard):04X} by now"
            yield Finding(Fault.CODEPOINTS, (Edit.at(m.start(), m.group(), standard),), consent, confidence, why)


@cache
def _standard() -> dict[str, str]:
    """Private-use code points and the standard ones that took their place.

    GBK put its characters FE50–FEA0 and A989–A995 at U+E815–E864 and U+E7E7–E7F3 before Unicode had them. What
    Python's ``gb18030`` (the standard of 2000) still leaves there is in ``_SINCE_2000``.
    """
    extension = [gbk.decode(0xFE, trail) or "" for trail in gbk.TRAILS if 0x50 <= trail <= 0xA0]
    description = [gbk.decode(0xA9, trail) or "" for trail in range(0x89, 0x96)]
    found = dict(zip(map(chr, range(0xE815, 0xE865)), extension, strict=True))
    found |= dict(zip(map(chr, range(0xE7E7, 0xE7F4)), description, strict=True))
    return {private: standard for private, standard in found.items() if private != standard} | _SINCE_2000


def _dropped(m: re.Match[str], why: str) -> Finding:
    return _replaced(m, "", why)


def _replaced(m: re.Match[str], after: str, why: str) -> Finding:
    return Finding(Fault.CODEPOINTS, (Edit.at(m.start(), m.group(), after),), Consent.CERTAIN, 1.0, why)


_KINDS: Final[tuple[Callable[[str], Iterator[Finding]], ...]] = (
    _controls,
    _invisible,
    _surrogates,
    _references,
    _compatibility,
    _radicals,
    _private,
)
