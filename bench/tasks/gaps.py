"""Gaps: how many deleted words are found, by what, whether the word is right, and what is seen on sound pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import Final, NamedTuple

import jiaokan
from bench.corpus import documents, paragraphs, shares
from bench.forward.filters import Filtered, Gap, filtered, words
from bench.harness import Run, Task
from bench.tables import Block, Shares, Table, around, examples
from jiaokan.lexicon.wordlists import dropped_words

_PAGE: Final = 3  # documents of the corpus in a page
_CHUNK: Final = 20
NONE: Final = "no gap found"


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


def _run(run: Run) -> Iterator[Block]:
    judged = [each for page in run.map(judge, pages(run.number, run.seed), _CHUNK) for each in page]
    sound = list(run.map(_on_sound, _paragraphs(), _CHUNK))
    yield _recall(judged)
    yield _precision(judged)
    yield _on_all_sound(count for count, _ in sound)
    if run.worst:
        found = [(f"{each.evidence}, {each.kind or 'nothing was deleted'}", each.example) for each in judged]
        yield examples("Examples", found, run.worst)
        yield examples("On sound pages", [each for _, found in sound for each in found], run.worst)


def pages(number: int, seed: int) -> Iterator[Filtered]:
    """Pages of several documents of one source, each of a site of its own."""
    every, random = words(), Random(seed)
    for source, share in shares().items():
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
    judged += [
        Judged(NONE, _kind(gap), False, 0, around(page.text, gap.at, gap.at, gap.word)) for gap in missed.values()
    ]
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
    return f"{around(text, at, at, gap.word if gap else '-')}  {fills}"


def _recall(judged: Iterable[Judged]) -> Table:
    found = Shares()
    for each in judged:
        if each.kind:
            for row in (each.kind, "all"):
                found.add(row, "found", each.evidence != NONE)
                found.add(row, "right word first", each.rank == 1)
                found.add(row, "among three", 0 < each.rank <= 3)
                found.add(row, "put in", each.applied)
    return found.table("Gaps by what was deleted (per cent)")


def _precision(judged: Iterable[Judged]) -> Table:
    found = Shares()
    for each in judged:
        if each.evidence != NONE:
            for row in (each.evidence, "all", *["put in"] * each.applied):
                found.add(row, "a gap", bool(each.kind))
                if each.kind:
                    found.add(row, "right word first", each.rank == 1)
                    found.add(row, "among three", 0 < each.rank <= 3)
    return found.table("Findings by evidence (per cent; the words where there is a gap)")


def _paragraphs() -> Iterator[tuple[str, str]]:
    for source in shares():
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


def _on_all_sound(counts: Iterable[Counter[str]]) -> Table:
    total = sum(counts, Counter[str]())
    rates = (total[name] * 1e6 / max(1, total["characters"]) for name in ("put in", "doubts"))
    columns = ("characters", "put in", "doubts", "put in a million", "doubts a million")
    return Table("Sound pages", columns, [("", [*(total[name] for name in columns[:3]), *rates])])


TASK: Final = Task(_run, 3000, "pages with gaps; sound pages are all there are")
