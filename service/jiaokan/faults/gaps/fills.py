"""Which word is missing: the language model ranks those that filters drop, and the gaps of a page decide together.

A filter deletes few words, and each wherever it stands. So how often a word was found missing before (``dropped``), in
the other gaps of the page and in the other pages of a batch counts for it in every gap (a Dirichlet prior).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from jiaokan.faults.gaps.places import GapKind, Place
from jiaokan.lexicon.model import fill_gap, word_price
from jiaokan.lexicon.trigrams import trigrams
from jiaokan.lexicon.variants import convert
from jiaokan.lexicon.wordlists import dropped_words
from jiaokan.report import Fill

# In how many gaps a word counts as found missing before any is seen: one that filters drop, one that a user names (more
# than all that were seen, 28), and all the other words that are tried together, as a share of those that filters drop.
_KNOWN: Final = 0.5
_NAMED: Final = 30.0
_OTHERS: Final = 0.1
# The commonest words are tried as well, of two characters and more; so many.
_MOST: Final = 300
# A half is looked for if its word is among so many (问题 is the 154th), and commoner than the half as a word.
_MOST_HALVED: Final = 500
# Fills that are shown, and times the gaps of a page are weighed against one another.
_SHOWN: Final = 5
_TURNS: Final = 2
# Only these close 在…的, whatever reads well there.
_CLOSERS: Final = ("同时", "时候", "过程中", "情况下", "基础上", "前提下", "背景下", "条件下", "时间里", "期间")

_Number = TypeVar("_Number", int, float)


class DroppedWords:
    """The words that filters drop: those that are known here, and those that a user names.

    Made once for the words of a user; what follows from them is worked out when it is first needed.

    Attributes:
        words: each with the number of gaps it counts for.

    >>> DroppedWords(["本息"]).words["本息"] > DroppedWords.shipped().words["微信"]
    True
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        words = {word: seen + _KNOWN for word, seen in dropped_words().items()}
        words |= {word: words.get(word, 0.0) + _NAMED for word in named}
        self.words: Mapping[str, float] = words

    @staticmethod
    @cache
    def shipped() -> DroppedWords:
        """The words that are known here."""
        return DroppedWords()

    @cached_property
    def halves(self) -> Mapping[str, str]:
        """What is left of common words when one of a single character is deleted from them, with the word."""
        missing = [word for word in self.words if len(word) == 1]
        return _OF_SHIPPED if missing == _SHIPPED else halves(missing)

    @cached_property
    def half(self) -> re.Pattern[str]:
        """Any one of ``halves``."""
        return re.compile("|".join(map(re.escape, self.halves)) or "(?!)")

    @cached_property
    def before(self) -> Mapping[str, float]:
        """The words that are tried in a gap, each with the number of gaps in which it counts as found missing before
        any is seen."""
        common = (word for word in trigrams().commonest(_MOST) if len(word) > 1 and word not in self.words)
        others = tuple(dict.fromkeys(common))
        share = _OTHERS * _KNOWN * len(self.words) / max(1, len(others))
        return {**dict.fromkeys(_CLOSERS, _KNOWN), **dict.fromkeys(others, share), **self.words}


class Pool(NamedTuple):
    """What the gaps of a batch have shown, those of the page at hand among them.

    Attributes:
        words: how many gaps each word is expected to be missing in.
        contexts: how often half a word was met behind the same word.
        sure: how many halves of words are sure by themselves.
    """

    words: Mapping[str, float] = MappingProxyType({})
    contexts: Mapping[str, int] = MappingProxyType({})
    sure: int = 0

    def with_words(self, words: Iterable[str]) -> Pool:
        """The pool with these words, found missing once more each."""
        return self | Pool(Counter(words))

    def __or__(self, other: Pool) -> Pool:
        """Both pools together.

        >>> (Pool({"电话": 0.5}) | Pool({"电话": 0.75})).words["电话"]
        1.25
        """
        return Pool(_sum(self.words, other.words), _sum(self.contexts, other.contexts), self.sure + other.sure)


def _sum(one: Mapping[str, _Number], other: Mapping[str, _Number]) -> dict[str, _Number]:
    return {**one, **{key: one.get(key, 0) + number for key, number in other.items()}}


def halves(missing: Collection[str]) -> dict[str, str]:
    """For each half that common words are left with when one of these characters is deleted, the commonest such word.

    Both in simplified and in traditional characters.

    >>> halves("题")
    {'问': '问题', '問': '問題'}
    """
    found: dict[str, str] = {}
    for word in trigrams().commonest(_MOST_HALVED):
        for char in missing:
            rest = word.replace(char, "")
            if char in word and len(rest) == 1 and (word_price(rest) or _RARE) < (word_price(word) or _RARE):
                found.setdefault(rest, word)
    traditional = {convert(rest, "s2t"): convert(word, "s2t") for rest, word in found.items()}
    return found | {rest: word for rest, word in traditional.items() if rest in word}


_RARE: Final = float("-inf")
# What ``halves`` finds for the words that are shipped; to look for it takes a fifth of a second.
_SHIPPED: Final = ["题"]
_OF_SHIPPED: Final = {"问": "问题", "問": "問題"}


def rank_fills(text: str, found: Sequence[Place], known: DroppedWords, pool: Pool) -> list[tuple[Fill, ...]]:
    """For each place the words that fit best, the likeliest first.

    >>> from jiaokan.faults.gaps.places import places
    >>> text = "本行通常采用 催收、短信催收。"
    >>> [fill.text for fill in rank_fills(text, places(text), DroppedWords.shipped(), Pool())[0]][:1]
    ['电话']
    """
    before = known.before
    fits = [_fits(text, place, _CLOSERS if place.evidence is GapKind.CLOSES else tuple(before)) for place in found]
    shares = [_shares(fit, before, pool.words) for fit in fits]
    for _ in range(_TURNS if len(found) > 1 and not pool.contexts else 0):  # a pool has these gaps already
        met = Counter(pool.words)
        for share in shares:
            met.update(share)
        shares = [
            _shares(fit, before, {word: met[word] - share.get(word, 0.0) for word in met})
            for fit, share in zip(fits, shares, strict=True)
        ]
    return [_shown(share, place) for share, place in zip(shares, found, strict=True)]


def _fits(text: str, place: Place, words: tuple[str, ...]) -> dict[str, float]:
    """log10 of how well each word fits, less that of the best."""
    choices = fill_gap(text[: place.start], text[place.end :].partition("\n")[0], words)
    return {choice.text: choice.score - choices[0].score for choice in choices}


def _shares(fits: Mapping[str, float], before: Mapping[str, float], met: Mapping[str, float]) -> dict[str, float]:
    """How probable each word is, given how well it fits and how often it was found missing elsewhere."""
    weights = {word: 10**fit * (before[word] + met.get(word, 0.0)) for word, fit in fits.items()}
    total = sum(weights.values())
    return {word: weight / total for word, weight in weights.items()}


def _shown(shares: Mapping[str, float], place: Place) -> tuple[Fill, ...]:
    best = sorted(shares, key=shares.__getitem__, reverse=True)[:_SHOWN]
    return tuple(Fill(word, round(shares[word] * place.evidence.precision, 3)) for word in best)
