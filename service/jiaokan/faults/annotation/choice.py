"""Which characters of a text are annotated, and who chooses so: a table, or one of the habits of people.

Whoever annotates characters gives each of those on the page a weight and takes some of them. So the chance of a choice
is the product of the weights of what was taken, each relative to the mean weight on the page; and the odds of a table
are its chance against that of the likeliest habit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from math import log10
from typing import Final

from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.pinyin import readings
from jiaokan.lexicon.plausibility import char_price

# Tables hold common characters. Of those that have another form, at a share in running text (log10) of -2.5, -3.0,
# -3.5 and -4.0, 61, 31, 10 and 2 in 100 were seen annotated on real pages: half at HALF, their odds falling by
# STEEPNESS orders with each order of the share.
HALF: Final = -2.7
STEEPNESS: Final = 1.3
# People choose what their readers may not know: the rarer, the likelier. Or characters with several readings; one in
# so many of theirs has but one. Or just any. The shares of these three are a guess; the last is said of nobody.
DIFFICULTY: Final = 0.4
SLIP: Final = 0.03
DIFFICULT, AMBIGUOUS, ANY = 0.45, 0.45, 0.1
# The share of a character that the model does not know.
UNKNOWN: Final = -7.0

Weight = Callable[[str], float]


def odds_of_a_table(page: str, annotated: Iterable[str]) -> float:
    """log10 of how much likelier a table than a person is to annotate just these of the characters of a page.

    >>> page = "他们顽强地挑战贫困，用财力和双手摆脱本世纪最后的贫困，大步走向未来"
    >>> odds_of_a_table(page, "地力手本大") > 1 > 0 > odds_of_a_table(page, "顽挑贫脱")
    True
    """
    chars, annotated = [*filter(is_han, set(page))], [*annotated]
    by_people = max(
        log10(DIFFICULT) + _chance(chars, annotated, _difficulty),
        log10(AMBIGUOUS) + _chance(chars, annotated, _ambiguity),
        log10(ANY),
    )
    return _chance(chars, annotated, _commonness) - by_people


def _chance(chars: list[str], annotated: list[str], weight: Weight) -> float:
    """log10 of how likely just these are annotated, compared with any others of the characters of the page."""
    mean = sum(map(weight, chars)) / len(chars)
    return sum(log10(weight(char) / mean) for char in annotated)


def _commonness(char: str) -> float:
    return 1 / (1 + 10 ** (STEEPNESS * (HALF - _share(char))))


def _difficulty(char: str) -> float:
    return 10 ** (-DIFFICULTY * _share(char))


def _ambiguity(char: str) -> float:
    return 1.0 if len(readings(char)) > 1 else SLIP


@lru_cache(maxsize=4096)
def _share(char: str) -> float:
    share = char_price(char)
    return UNKNOWN if share is None else share
