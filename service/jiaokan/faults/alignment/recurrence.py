"""What a page says more than once: its own words, which the lexicon may not have.

A page on 催收 says 催收 fifty times. A restored character that follows another one as it does elsewhere on the page is
likelier than the lexicon says.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Final

from jiaokan.lexicon.hanzi import HAN_CLASS
from jiaokan.lexicon.pinyin import LETTER_CLASS
from jiaokan.lexicon.variants import simplify

# How much is left to what the page itself says: of which character follows another one, and of which it uses at all.
# Of 447 spots out of step (seed 3) a fifth of the former restored 258, nothing 256, a twentieth 257; what it does for a
# term such as 催收, long pages show more than the bench's short ones. Of 1,578 (seeds 21 and 41) two hundredths of the
# latter restored 874, none 867, six hundredths 872, fifteen 855.
SHARE: Final = 0.2
SHARE_OF_USE: Final = 0.03

_READING: Final = re.compile(f"[(（] ?[{LETTER_CLASS}]+ ?[)）]")
_HAN_RUN: Final = re.compile(f"[{HAN_CLASS}]{{2,}}")


class Recurrence:
    """The Han characters of a text and their pairs, readings left out, in simplified form.

    >>> recurrence = Recurrence("催收(shōu)和催收")
    >>> recurrence.gain("催", "收", -6.0) > 5.0, recurrence.gain("催", "促", -6.0)
    (True, 0.0)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._firsts: Counter[str] = Counter()
        self._chars: Counter[str] = Counter()
        self._length = 0

    def _count(self) -> None:
        """Count the pairs. Most pages are never asked."""
        for run in _HAN_RUN.findall(simplify(_READING.sub("", self._text))):
            self._pairs.update(pairwise(run))
            self._firsts.update(run[:-1])
            self._chars.update(run)
        self._length = self._chars.total()
        self._text = ""

    def gain(self, last: str, char: str, price: float) -> float:
        """What a character gains over its ``price``, log10, if the page has it elsewhere, behind ``last`` above all.

        Both are in simplified form.
        """
        if self._text:
            self._count()
        used = self._chars.get(char, 0)
        if not used:
            return 0.0
        share = SHARE_OF_USE * used / self._length + SHARE * self._pairs[last, char] / (self._firsts[last] or 1)
        return math.log10(1 + share / 10**price)
