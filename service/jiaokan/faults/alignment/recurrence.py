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

from jiaokan.lexicon.pinyin import LETTER_CLASS
from jiaokan.lexicon.variants import simplify

# How much is left to what the page itself says: of which character follows another one, and of which it uses at all.
# Of 1,578 spots out of step (seeds 21 and 41) a fifth of the former restored 944, a tenth 938, three tenths 944; of the
# latter two to five hundredths restored seven more than none, fifteen hundredths twelve fewer.
SHARE: Final = 0.2
SHARE_OF_USE: Final = 0.04

_READING: Final = re.compile(f"[(（] ?[{LETTER_CLASS}]+ ?[)）]")


class Recurrence:
    """The characters of a text and their pairs, readings left out, in simplified form.

    >>> recurrence = Recurrence("催收(shōu)和催收")
    >>> recurrence.gain("催", "收", -6.0) > 5.0, recurrence.gain("催", "促", -6.0)
    (True, 0.0)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._chars: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._length = 0

    def _count(self) -> None:
        """Count the pairs. Most pages are never asked."""
        plain = simplify(_READING.sub("", self._text))
        self._chars.update(plain)
        self._pairs.update(pairwise(plain))
        self._length = len(plain)
        self._text = ""

    def gain(self, last: str, char: str, price: float) -> float:
        """What a character gains over its ``price``, log10, if the page has it elsewhere, behind ``last`` above all.

        Both are in simplified form.
        """
        if self._text:
            self._count()
        used = self._chars.get(char)
        if not used:
            return 0.0
        share = SHARE_OF_USE * used / self._length
        pairs = self._pairs.get((last, char))
        if pairs:
            share += SHARE * pairs / self._chars[last]
        return math.log10(1 + share / 10**price)
