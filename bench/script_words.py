"""Words of Taiwan brought back to those of the mainland, and text that has none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from difflib import SequenceMatcher
from functools import cache
from typing import Final, NamedTuple

from opencc import OpenCC
from rich import box
from rich.console import Console
from rich.table import Table

import jiaokan

# Text whose words were replaced by those of Taiwan, and text that was only made traditional.
WAYS: Final = {"s2twp": "words of Taiwan", "s2tw": "words of the mainland"}
BACK: Final = ("simplified-cn", "simplified", "tw2sp", "tw2s")
_OTHERS: Final = [fault.value for fault in jiaokan.Fault if fault is not jiaokan.Fault.SCRIPT]
_CHUNK: Final = 20
# Every so many of the documents: the texts differ in length, which takes long to compare.
_EVERY: Final = 25


class Count(NamedTuple):
    """Places of one document that differ, by way and by what brought it back."""

    size: int
    places: dict[tuple[str, str], int]


def report_words(console: Console, documents: Sequence[str], workers: int | None) -> None:
    """Wrong places per million characters, on some of the documents."""
    with ProcessPoolExecutor(workers) as pool:
        counts = list(pool.map(count, documents[::_EVERY], chunksize=_CHUNK))
    size = max(1, sum(each.size for each in counts))
    places = sum((Counter(each.places) for each in counts), Counter())
    title = f"Places that differ, per million of {size:,} characters"
    table = Table("text", title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in BACK:
        table.add_column(name, justify="right")
    for way, words in WAYS.items():
        table.add_row(f"{way}, {words}", *(f"{places[way, name] * 1e6 / size:,.0f}" for name in BACK))
    console.print(table)


def count(text: str) -> Count:
    """One document on both ways."""
    return Count(len(text), dict(_places(text)))


def _places(text: str) -> Iterator[tuple[tuple[str, str], int]]:
    for way in WAYS:
        page = _opencc(way).convert(text)
        for name in BACK:
            yield (way, name), sum(1 for _ in _differences(_back(page, name), text))


def _differences(got: str, want: str) -> Iterable[str]:
    steps = SequenceMatcher(None, got, want, autojunk=False).get_opcodes()
    return (step for step, *_ in steps if step != "equal")


def _back(page: str, name: str) -> str:
    if name in ("simplified", "simplified-cn"):
        return jiaokan.repair(page, script=name, skip=_OTHERS).text  # type: ignore[arg-type]
    converted: str = _opencc(name).convert(page)
    return converted


@cache
def _opencc(name: str) -> OpenCC:
    return OpenCC(name)
