"""Sites whose filter deletes words: the forward model of gaps. It knows nothing of the repair.

A site deletes some of 300 words, each wherever it stands, and shows a blank for each or nothing. Two thirds of the
words were drawn from the list that is shipped, the rest from the commonest 1,500 words that it does not have. Half of
the sites also cut 问题 down to 问, as the five real pages do; one occurrence in six escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

_FILTERED: Final = Path(__file__).parents[1] / "data" / "filtered.words"
_WORDS: Final = (1, 4)  # words a site deletes
_ESCAPES: Final = 1 / 6


class Gap(NamedTuple):
    """A deleted word: where it is missing in the page, and what stands there for it."""

    at: int
    shown: str
    word: str


class Filtered(NamedTuple):
    """A page that lost words."""

    text: str
    gaps: tuple[Gap, ...]


def words() -> list[str]:
    """The 300 words, always the same."""
    return _FILTERED.read_text(encoding="utf-8").split()


def filtered(text: str, every: Sequence[str], random: Random) -> Filtered | None:
    """The text as a site shows it that deletes some of the words; ``None`` if it has none of them."""
    met = sorted({word for word in every if word in text})
    cuts = "问题" in text and random.random() < 1 / 2
    if not met and not cuts:
        return None
    dropped = random.sample(met, min(len(met), random.randint(*_WORDS)))
    shown = random.choice(("", " "))
    pieces, gaps, length, done = [], [], 0, 0
    for at, word, stands in _deleted(text, dropped, cuts, shown):
        if at < done or random.random() < _ESCAPES:
            continue
        length += at - done
        pieces += text[done:at], stands
        gaps.append(Gap(length, stands, word))
        length += len(stands)
        done = at + len(word)
    return Filtered("".join(pieces) + text[done:], tuple(gaps)) if gaps else None


def _deleted(text: str, dropped: Sequence[str], cuts: bool, shown: str) -> Iterator[tuple[int, str, str]]:
    """What the filter finds: where, what it deletes, and what it shows."""
    patterns = [*map(re.escape, dropped), *["(?<=问)题"] * cuts]
    for m in re.finditer("|".join(patterns), text):
        yield m.start(), m.group(), "" if m.group() == "题" else shown
