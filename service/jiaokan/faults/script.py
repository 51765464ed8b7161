"""Traditional characters brought to simplified, and 著 and 着 told apart.

OpenCC's ``t2s`` converts by phrase and by character and leaves one pair open: 著 is the traditional form of both 着
(隨著, 随着 in simplified) and 著 (著作, the same in simplified). Which one stands here is for the lexicon to say. Some
characters that OpenCC converts are simplified characters as well (於 as a surname, 薹 in 蒜薹); they are converted
where that makes a word, and where the text around them is traditional and they make none as they are.

Passages in Japanese and Korean are not Chinese to be simplified.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import compress, islice
from operator import attrgetter, ne, not_
from typing import Final, Literal

from jiaokan.edits import Edit, Span
from jiaokan.lexicon import START
from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.languages import foreign
from jiaokan.lexicon.plausibility import word_price
from jiaokan.lexicon.variants import convert, convertible, only_simplified, simplify
from jiaokan.report import Consent, Fault, Finding

Script = Literal["simplified", "simplified-cn", "keep"]

# Amid simplified text somebody chose 著 (鲁迅著, 执著): it is touched only in words that are this much commoner with
# 着, in log10 (随着 over 随著, which OpenCC leaves behind: 1.2).
COMMONER: Final = 1.0
# At the end of a clause 着 is at least this probable, log10, behind what is a verb: 闲聊 -2.0, 等待 -1.7, 微笑 -0.4;
# behind the names of authors it has -3.9 to -4.1.
BEHIND_VERB: Final = -3.0
# Amid simplified text a character that has its place there is converted only in words at least this common, log10.
# (于是 -4.0, 饼干 -5.2; 干清宫, which the list has from converted text, -6.7)
COMMON: Final = -5.5
# How sure a conversion is that rests on the script of the surroundings alone.
BY_SURROUNDINGS: Final = 0.9
# How likely a lone traditional character in simplified text is meant to be converted: “發”和“髮” speak of it.
MENTIONED: Final = 0.3

# Longer words are compounds of shorter ones or titles and decide nothing.
LONGEST_WORD: Final = 4
_REACH: Final = LONGEST_WORD - 1  # how many characters to either side one word with this character can take in
_NO_WORD: Final = float("-inf")
_CLAUSE_END: Final = re.compile("[，。！？；：,!?;:\n]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNUSED: Final = re.compile("[\ufffd-\U0010ffff]")
_RUN: Final = re.compile(b"\x01+")


def find(text: str, script: Script = "simplified") -> list[Finding]:
    """Every character to be written in its simplified form; runs that change together are one finding.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find("隨著網絡的發展，土著")]
    [('隨', '随'), ('著', '着'), ('網絡', '网络'), ('發', '发')]
    """
    simplified = _simplified(text)
    if script == "keep" or simplified == text:
        return []
    changed, open_ones = _changed(text, simplified)
    runs = [run.span() for run in _RUN.finditer(changed)]
    mostly = not _has_more(_only_simplified(), text, than=changed.count(1))
    alone = [not mostly and _is_alone(text, *run) for run in runs]
    found = _plain(text, simplified, [*compress(runs, map(not_, alone))], mentioned=False)
    if any(alone):
        found += _plain(text, simplified, [*compress(runs, alone)], mentioned=True)
    if not mostly:
        open_ones = [at for at in open_ones if not _is_alone(text, at, at + 1)]
    for at, traditional in _surroundings(text, changed, open_ones, mostly):
        choose = _choose_zhe if text[at] == "著" else _choose_heir
        finding = choose(text, Edit.at(at, text[at], simplified[at]), traditional)
        if finding:
            found.append(finding)
    return sorted(found, key=attrgetter("edits"))


def _simplified(text: str) -> str:
    """The text as OpenCC simplifies it, character for character, with 着 for every 著; foreign passages as they are.

    A lone surrogate, which OpenCC does not take, comes out as U+FFFD.
    """
    pieces: list[str] = []
    done = 0
    for start, end in _chinese(text):
        passage = _SURROGATE.sub("\ufffd", text[start:end])
        converted = convert(passage, "t2s").replace("著", "着")
        if len(converted) != len(passage):  # no phrase of t2s does this, but its data is not ours
            converted = simplify(passage).replace("著", "着")
        pieces += text[done:start], converted
        done = end
    return "".join(pieces) + text[done:]


def _chinese(text: str) -> Iterator[Span]:
    """What lies between the foreign passages."""
    ends = [0, *(end for span in foreign(text) for end in span), len(text)]
    yield from (Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b)


def _changed(text: str, simplified: str) -> tuple[bytearray, list[int]]:
    """For each character 1 if it is to be simplified, else 0; and where those are that may stay as they are.

    Not simplified are lone surrogates, and what has its form outside the Basic Multilingual Plane: no page is written
    in those, no font shows them.
    """
    changed = bytearray(map(ne, text, simplified))
    for m in _UNUSED.finditer(simplified):
        changed[m.start()] = 0
    open_ones = [m.start() for m in _two_heirs().finditer(text) if changed[m.start()]]
    for at in open_ones:
        changed[at] = 0
    return changed, open_ones


def _has_more(pattern: re.Pattern[str], text: str, than: int) -> bool:
    """Whether there are more matches than so many; no more are looked for than it takes to say."""
    return len([*islice(pattern.finditer(text), than + 1)]) > than


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether one character stands by itself: in quotation marks, in parentheses, in a list."""
    return end - start == 1 and not is_han(text[start - 1 : start]) and not is_han(text[end : end + 1])


