"""A crawl made up: JSON Lines of pages, nearly all of them clean, a few damaged like the seeds.

The same arguments give the same bytes. The shares are not those of any crawl; they are chosen so that every kind of
page is met often, and most of the time still goes into pages that are fine, as in a crawl.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

from bench.corpus import documents
from bench.forward.damage import damage
from bench.forward.scripts import traditional
from bench.forward.sites import draw
from bench.pages import SEEDS, SOURCES
from jiaokan.screen import may_have_any

SHARES: Final = {
    "simplified": 0.87,  # nothing is suspected in it: it costs a look
    "suspected": 0.04,  # clean, but looked at closely
    "traditional": 0.06,
    "damaged": 0.02,  # as densely as the seeds
    "mojibake": 0.0005,  # UTF-8 read as GBK, with losses: the slowest there is
    "empty": 0.0095,  # no text at all
}
# Bytes of UTF-8 in a page: half have more, two in three have between half and double of it.
_MEDIAN, _SPREAD = 3000, 0.7
_MOST: Final = 200_000
_LEAST: Final = 12  # characters of a paragraph
# Paragraphs that are damaged before the pages are made, so that making 200 MB takes seconds.
_DAMAGED: Final = 600


def shipped() -> list[str]:
    """Clean paragraphs that are in this repository: prose written for the fixtures, and of the seeds those in which
    nothing is suspected; the others have gaps."""
    pages = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.clean.txt"))]
    written = [
        case["source"] for case in tomllib.loads((SEEDS.parent / "clean" / "prose.toml").read_text("utf-8"))["case"]
    ]
    of_seeds = [line for page in pages for line in page.splitlines() if not may_have_any(line)]
    return [line for line in (*of_seeds, *"\n".join(written).splitlines()) if len(line) >= _LEAST]


def fetched() -> list[str]:
    """Clean paragraphs of packages (``corpus``), nearly all of them different from all others."""
    return [text for source in SOURCES for text in documents(source)]


def records(paragraphs: Sequence[str], size: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Pages of these paragraphs, drawn at random, up to ``size`` bytes of JSON."""
    chance = random.Random(seed)
    lines = lines_by_kind(paragraphs, chance)
    kinds, shares = zip(*SHARES.items(), strict=True)
    made = 0
    for number in count(1):
        kind = chance.choices(kinds, shares)[0]
        text = None if kind == "empty" else page(lines[kind], chance)
        record = {"id": number, "url": f"https://site-{chance.randrange(999)}.example/{number}", "text": text}
        made += len(encoded(record))
        if made > size:
            return
        yield record


def encoded(record: dict[str, Any]) -> bytes:
    """The record as a line of JSON Lines."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def write(path: Path, paragraphs: Sequence[str], size: int) -> int:
    """Write a crawl of about ``size`` bytes, and say how many pages it has."""
    number = 0
    with path.open("wb") as file:
        for record in records(paragraphs, size):
            file.write(encoded(record))
            number += 1
    return number


def lines_by_kind(paragraphs: Sequence[str], chance: random.Random) -> dict[str, list[str]]:
    """The paragraphs as each kind of page has them."""
    made: dict[str, Callable[[str], str]] = {
        "simplified": str,
        "suspected": str,
        "traditional": partial(traditional, script="s2t"),
        "damaged": _damaged,
        "mojibake": lambda text: text.encode().decode("gbk", "replace"),
    }
    passing = [text for text in paragraphs if not may_have_any(text)]
    few = chance.choices(passing, k=_DAMAGED)
    of_kind = {"suspected": paragraphs, "damaged": few, "mojibake": few}
    return {kind: [*map(make, of_kind.get(kind, passing))] for kind, make in made.items()}


def _damaged(text: str) -> str:
    return damage(text, draw(f"crawl {text}", text)).text


def page(lines: Sequence[str], chance: random.Random) -> str:
    """A page of these lines, drawn at random."""
    least = min(_MOST, chance.lognormvariate(0, _SPREAD) * _MEDIAN)
    made_of: list[str] = []
    made = 0.0
    while made < least:
        made_of.append(lines[int(chance.random() * len(lines))])
        made += 3 * len(made_of[-1])  # about: Han characters
    return "\n".join(made_of)
