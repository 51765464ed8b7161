"""The replacement's table, as far as a page shows it: which characters it can have put readings behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jiaokan.charset import gbk
from jiaokan.lexicon.pinyin import reads
from jiaokan.lexicon.plausibility import char_price
from jiaokan.lexicon.variants import differs_by_script, simplify

# Readings behind characters that look the same in both scripts, from which on the table has such; and different
# characters that all have another form, from which on it has no others: four in ten characters of running text do.
SOME_ALIKE: Final = 2
ENOUGH_TWINS: Final = 3
# log10 of how likely a character is to be in the table beside one that surely is: one that bears no reading elsewhere
# on the page; one that looks the same in both scripts, where the page does not show whether the table has such; and a
# rare one in a table of any characters, which holds common ones. With RARE at 0, -1 and -2 the bench restored 56.2,
# 56.8 and 57.0 % of 1,578 spots out of step (seeds 21 and 41).
STRANGE: Final = -1.0
ALIKE: Final = -1.5
RARE: Final = -2.0
# log10 of the share in running text below which a character is rare here: it has some 1,400 commoner ones.
RARE_SHARE: Final = -3.8


@dataclass(frozen=True, slots=True)
class InsertionTable:
    """What is known of the table.

    Attributes:
        known: characters that are in it.
        any_char: whether it holds characters that look the same in both scripts, as on a site that converts nothing;
            ``None`` if the page does not show it.
    """

    known: frozenset[str]
    any_char: bool | None

    @classmethod
    def shown(cls, read: Collection[str]) -> InsertionTable:
        """The table of a page with readings behind the characters ``read``, repeated as they are there.

        >>> [InsertionTable.shown(read).any_char for read in ("現現", "現業發", "新能")]
        [None, False, True]
        """
        twins = frozenset(filter(differs_by_script, read))
        if sum(char not in twins for char in read) >= SOME_ALIKE:
            return cls(frozenset(read), True)
        return cls(twins, False if len(twins) >= ENOUGH_TWINS else None)

    def tells(self, lead: int, trail: int, reading: str) -> str:
        """The character of a pair if the replacement can have put ``reading`` behind it, otherwise nothing.

        >>> table = InsertionTable.shown("現業發")
        >>> table.tells(0x94, 0xB5, "shù"), table.tells(0xC4, 0xE3, "nǐ")  # 你 looks the same in both scripts
        ('數', '')
        """
        return _tells(lead, trail, reading, self.any_char is not False)

    def hits(self, lead: int, reading: str) -> tuple[tuple[int, str], ...]:
        """Every lost byte that makes a character of the table with ``lead`` and this reading, and the character."""
        return _hits(lead, reading, self.any_char is not False)

    def price(self, char: str) -> float:
        """log10 of how likely it is that a character is in the table, beside one that surely is."""
        if char in self.known:
            return 0.0
        price = STRANGE
        if self.any_char is None and not differs_by_script(char):
            price += ALIKE
        if self.any_char is not False:
            share = char_price(simplify(char))
            price += RARE if share is None or share < RARE_SHARE else 0.0
        return price


def _tells(lead: int, trail: int, reading: str, any_char: bool) -> str:
    char = gbk.decode(lead, trail) if lead else None
    return char if char and (any_char or differs_by_script(char)) and reads(char, reading) else ""


@lru_cache(maxsize=8192)
def _hits(lead: int, reading: str, any_char: bool) -> tuple[tuple[int, str], ...]:
    return tuple((lost, char) for lost in gbk.LEADS if (char := _tells(lead, lost, reading, any_char)))
