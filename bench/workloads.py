"""The texts that speed is measured on: clean ones in four kinds, and pages damaged as densely as the seeds are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Final, NamedTuple

from corpus import documents, paragraphs
from damage import damage
from jiaokan.screen import may_have_any
from scripts import traditional
from sites import draw

SEEDS: Final = Path(__file__).parents[1] / "fixtures" / "seeds"
SMALL: Final = 2000  # bytes of UTF-8 in a small document, at least
_DOCUMENTS: Final = 60  # of each kind at most
_PAGES: Final = 30
_SOURCES: Final = ("news", "reviews", "office")
# The seeds have 2191 to 2848 characters, 1676 to 1901 of them text, and 31 to 81 readings for each thousand.
_PAGE: Final = 5100  # bytes of UTF-8 in the text of a page, at least
_DENSITY: Final = (0.031, 0.081)
_READING: Final = re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+[)）]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[A-Za-z]")
# Shares of Latin letters and of Han characters that make a paragraph mixed.
_LATIN_LEAST, _HAN_LEAST = 0.25, 0.2


class Workload(NamedTuple):
    """Texts of one kind."""

    name: str
    texts: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of UTF-8 in all texts."""
        return sum(len(text.encode()) for text in self.texts)


def clean() -> Iterator[Workload]:
    """Texts without damage, in documents of 2 KB."""
    simplified = [text for source in _SOURCES for text in joined(documents(source))]
    passed = [text for text in simplified if not may_have_any(text)]
    stopped = [text for text in simplified if may_have_any(text)]
    yield Workload(f"clean simplified ({len(passed) / len(simplified):.0%})", some(passed))
    yield Workload(f"clean, but suspected ({len(stopped) / len(simplified):.0%})", some(stopped))
    yield Workload("clean traditional", tuple(traditional(text, "s2t") for text in some(simplified)))
    yield Workload("Chinese, English, URLs", some(list(joined(_mixed()))))


def damaged() -> Iterator[Workload]:
    """Pages as long and as densely annotated as the seeds, and the seeds."""
    yield Workload("seeds", tuple(path.read_text("utf-8") for path in sorted(SEEDS.glob("*.source.txt"))))
    yield Workload("pages like the seeds", tuple(_pages()))


def some(texts: Sequence[str], most: int = _DOCUMENTS) -> tuple[str, ...]:
    """``most`` of the texts at most, from first to last."""
    return tuple(texts[:: max(1, len(texts) // most)][:most])


def joined(texts: Iterable[str], least: int = SMALL) -> Iterator[str]:
    """Documents of at least ``least`` bytes, each made of whole texts."""
    lines: list[str] = []
    size = 0
    for text in texts:
        lines.append(text)
        size += len(text.encode())
        if size >= least:
            yield "\n".join(lines)
            lines, size = [], 0


def _mixed() -> Iterator[str]:
    for source in ("debian", "gnome", "office"):
        for text in paragraphs(source):
            han, latin = (len(kind.findall(text)) / len(text) for kind in (_HAN, _LATIN))
            if latin >= _LATIN_LEAST and han >= _HAN_LEAST:
                yield text


def _pages() -> Iterator[str]:
    for source in _SOURCES:
        for text in islice(joined(documents(source), least=_PAGE), _PAGES // len(_SOURCES)):
            yield like_the_seeds(text)


def like_the_seeds(text: str) -> str:
    """A page made of a clean text, by the first site that annotates it as densely as the seeds are."""
    return next(page for page in _damaged(text) if _DENSITY[0] <= _density(page) <= _DENSITY[1])


def _damaged(text: str) -> Iterator[str]:
    """The pages that one site after the other makes of a text."""
    for number in count():
        yield damage(text, draw(f"speed {number} {text}", text)).text


def _density(page: str) -> float:
    return len(_READING.findall(page)) / len(page)
