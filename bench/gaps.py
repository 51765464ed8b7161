"""Gaps: how many deleted words are found, by what, whether the word is right, and what is seen on sound pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from random import Random
from typing import Final, NamedTuple

from rich.console import Console

import jiaokan
from corpus import documents, paragraphs
from filters import Filtered, Gap, filtered, words
from jiaokan.lexicon.dropped import dropped_words
from pieces import SHARES
from tables import Shares, print_counts, print_examples

_PAGE: Final = 3  # documents of the corpus in a page
_CHUNK: Final = 20
_CONTEXT: Final = 12
_NONE: Final = "no gap found"


class Judged(NamedTuple):
    """A gap, or what was taken for one.

    Attributes:
        evidence: what it was found by.
        kind: what was deleted; empty if nothing was.
        applied: whether a word was put in.
        rank: which of the fills is right, from 1; 0 if none is.
        example: for a person.
    """

    evidence: str
    kind: str
    applied: bool
    rank: int
    example: str


def report_gaps(console: Console, number: int, seed: int, workers: int | None, worst: int = 0) -> None:
    """Precision and recall by kind of evidence, and what is found on sound pages."""
    with ProcessPoolExecutor(workers) as pool:
        judged = [each for page in pool.map(judge, pages(number, seed), chunksize=_CHUNK) for each in page]
        sound = list(pool.map(_on_sound, _paragraphs(), chunksize=_CHUNK))
    _print_recall(console, judged)
    _print_precision(console, judged)
    _print_sound(console, sound)
    if worst:
        examples = [(f"{each.evidence}, {each.kind or 'nothing was deleted'}", each.example) for each in judged]
        print_examples(console, "Examples", examples, worst)
        print_examples(console, "On sound pages", [each for _, found in sound for each in found], worst)


def pages(number: int, seed: int) -> Iterator[Filtered]:
    """Pages of several documents of one source, each of a site of its own."""
    every, random = words(), Random(seed)
    for source, share in SHARES.items():
        texts = documents(source)
        made = 0
        while made < round(number * share):
            page = filtered("\n".join(random.sample(texts, _PAGE)), every, random)
            if page:
                made += 1
                yield page


def judge(page: Filtered) -> list[Judged]:
    """Every gap of a page, and every finding of none."""
    repaired = jiaokan.repair(page.text, script="keep")
    found = [(each.span, each, False) for each in repaired.doubts if each.fault is jiaokan.Fault.GAPS]
    for change in repaired.changes:
        found += [(change.edit.span, each, True) for each in change.findings if each.fault is jiaokan.Fault.GAPS]
    missed = {gap.at: gap for gap in page.gaps}
    judged = []
    for (start, end), each, applied in found:
        gap = next((missed.pop(at) for at in range(start, end + 1) if at in missed), None)
        example = _shown(page.text, start, each, gap)
        judged.append(Judged(_evidence(each), _kind(gap), applied, _rank(each, gap), example))
    judged += [Judged(_NONE, _kind(gap), False, 0, _around(page.text, gap.at, gap.word)) for gap in missed.values()]
    return judged


def _evidence(found: jiaokan.Finding) -> str:
    if "stands for" in found.evidence:
        return "half a word"
    place = found.evidence.partition(": ")[2].partition(";")[0]
    return place if found.fills else f"{place}, no word proposed"


def _kind(gap: Gap | None) -> str:
    if gap is None:
        return ""
    if gap.word == "题":
        return "题 of 问题"
    listed = "known" if gap.word in dropped_words() else "unknown"
    return f"{listed} word, {'a blank' if gap.shown else 'nothing'} shown"


def _rank(found: jiaokan.Finding, gap: Gap | None) -> int:
    texts = [fill.text for fill in found.fills]
    return texts.index(gap.word) + 1 if gap and gap.word in texts else 0


def _shown(text: str, at: int, found: jiaokan.Finding, gap: Gap | None) -> str:
    fills = " ".join(f"{fill.text} {fill.confidence}" for fill in found.fills[:3])
    return f"{_around(text, at, gap.word if gap else '-')}  {fills}"


def _around(text: str, at: int, word: str) -> str:
    return f"{text[max(0, at - _CONTEXT) : at]}[{word}]{text[at : at + _CONTEXT]}".replace("\n", "⏎")


def _print_recall(console: Console, judged: Iterable[Judged]) -> None:
    shares = Shares()
    for each in judged:
        if each.kind:
            for row in (each.kind, "all"):
                shares.add(row, "found", each.evidence != _NONE)
                shares.add(row, "right word first", each.rank == 1)
                shares.add(row, "among three", 0 < each.rank <= 3)
                shares.add(row, "put in", each.applied)
    shares.print(console, "Gaps by what was deleted (per cent)")


def _print_precision(console: Console, judged: Iterable[Judged]) -> None:
    shares = Shares()
    for each in judged:
        if each.evidence != _NONE:
            for row in (each.evidence, "all", *["put in"] * each.applied):
                shares.add(row, "a gap", bool(each.kind))
                if each.kind:
                    shares.add(row, "right word first", each.rank == 1)
                    shares.add(row, "among three", 0 < each.rank <= 3)
    shares.print(console, "Findings by evidence (per cent; the words where there is a gap)")


def _paragraphs() -> Iterator[tuple[str, str]]:
    for source in SHARES:
        texts = paragraphs(source)
        for start in range(0, len(texts), _PAGE):
            yield source, "\n".join(texts[start : start + _PAGE])


def _on_sound(page: tuple[str, str]) -> tuple[Counter[str], list[tuple[str, str]]]:
    """Characters, words put in and doubts of a sound page, with examples."""
    source, text = page
    repaired = jiaokan.repair(text, script="keep")
    applied = [each for r in repaired.rounds for each in r.findings if r.fault is jiaokan.Fault.GAPS]
    doubts = [each for each in repaired.doubts if each.fault is jiaokan.Fault.GAPS]
    count = Counter({"characters": len(text), "put in": len(applied), "doubts": len(doubts)})
    examples = [(f"{source}, {_evidence(each)}", _shown(text, each.span.start, each, None)) for each in doubts]
    return count, [*examples, *((f"{source}, put in", each.evidence) for each in applied)]


def _print_sound(console: Console, sound: Iterable[tuple[Counter[str], object]]) -> None:
    total = sum((count for count, _ in sound), Counter[str]())
    million = total["characters"] / 1e6
    row = [f"{total[name]:,} ({total[name] / million:.2f} a million)" for name in ("put in", "doubts")]
    print_counts(console, "Sound pages", ("characters", "put in", "doubts"), {"": [f"{total['characters']:,}", *row]})
