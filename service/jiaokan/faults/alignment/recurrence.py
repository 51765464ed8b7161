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

# How much is left to what the page itself says. Of 447 spots out of step (seed 3) a fifth restored 258, nothing 256, a
# twentieth 257; what it does for a term such as 催收, long pages show more than the bench's short ones.
SHARE: Final = 0.2

_READING: Final = re.compile(f"[(（] ?[{LETTER_CLASS}]+ ?[)）]")
_HAN_RUN: Final = re.compile(f"[{HAN_CLASS}]{{2,}}")


class Recurrence:
    """The pairs of neighbouring Han characters of a text, readings left out, in simplified form.

    >>> recurrence = Recurrence("催收(shōu)和催收")
    >>> recurrence.gain("催", "收", -6.0) > 5.0, recurrence.gain("催", "促", -6.0)
    (True, 0.0)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._firsts: Counter[str] = Counter()

    def _count(self) -> None:
        """Count the pairs. Most pages are never asked."""
        for run in _HAN_RUN.findall(simplify(_READING.sub("", self._text))):
            self._pairs.update(pairwise(run))
            self._firsts.update(run[:-1])
        self._text = ""

    def gain(self, last: str, char: str, price: float) -> float:
        """What a character gains over its ``price``, log10, if the page has it behind ``last`` elsewhere."""
        if self._text:
            self._count()
        times = self._pairs.get((last, simplify(char)), 0)
        if not times:
            return 0.0
        return math.log10(1 + SHARE * times / self._firsts[last] / 10**price)
