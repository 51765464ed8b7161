"""What a repair changes in text that has nothing wrong with it: every place, by source and fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Final, Literal, NamedTuple
from unicodedata import category, normalize

from pypinyin import Style, pinyin
from rich.console import Console
from rich.table import Table

import jiaokan
from corpus import SOURCES, documents, paragraphs
from scripts import simplify, traditional

Script = Literal["simplified", "keep"]
_BATCH: Final = 200  # paragraphs a worker takes at a time
_CONTEXT: Final = 12
_LESSONS: Final = 400  # documents annotated as a lesson would be
_SHOWN: Final = 400  # places listed at most
_FOLDED: Final = ("news", "reviews")  # sources that are repaired once more with fullwidth forms folded
_RARE: Final = 5  # a character the news use less often than this is given a reading
_LATIN: Final = ("app", "kg", "vs", "iOS", "url", "pH", "http", "x", "vip", "NaCl", "e4", "Nf3", "int", "sudo", "Vol")


class Batch(NamedTuple):
    """Clean texts of one kind, and the script they are to stay in."""

    kind: str
    script: Script
    texts: list[str]


class Spoiled(NamedTuple):
    """A place that changed in clean text."""

    kind: str
    fault: str
    shown: str
    after: str


def report_harm(console: Console, workers: int | None) -> None:
    """Repair all clean text, print a table of the places that changed and the places themselves."""
    places: list[Spoiled] = []
    sizes: Counter[str] = Counter()
    with ProcessPoolExecutor(workers) as pool:
        for batch, found in pool.map(_repaired, _batches()):
            sizes[batch.kind] += sum(map(len, batch.texts))
            places += found
    _print_table(console, sizes, places)
    for place in places[:_SHOWN]:
        line = f"{place.kind} · {place.fault} · {place.shown} → {place.after}"
        console.print(line.replace("\n", "⏎"), markup=False, highlight=False, soft_wrap=True)


def _print_table(console: Console, sizes: Counter[str], places: list[Spoiled]) -> None:
    faults = sorted({place.fault for place in places})
    table = Table("clean text", title="Changed places per million characters", title_justify="left")
    for column in ("characters", "places", "per million", *faults):
        table.add_column(column, justify="right")
    for kind in [*sizes, "all"]:
        here = [place for place in places if kind in (place.kind, "all")]
        size = sizes[kind] if kind != "all" else sizes.total()
        by_fault = Counter(place.fault for place in here)
        rate = f"{len(here) * 1e6 / max(1, size):,.2f}"
        table.add_row(kind, f"{size:,}", f"{len(here):,}", rate, *(f"{by_fault[fault]:,}" for fault in faults))
    console.print(table)


def _repaired(batch: Batch) -> tuple[Batch, list[Spoiled]]:
    return batch, [place for text in batch.texts for place in _spoiled(text, batch)]


def _spoiled(text: str, batch: Batch) -> Iterator[Spoiled]:
    for change in jiaokan.repair(text, script=batch.script, skip=["gaps"]).changes:
        start, end = change.edit.span
        shown = f"{text[max(0, start - _CONTEXT) : start]}[{text[start:end]}]{text[end : end + _CONTEXT]}"
        yield Spoiled(batch.kind, change.fault.value, shown, change.edit.after or "nothing")


def _batches() -> Iterator[Batch]:
    for kind, script, texts in _kinds():
        for at in range(0, len(texts), _BATCH):
            yield Batch(kind, script, texts[at : at + _BATCH])


def _kinds() -> Iterator[tuple[str, Script, list[str]]]:
    for source in SOURCES:
        texts = [text for text in paragraphs(source) if _is_clean(text)]
        yield f"{source}, simplified", "simplified", texts
        yield f"{source}, traditional", "keep", [traditional(text, "s2t") for text in texts]
        if source in _FOLDED:
            yield f"{source}, folded", "simplified", [normalize("NFKC", text) for text in texts]
    prose = documents("news")[:_LESSONS] + documents("reviews")[:_LESSONS]
    yield "lesson, every character", "simplified", [_lesson(text, 1) for text in prose]
    yield "lesson, words", "simplified", [_lesson(text, 2) for text in prose]
    yield "lesson, traditional", "keep", [_lesson(traditional(text, "s2t"), 1) for text in prose]
    yield "lesson, rare characters", "simplified", list(_hard_words(documents("novel")[:_LESSONS]))
    yield "Latin in parentheses", "simplified", [_abbreviated(text, number) for number, text in enumerate(prose)]


def _is_clean(text: str) -> bool:
    """Whether all of a text is simplified, and no control character shows that its package got it damaged."""
    return simplify(text) == text and not any(category(char) == "Cc" for char in text)


def _lesson(text: str, length: int) -> str:
    """The text with a reading behind every stretch of ``length`` characters, as in a reader for learners."""
    made = ""
    for at in range(0, len(text), length):
        piece = text[at : at + length]
        readings = [syllable[0] for syllable in pinyin(piece, style=Style.TONE, errors="ignore")]
        made += piece + (f"({''.join(readings)})" if len(readings) == len(piece) else "")
    return made


def _hard_words(texts: list[str]) -> Iterator[str]:
    """The texts with a reading behind characters that the news hardly use, as in an edition of an old novel."""
    used = Counter("".join(paragraphs("news")))
    for text in texts:
        yield "".join(_lesson(char, 1) if used[char] < _RARE and "一" <= char <= "鿿" else char for char in text)


def _abbreviated(text: str, number: int) -> str:
    """The text with a Latin word in parentheses in every sentence, none of them a reading."""
    word = _LATIN[number % len(_LATIN)]
    return text.replace("，", f"({word})，").replace("。", f" ({word.upper()})。")
