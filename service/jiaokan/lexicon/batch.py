"""Many texts scored at once, to the same numbers as one by one (``context``), several times as fast.

Whatever is not Han breaks the line of words, so a text falls apart into runs of Han characters that have nothing to do
with one another, and the rest, which costs by class. Each different run is scored once, all of them in lockstep: one
NumPy operation for the n-th character of every run. The words are found beforehand, in all runs together.

A place is a gap between two characters of a run, or one of its ends. Places are numbered so that all those with n
characters of their run before them follow one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, combinations, pairwise
from typing import Final, NamedTuple

import numpy as np

from jiaokan.lexicon.context import MOST_HISTORIES, RARE_HAN, START
from jiaokan.lexicon.hanzi import HAN_CLASS
from jiaokan.lexicon.index import NO_CONTEXT, Floats, Index, Ints, index, read
from jiaokan.lexicon.marks import ASKING
from jiaokan.lexicon.trigrams import NO_HISTORY, ROOT
from jiaokan.lexicon.variants import simplified_forms

# A step in lockstep costs, beside what it costs for each run, as much as so many characters do one by one (measured:
# 150 and 6 microseconds).
STEP_COST: Final = 25
# Characters in lockstep at a time, which take some 6 MB. Half as many are a twentieth slower, more hardly faster.
MOST_AT_ONCE: Final = 1 << 15

_HAN_RUN: Final = re.compile(f"([{HAN_CLASS}]+)")
_SEPARATOR: Final = "\0"
# Words that end at one place are ordered by two bits for each of their characters, and for where they begin.
_ORDER_BITS: Final = 22
_TOP: Final = _ORDER_BITS - 2
_FIRST_HEIR, _SECOND_HEIR, _BEGINS = (digit << _TOP for digit in range(3))


class Words(NamedTuple):
    """Words found in runs, by the place where they end.

    Attributes:
        starts: the place before each word.
        ends: the place behind it, ascending.
        numbers: which word of the model.
    """

    starts: Ints
    ends: Ints
    numbers: Ints


class Paths(NamedTuple):
    """The likeliest ways to reach each place, a row for each; the best is the first.

    Attributes:
        scores: log10 of the probability, minus infinity where there are fewer ways.
        lasts: the last word, ``NO_HISTORY`` if it is forgotten.
        contexts: the context of trigrams that the last two words are, or ``NO_CONTEXT``.
    """

    scores: Floats
    lasts: Ints
    contexts: Ints


def scores(texts: Iterable[str], *, literal: bool = False) -> list[float]:
    """log10 of the probability of each text, in their order: ``START.extend(text, literal=literal).score``.

    Sums are made in another order, so that the last digits differ. Where the scores of two ways to divide a text are
    equal but for these digits, the other one may be the one that is followed.

    >>> right, wrong = scores(["随着消费信贷的普及", "帧kS著消費信貸的普"])
    >>> right > wrong
    True
    """
    pieces = [_HAN_RUN.split(text) for text in texts]
    runs = _run_scores(dict.fromkeys(run for text in pieces for run in text[1::2]), literal)
    found = []
    for others, between in ((text[::2], text[1::2]) for text in pieces):
        score, pending, asks = 0.0, "", False
        for run, last, other in zip(("", *between), ("", *_lasts(between, literal)), others, strict=True):
            price, pending, asks = _other_score(last, pending, asks or not ASKING.isdisjoint(run), other)
            score += price
        found.append(score + sum(map(runs.__getitem__, between)))
    return found


def _lasts(runs: Sequence[str], literal: bool) -> Iterator[str]:
    """The last character of each run, as a context remembers it."""
    known = {} if literal else simplified_forms()
    return (known.get(run[-1], run[-1])[0] for run in runs)


@lru_cache(maxsize=4096)
def _other_score(last: str, pending: str, asks: bool, other: str) -> tuple[float, str, bool]:
    """The price of a piece without Han characters behind a character, and what a context remembers after it."""
    context = START._replace(last=last, pending=pending, asks=asks).extend(other)
    return context.score, context.pending, context.asks


def _run_scores(runs: Iterable[str], literal: bool) -> dict[str, float]:
    """The scores of runs of Han characters; the longest one by one where few are as long."""
    ordered = sorted(runs, key=len, reverse=True)
    sizes = np.array([*map(len, ordered), 0])
    alone = int(np.argmin(np.cumsum(sizes) - sizes + STEP_COST * sizes))
    found = {run: START.extend(run, literal=literal).score for run in ordered[:alone]}
    for part in _parts(ordered[alone:]):
        found.update(zip(part, _lockstep(part, literal), strict=True))
    return found


def _parts(runs: Sequence[str]) -> Iterator[Sequence[str]]:
    """The runs in their order, cut where ``MOST_AT_ONCE`` characters are reached."""
    shares = [size // MOST_AT_ONCE for size in accumulate(map(len, runs))]
    cuts = [at for at in range(1, len(runs)) if shares[at - 1] != shares[at]]
    return (runs[low:high] for low, high in pairwise((0, *cuts, len(runs))) if low < high)


def _lockstep(runs: Sequence[str], literal: bool) -> list[float]:
    """The scores of runs, the longest first, none empty."""
    sizes = np.fromiter(map(len, runs), np.int64, len(runs))
    # How many runs have a place with n characters before it, for each n, and the first number of these places.
    breadths = len(runs) - np.cumsum(np.bincount(sizes + 1))[:-1]
    firsts = np.concatenate(([0], np.cumsum(breadths)))
    run = np.repeat(np.arange(len(runs)), sizes + 1)
    before = np.arange(len(run)) - np.repeat(np.cumsum(sizes + 1) - sizes - 1, sizes + 1)
    words = _words(runs, firsts[before] + run, index(), literal)
    ends = firsts[sizes] + np.arange(len(runs))
    found: list[float] = _follow(words, firsts, index())[ends].tolist()
    return found


def _words(runs: Sequence[str], places: Ints, model: Index, literal: bool) -> Words:
    """Every word of the model in the runs; ``places`` says which place precedes each character, and which is last.

    Those that end at one place are in the order in which ``Context`` comes to them: what the last character counts as
    is decisive, then what the one before it does, and so on to where the word begins, which comes last.
    """
    first, second = read(_SEPARATOR.join(runs) + _SEPARATOR, literal)
    begins = ends = np.flatnonzero(first)
    nodes, orders = np.full(len(begins), ROOT), np.full(len(begins), _BEGINS)
    found = [np.empty((4, 0), np.int64)]
    while len(nodes):
        twofold = np.flatnonzero(second[ends])
        heirs = np.repeat((_FIRST_HEIR, _SECOND_HEIR), (len(nodes), len(twofold)))
        codes = np.concatenate((first[ends], second[ends[twofold]]))
        both = np.concatenate((np.arange(len(nodes)), twofold))
        nodes, orders = model.child(nodes[both], codes), heirs | orders[both] >> 2
        begins, ends = begins[both], ends[both] + 1
        word = model.is_word(nodes)
        found.append(np.stack((places[begins[word]], places[ends[word]], nodes[word], orders[word])))
        open_ = (nodes != ROOT) & model.goes_on(nodes)
        begins, ends, nodes, orders = begins[open_], ends[open_], nodes[open_], orders[open_]
    starts, stops, numbers, orders = np.concatenate(found, axis=1)
    by_end = np.argsort(stops << _ORDER_BITS | orders)
    return Words(starts[by_end], stops[by_end], numbers[by_end])


def _follow(words: Words, firsts: Ints, model: Index) -> Floats:
    """The score of each place. ``firsts`` says which is the first with n characters before it, for each n."""
    shape = (int(firsts[-1]), MOST_HISTORIES)
    paths = Paths(np.full(shape, -np.inf), np.full(shape, NO_HISTORY), np.full(shape, NO_CONTEXT))
    paths.scores[: firsts[1], 0] = START.score
    groups = np.flatnonzero(np.diff(words.ends, prepend=-1))  # where the words begin that end at the next place
    cuts = np.searchsorted(words.ends[groups], firsts)
    groups = np.append(groups, len(words.ends))
    for before, low, high, cut, end in zip(firsts, firsts[1:], firsts[2:], cuts[1:], cuts[2:], strict=False):
        paths.scores[low:high, 0] = paths.scores[before : before + high - low, 0] + RARE_HAN
        if cut < end:
            here = slice(groups[cut], groups[end])
            _arrive(paths, Words(*(column[here] for column in words)), groups[cut : end + 1] - groups[cut], model)
    return paths.scores[:, 0]


def _arrive(paths: Paths, words: Words, groups: Ints, model: Index) -> None:
    """Enter the paths to the places where ``words`` end. Those from one of ``groups`` to the next end at one place."""
    totals = paths.scores[words.starts]
    ways = totals > -np.inf
    after = np.full(totals.shape, NO_CONTEXT)
    lasts, contexts = paths.lasts[words.starts][ways], paths.contexts[words.starts][ways]
    prices, after[ways] = model.step(lasts, contexts, np.repeat(words.numbers, ways.sum(axis=1)))
    totals[ways] += prices
    for one, other in combinations(range(MOST_HISTORIES), 2):  # two ways with one history count as the better one
        same = after[:, one] == after[:, other]
        totals[same, one] = totals[same][:, [one, other]].max(axis=1)
        totals[same, other] = -np.inf
    row, contexts = totals.reshape(-1), after.reshape(-1)
    bounds, ends = groups[:-1] * MOST_HISTORIES, words.ends[groups[:-1]]
    for rank in range(MOST_HISTORIES):
        best = np.maximum.reduceat(row, bounds)
        ties = np.flatnonzero(row == np.repeat(best, np.diff(groups) * MOST_HISTORIES))
        chosen = ties[np.searchsorted(ties, bounds)]
        paths.scores[ends, rank] = best
        paths.lasts[ends, rank] = words.numbers[chosen // MOST_HISTORIES]
        paths.contexts[ends, rank] = contexts[chosen]
        row[chosen] = -np.inf
