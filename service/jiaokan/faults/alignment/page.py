"""What a page shows of its own history: how it was folded and converted, which characters it annotates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jiaokan.charset import gbk
from jiaokan.charset.stream import LOST_MARKS, fold, pieces
from jiaokan.lexicon.hanzi import HAN_CLASS, is_han
from jiaokan.lexicon.pinyin import Mark, marks, reads
from jiaokan.lexicon.variants import forms, has_twin, simplify

_MARKS: Final = "，。、！？；：,.!?;:"
_LOST_HIT: Final = re.compile(rf"(?<=[^\x00-\x7f])[{LOST_MARKS}](?=[{LOST_MARKS}]? ?[{_MARKS}{LOST_MARKS}])")
_FOLDED: Final = re.compile(f"(?<=[{HAN_CLASS}])[,:;?!](?=[{HAN_CLASS}])")
_FULLWIDTH: Final = re.compile("[\uff01-\uff5e]")
_PRIVATE: Final = re.compile("[\ue000-\ue765]")
# Of the characters that differ between the scripts, a page in traditional has nine in ten traditional, a converted one
# none but those in its garbled stretches.
_TRADITIONAL_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """A text and the evidence it holds.

    Attributes:
        text: the page.
        marks: what can be an inserted reading, by where it starts; ``ends``, by where it ends.
        lost: where a lost byte may stand without a reading.
        folded: whether fullwidth forms were folded to ASCII; ``None`` if the page does not show it.
        converted: whether traditional characters were converted to simplified after the damage.
        annotated: the characters that have one of their readings behind them.
        private: whether the page shows private-use characters, which many pages strip.
        swallows: whether a lost byte took the ASCII character after it along, as far as the page shows.
    """

    text: str
    marks: dict[int, Mark]
    ends: dict[int, Mark]
    lost: frozenset[int]
    folded: bool | None
    converted: bool
    annotated: frozenset[str]
    private: bool
    swallows: bool

    @classmethod
    def read(cls, text: str) -> Page:
        """Gather the evidence of a text."""
        found = marks(text)
        starts = {mark.start: mark for mark in found}
        lost = (m.start() for m in _LOST_HIT.finditer(text))
        return cls(
            text=text,
            marks=starts,
            ends={mark.end: mark for mark in found},
            lost=frozenset(at for at in lost if at not in starts),
            folded=_folded(text),
            converted=_converted(text),
            annotated=frozenset(_hit(text, mark) for mark in found if mark.whole) - {""},
            private=_PRIVATE.search(text) is not None,
            swallows=all(mark.whole or mark.eaten for mark in found),
        )

    def written(self, spelled: str) -> str:
        """What the bytes spell, written as this page writes."""
        if self.folded:
            spelled = "".join(map(fold, spelled))
        return simplify(spelled) if self.converted else spelled

    def is_out_of_place(self, mark: Mark) -> bool:
        """Whether a whole reading belongs to none of the characters whose bytes can stand before it."""
        before = self.text[mark.start - 1 : mark.start]
        if not is_han(before) or reads(before, mark.reading):
            return False
        return any(hits(trail, mark.reading) for _, trail in self.tails(mark.start))

    def tails(self, at: int) -> list[tuple[int, int]]:
        """The last two bytes before ``at``, readings left out, in every way the page allows; 0 where unknown."""
        last = self._before(at)
        if last < 0:
            return [(0, 0)]
        found = []
        for raw in self.raws(last):
            if len(raw) == 2:
                found.append(raw)
            else:
                found += [(byte, raw[0]) for byte in self._last_bytes(last)]
        return found or [(0, 0)]

    def _last_bytes(self, at: int) -> set[int]:
        last = self._before(at)
        return {raw[-1] for raw in self.raws(last)} or {0} if last >= 0 else {0}

    def raws(self, at: int) -> Iterator[tuple[int, ...]]:
        """The bytes the one character at ``at`` can have been, the most likely first."""
        for piece in pieces(self.text, at):
            if piece.end == at + 1 and None not in piece.raw and not (piece.folded and self.folded is False):
                yield tuple(byte for byte in piece.raw if byte is not None)
        if self.converted:
            yield from filter(None, map(gbk.encode, forms(self.text[at])))

    def shown(self, at: int, length: int) -> str:
        """Up to ``length`` characters before ``at``, readings left out."""
        found = ""
        last = self._before(at)
        while last >= 0 and len(found) < length:
            found = self.text[last] + found
            last = self._before(last)
        return found

    def _before(self, at: int) -> int:
        """Where the character before ``at`` stands, readings skipped; -1 at the start."""
        while (mark := self.ends.get(at)) and mark.whole:
            at = mark.start
        return at - 1


def tells(lead: int, trail: int, reading: str) -> str:
    """The character of a pair if the replacement can have put ``reading`` behind it, otherwise nothing.

    >>> tells(0x94, 0xB5, "shù"), tells(0xC4, 0xE3, "nǐ")  # 你 looks the same in both scripts
    ('數', '')
    """
    char = gbk.decode(lead, trail) if lead else None
    return char if char and has_twin(char) and reads(char, reading) else ""


@lru_cache(maxsize=8192)
def hits(lead: int, reading: str) -> tuple[tuple[int, str], ...]:
    """Every lost byte that makes a character of the table with ``lead`` and this reading, and the character."""
    return tuple((lost, char) for lost in gbk.LEADS if (char := tells(lead, lost, reading)))


def _hit(text: str, mark: Mark) -> str:
    char = text[mark.start - 1 : mark.start]
    return char if char and has_twin(char) and reads(char, mark.reading) else ""


def _folded(text: str) -> bool | None:
    if _FULLWIDTH.search(text):
        return False
    return True if _FOLDED.search(text) else None


def _converted(text: str) -> bool:
    """Whether the page is in simplified characters."""
    twins = [char for char in text if has_twin(char)]
    return sum(simplify(char) != char for char in twins) <= _TRADITIONAL_SHARE * len(twins)
