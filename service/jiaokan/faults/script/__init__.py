"""Traditional characters brought to simplified, place by place where a character has several simplified forms.

Most characters have one simplified form, wherever they stand (``lexicon.variants``). The others are decided one by one
(``ambiguous``): 著 is 着 in 隨著 and 著 in 著作, 乾 is 干 in 乾淨 and 乾 in 乾隆. Some of them are simplified
characters as well (於 as a surname, 薹 in 蒜薹): in a simplified page they are converted only where that makes a word.

Passages in Japanese and Korean are not Chinese to be simplified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate, compress
from operator import itemgetter
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.script import ambiguous, other_script, regional_words
from jiaokan.faults.script.ambiguous import form
from jiaokan.lexicon.languages import foreign
from jiaokan.lexicon.scripts import count_scripts, simplified_pattern
from jiaokan.lexicon.variants import ambiguous_forms, japanese_forms, to_simplified, valid_in_simplified
from jiaokan.memo import Memo
from jiaokan.options import Script
from jiaokan.report import Consent, Fault, Finding
from jiaokan.spans import Spans

# How sure the choice between several forms is. (着 and 著: 99.3 to 99.6 per cent right, bench script)
BY_CHOICE: Final = 0.99
# The same of a Japanese form in a Chinese sentence.
JAPANESE: Final = 0.95
# How likely a lone traditional character in simplified text is meant to be converted: “發”和“髮” speak of it.
MENTIONED: Final = 0.3


def find(text: str, script: Script = "simplified") -> list[Finding]:
    """Every character to be written in its simplified form; runs that change together are one finding.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find("隨著網絡的發展，土著")]
    [('隨', '随'), ('著', '着'), ('網絡', '网络'), ('發', '发')]
    """
    page = foreign(text).mask(text)
    if script == "keep":
        return other_script.find(page, count_scripts(page))
    traditional = _is_traditional(page)
    found = _in_traditional(text, page) if traditional else _in_simplified(text, page)
    return regional_words.with_words(page, found, everywhere=traditional) if script == "simplified-cn" else found


def _is_traditional(page: str) -> bool:
    """Whether it has characters of traditional text alone, as many as of simplified text alone."""
    simplified = len(simplified_pattern().findall(page))
    if simplified:
        return sum(map(len, _sure().findall(page))) >= simplified
    return _sure().search(page) is not None


def _in_traditional(text: str, page: str) -> list[Finding]:
    """What to convert in a page that is mostly traditional."""
    chosen = list(_chosen(page))
    runs = _runs(Spans((at, at + 1) for at, _ in chosen).mask(page), _sure())
    found = [*_plain(*runs), *_by_choice(page, chosen)]
    found += _from_japanese(page)
    return sorted(found, key=_start) if len(found) > len(runs[0]) else found


def _chosen(page: str) -> Iterator[tuple[int, str]]:
    """Where characters with several simplified forms stand, and which form it is."""
    told_apart = page.count("着") > 0 if "著" in page else False
    for place in _open().finditer(page):
        at = place.start()
        yield at, form(page, at, told_apart)


def _by_choice(text: str, chosen: Iterable[tuple[int, str]]) -> Iterator[Finding]:
    for at, after in chosen:
        before = text[at]
        if after != before:
            why = f"{before} is traditional, and {after} here in simplified"
            yield Finding(Fault.SCRIPT, (Edit.at(at, before, after),), Consent.PROBABLE, BY_CHOICE, why)


def _from_japanese(page: str) -> Iterator[Finding]:
    """Japanese forms in Chinese sentences."""
    for place in _japanese().finditer(page):
        before = place.group()
        after = "".join(map(japanese_forms().__getitem__, before))
        why = f"{before} is a Japanese form, {after} in simplified"
        yield Finding(Fault.SCRIPT, (Edit.at(place.start(), before, after),), Consent.PROBABLE, JAPANESE, why)


def _in_simplified(text: str, page: str) -> list[Finding]:
    """What to convert in a page that is mostly simplified: no character that simplified text has as well, but for what
    the words around it demand."""
    stays = valid_in_simplified()
    chosen = [(at, after) for at, after in _chosen(page) if page[at] not in stays and not ambiguous.is_alone(page, at)]
    runs = _runs(Spans((at, at + 1) for at, _ in chosen).mask(page), _stray())
    alone = [len(before) == 1 and ambiguous.is_alone(page, start) for start, before in zip(*runs, strict=True)]
    found = [*_plain(*_only(runs, alone, False)), *_plain(*_only(runs, alone, True), mentioned=True)]
    found += _by_choice(page, chosen)
    found += ambiguous.find(
        page, [finding.edits[0].start for finding in found], simplified_pattern().search(page) is not None
    )
    found += _from_japanese(page)
    return sorted(found, key=_start)


Runs = tuple[list[int], list[str]]


def _runs(page: str, kind: re.Pattern[str]) -> Runs:
    """The runs of one kind of characters: where each starts, and what it is."""
    pieces = kind.split(page)
    starts = [*accumulate(map(len, pieces))]
    return starts[:-1:2], pieces[1::2]


def _only(runs: Runs, alone: list[bool], wanted: bool) -> Runs:
    keep = [each is wanted for each in alone]
    return [*compress(runs[0], keep)], [*compress(runs[1], keep)]


def _plain(starts: list[int], before: list[str], mentioned: bool = False) -> list[Finding]:
    """Runs of characters that have one simplified form, which may only be ``mentioned``."""
    after = [*map(_SIMPLIFIED.__getitem__, before)]
    edits = Edit.each(starts, before, map(itemgetter(0), after))
    evidence: Iterable[str] = map(itemgetter(1), after)
    if not mentioned:
        return Finding.each(Fault.SCRIPT, edits, Consent.CERTAIN, 1.0, evidence)
    evidence = (why + "; here it may be spoken of" for why in evidence)
    return Finding.each(Fault.SCRIPT, edits, Consent.SUGGESTED, MENTIONED, evidence)


def _simplified(run: str) -> tuple[str, str]:
    """The simplified form of a run, and the evidence."""
    after = run.translate(_usual())
    return after, f"{run} is traditional, {after} in simplified"


_SIMPLIFIED: Final = Memo(_simplified, most=20_000, longest=16)  # 5 MB


@cache
def _usual() -> dict[int, str]:
    return {ord(char): after for char, after in to_simplified().items()}


def _start(finding: Finding) -> int:
    return finding.edits[0].start


# Characters that are open only beside certain others.
_BESIDE: Final = {
    "像": "(?<=想像)",
    "畫": "(?<=[計企策規籌謀擘筆刻區]畫)",
    "麼": "(?<=[甚幺么篤]麼)|(?<=麼)(?=些族)",
    "俱": "(?<=傢俱)",
    "哩": "(?<=[英海]哩)",
    "甚": "(?<=甚)(?=[麼麽])",
    "座": "(?<=座)(?=標)",
    "薰": "(?<=薰)(?=[陶染心肉魚])",
}


@cache
def _open() -> re.Pattern[str]:
    """Where the simplified form has to be chosen."""
    always = "".join(ambiguous_forms())
    beside = "|".join(_BESIDE.values())
    return re.compile(f"[{always}{''.join(_BESIDE)}](?:(?<=[{always}])|{beside})")


@cache
def _sure() -> re.Pattern[str]:
    """Runs of what is traditional and has one simplified form."""
    return re.compile(f"([{''.join(sorted(to_simplified().keys() - ambiguous_forms().keys()))}]+)")


@cache
def _stray() -> re.Pattern[str]:
    """The same without what simplified text has as well, and without those whose simplified form lies outside the Basic
    Multilingual Plane: no font shows it, and simplified pages keep the other."""
    stays = {*ambiguous_forms(), *valid_in_simplified()}
    chars = (char for char, after in to_simplified().items() if char not in stays and after <= "\uffff")
    return re.compile(f"([{''.join(sorted(chars))}]+)")


@cache
def _japanese() -> re.Pattern[str]:
    return re.compile(f"[{''.join(japanese_forms())}]+")