def _plain(text: str, simplified: str, runs: list[tuple[int, int]], mentioned: bool) -> list[Finding]:
    """Runs of traditional characters that have one simplified form, which may only be ``mentioned``."""
    before = [text[start:end] for start, end in runs]
    after = [simplified[start:end] for start, end in runs]
    consent, confidence, note = Consent.CERTAIN, 1.0, ""
    if mentioned:
        consent, confidence, note = Consent.SUGGESTED, MENTIONED, "; here it may be spoken of"
    edits = Edit.each([start for start, _ in runs], before, after)
    evidence = [f"{old} is traditional, {new} in simplified{note}" for old, new in zip(before, after, strict=True)]
    return Finding.each(Fault.SCRIPT, edits, consent, confidence, evidence)


def _surroundings(text: str, changed: bytearray, open_ones: list[int], mostly: bool) -> Iterator[tuple[int, bool]]:
    """Each open place, with whether its clause has traditional characters, or the text as a whole ``mostly`` has."""
    ends = [] if mostly or not open_ones else [-1, *(m.start() for m in _CLAUSE_END.finditer(text)), len(text)]
    for at in open_ones:
        number = bisect_left(ends, at)
        yield at, mostly or changed.find(1, ends[number - 1] + 1, ends[number]) >= 0


def _choose_zhe(text: str, edit: Edit, traditional: bool) -> Finding | None:
    """着 for 著 where it reads better."""
    at = edit.start
    if traditional:
        if not is_han(text[at + 1 : at + 2]) and _follows_author(text, at):
            return None
        gain = _gain(text, at)
    else:
        zhe, zhu = _best_word(text, at, "着"), _best_word(text, at, "著")
        gain = zhe - zhu - COMMONER if zhe > _NO_WORD else _NO_WORD
    if gain <= 0:
        return None
    why = f"as 着 the words around {edit.before} read better"
    return Finding(Fault.SCRIPT, (edit,), Consent.PROBABLE, round(1 / (1 + 10**-gain), 3), why)


def _choose_heir(text: str, edit: Edit, traditional: bool) -> Finding | None:
    """A character that is also a simplified one: its other form where that makes the better word."""
    before, after = (_best_word(text, edit.start, char) for char in (edit.before, edit.after))
    if after < before or (not traditional and (after == before or after < COMMON)):
        return None
    by_word = 0.0 if after == before else 1 / (1 + 10 ** (before - after))
    confidence = round(max(BY_SURROUNDINGS, by_word), 3)
    why = f"{edit.before} is {edit.after} in simplified, save in names and a few words"
    return Finding(Fault.SCRIPT, (edit,), Consent.PROBABLE, confidence, why)


def _follows_author(text: str, at: int) -> bool:
    """Whether the 著 that ends a clause at ``at`` makes no word and follows no verb."""
    if _best_word(text, at, "着") > _NO_WORD or _best_word(text, at, "著") > _NO_WORD:
        return False
    before = START.extend(text[max(0, at - _REACH) : at])
    return before.extend("着", literal=True).score - before.score < BEHIND_VERB


def _gain(text: str, at: int) -> float:
    """log10 of how much likelier the words around ``at`` are with 着 there than with 著."""
    before, after = START.extend(text[max(0, at - _REACH) : at]), text[at + 1 : at + 1 + _REACH]
    zhe, zhu = (before.extend(char, literal=True).extend(after).score for char in "着著")
    return zhe - zhu


def _best_word(text: str, at: int, char: str) -> float:
    """The price of the commonest word of two characters or more that has ``char`` at ``at``."""
    left, right = simplify(text[max(0, at - _REACH) : at]), simplify(text[at + 1 : at + 1 + _REACH])
    words = (
        left[len(left) - i :] + char + right[:j]
        for i in range(len(left) + 1)
        for j in range(len(right) + 1)
        if 0 < i + j < LONGEST_WORD
    )
    return max((price for word in words if (price := word_price(word)) is not None), default=_NO_WORD)


@cache
def _two_heirs() -> re.Pattern[str]:
    """著, and what ``t2s`` converts although it is a simplified character as well.

    Those are the ones that GB 2312 has, less two that simplified text does not use all the same, and those that the
    Table of General Standard Chinese Characters of 2013 gave back to personal names (毕昇).
    """
    in_gb2312 = {char for char in convertible() if _is_gb2312(char)}
    return re.compile(f"[著昇陞甦龢氾迺勳颺{''.join(sorted(in_gb2312 - {'後', '菸'}))}]")


@cache
def _only_simplified() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(only_simplified()))}]")


def _is_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
