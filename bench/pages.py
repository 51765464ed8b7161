"""Pages for the benches of speed: clean ones in four kinds, pages damaged as densely as the seeds, and the seeds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import count, islice
from typing import Final

from bench.corpus import documents, joined, paragraphs
from bench.forward.damage import damage
from bench.forward.scripts import traditional
from bench.forward.sites import draw
from bench.harness import ROOT
from bench.timing import Inputs
from jiaokan.screen import may_have_any

SEEDS: Final = ROOT / "fixtures" / "seeds"
SMALL: Final = 2000  # bytes of UTF-8 in a small document, at least
SOURCES: Final = ("news", "reviews", "office")
_DOCUMENTS: Final = 60  # of each kind at most
_PAGES: Final = 30
# The seeds have 2191 to 2848 characters, 1676 to 1901 of them text, and 31 to 81 readings for each thousand.
_PAGE: Final = 5100  # bytes of UTF-8 in the text of a page, at least
_DENSITY: Final = (0.031, 0.081)
_READING: Final = re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+[)）]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[A-Za-z]")
# Shares of Latin letters and of Han characters that make a paragraph mixed.
_LATIN_LEAST, _HAN_LEAST = 0.25, 0.2


def clean() -> Iterator[Inputs]:
    """Texts without damage, in documents of 2 KB."""
    simplified = prose(SMALL)
    stopped, passed = split_by_screen(simplified)
    yield Inputs(f"clean simplified ({len(passed) / len(simplified):.0%})", spread(passed))
    yield Inputs(f"clean, but suspected ({len(stopped) / len(simplified):.0%})", spread(stopped))
    yield Inputs("clean traditional", [traditional(text, "s2t") for text in spread(simplified)])
    yield Inputs("Chinese, English, URLs", spread(list(of_bytes(_mixed(), SMALL))))


def damaged() -> Iterator[Inputs]:
    """Pages as long and as densely annotated as the seeds, and the seeds."""
    yield Inputs("seeds", [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.source.txt"))])
    made = (islice(of_bytes(documents(source), _PAGE), _PAGES // len(SOURCES)) for source in SOURCES)
    yield Inputs("pages like the seeds", [like_the_seeds(text) for texts in made for text in texts])


def prose(least: int) -> list[str]:
    """All documents of the sources, joined to at least ``least`` bytes."""
    return [text for source in SOURCES for text in of_bytes(documents(source), least)]


def split_by_screen(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """The texts that the screen stops, and those that it lets pass."""
    split: tuple[list[str], list[str]] = [], []
    for text in texts:
        split[not may_have_any(text)].append(text)
    return split


def spread(texts: Sequence[str], most: int = _DOCUMENTS) -> list[str]:
    """``most`` of the texts at most, from first to last."""
    return list(texts[:: max(1, len(texts) // most)][:most])


of_bytes = partial(joined, measure=lambda text: len(text.encode()))  # texts of at least so many bytes of UTF-8


def like_the_seeds(text: str) -> str:
    """A page made of a clean text, by the first site that annotates it as densely as the seeds are."""
    pages = (damage(text, draw(f"speed {number} {text}", text)).text for number in count())
    return next(page for page in pages if _DENSITY[0] <= len(_READING.findall(page)) / len(page) <= _DENSITY[1])


def _mixed() -> Iterator[str]:
    for source in ("debian", "gnome", "office"):
        for text in paragraphs(source):
            han, latin = (len(kind.findall(text)) / len(text) for kind in (_HAN, _LATIN))
            if latin >= _LATIN_LEAST and han >= _HAN_LEAST:
                yield text
