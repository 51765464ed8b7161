"""Which channel garbled a line: every one is tried, and doing nothing is one more hypothesis.

What a channel would undo is found by its glance (``stretches``) and weighed by plausibility (``writing.likelihood``).
What is clear at a glance is taken at once (``whole``); of a long line a sample is searched, and what it shows is done
to all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from jiaokan.edits import Edit, apply, compose
from jiaokan.faults.transcoding.candidates import candidates
from jiaokan.faults.transcoding.channels import Chain, Channel
from jiaokan.faults.transcoding.hyphens import with_hyphens
from jiaokan.faults.transcoding.language import has_letters, is_language, leaves_korean, weight
from jiaokan.faults.transcoding.stretches import proof, stretches
from jiaokan.faults.transcoding.suspicion import pattern
from jiaokan.faults.transcoding.whole import Hypothesis, clearly
from jiaokan.lexicon.glance import unigram_score

# Channels that are followed up, by their gain at a glance; and of a text that has come through others.
_MOST_CANDIDATES: Final = 6
_MOST_FURTHER: Final = 4
# How deep text is read wrongly over and over: three times was seen (脜盲脰脙 for 配置).
_DEEPEST: Final = 3
# log10 of how seldom text is read wrongly once more.
_ONCE_MORE: Final = -2.0
# log10 by which damage of a whole line is likelier than damage that ends within it.
_WHOLE: Final = 3.0
# Characters of a sample, before its first sign too, how many are tried, and the gain (log10) that makes one speak for
# its line.
_SAMPLE: Final = 80
_SAMPLE_BEFORE: Final = 40
_SAMPLES: Final = 2
_SPEAKS: Final = 6.0


def search_channels(line: str, known: Iterable[Chain] = ()) -> Hypothesis | None:
    """The best hypothesis about a line, or ``None`` if nothing is better than to leave it.

    ``known`` are the chains that garbled other lines of its page.

    >>> search_channels("這是²âÊÔ。").edits
    (Edit(start=2, before='²âÊÔ', after='测试'),)
    """
    whole = clearly(line)
    if whole:
        return whole
    along = _best(line, (each for chain in known for each in _along(line, chain)))
    if along and along.gain >= _SPEAKS:
        return along
    if len(line) <= _SAMPLE:
        return _best(line, _hypotheses(line, known))
    for sample in islice(_samples(line), _SAMPLES):
        best = _best(sample, _hypotheses(sample, known))
        if best and best.gain >= _SPEAKS:
            return _best(line, (each for chain in best.chains for each in _along(line, chain)))
    return None


def _samples(line: str) -> Iterator[str]:
    """Pieces of a long line around its first signs; each begins behind a byte that ends whatever is out of step."""
    end = 0
    for sign in pattern().finditer(line):
        if sign.start() >= end:
            start = max(end, sign.start() - _SAMPLE_BEFORE)
            step = max(line.rfind(mark, start, sign.start()) for mark in " \t,;:\"'(=>") + 1
            start = max(start, step)
            end = start + _SAMPLE
            yield line[start:end]


def _best(line: str, hypotheses: Iterable[Hypothesis]) -> Hypothesis | None:
    """The likeliest hypothesis, with all chains that say the same and its margin over what says something else."""
    ranked = sorted(hypotheses, key=lambda each: -each.gain)
    if not ranked or ranked[0].gain <= 0.0:
        return None
    best = ranked[0]
    told = apply(line, best.edits)
    same = [each for each in ranked if apply(line, each.edits) == told]
    others = (each.gain for each in ranked if each not in same)
    chains = tuple(dict.fromkeys(chain for each in same for chain in each.chains))
    return best._replace(chains=chains, margin=best.gain - next(others, float("-inf")))


def _hypotheses(line: str, known: Iterable[Chain]) -> Iterator[Hypothesis]:
    for channel in dict.fromkeys((*(chain[0] for chain in known), *candidates(line, _MOST_CANDIDATES))):
        for edits, prior in _extents(line, channel):
            yield from _search_through(line, tuple(edits), (channel,), prior)


def _search_through(line: str, edits: tuple[Edit, ...], chain: Chain, prior: float) -> Iterator[Hypothesis]:
    """The hypothesis that a line came through a chain, and those that it came through more before that."""
    undone = apply(line, edits)
    found = _judged(line, edits, chain, prior)
    if found:
        yield found
    # What was garbled once is written in UTF-8, and not in a charset that lacks most of its characters.
    if len(chain) == _DEEPEST or not chain[-1].written.proves or not pattern().search(undone):
        return
    for channel in candidates(undone, _MOST_FURTHER):
        for further, extent in _extents(undone, channel):
            both = compose(edits, further)
            if len(both) <= len(edits):  # else it works elsewhere in the line
                yield from _search_through(line, both, (*chain, channel), prior + extent + _ONCE_MORE)


def _along(line: str, chain: Chain) -> Iterator[Hypothesis]:
    """The hypotheses that a line came through this chain."""
    ways: list[tuple[tuple[Edit, ...], float]] = [((), 0.0)]
    for channel in chain:
        ways = [
            (compose(edits, further), prior + extent)
            for edits, prior in ways
            for further, extent in _extents(apply(line, edits), channel)
        ]
    judged = (_judged(line, edits, chain, prior) for edits, prior in ways)
    return (each for each in judged if each)


def _judged(line: str, edits: tuple[Edit, ...], chain: Chain, prior: float) -> Hypothesis | None:
    """The hypothesis and its gain, ``None`` if what comes out is no language."""
    undone = apply(line, edits)
    if leaves_korean(line, undone, chain[0]):
        return None
    gain = weight(undone) - weight(line) + prior + chain[-1].prior
    if all(is_language(edit.after, chain[-1].written, gain) for edit in edits) and has_letters(edits, chain[0]):
        return Hypothesis(edits, (chain,), gain)
    return None


def _extents(line: str, channel: Channel) -> Iterator[tuple[list[Edit], float]]:
    """What a channel can have garbled: the stretches that look like it, runs that lost a hyphen, and the whole line."""
    edits = stretches(line, channel)
    if edits:
        yield edits, sum(proof(edit.after, channel) for edit in edits)
    hyphenated = with_hyphens(line, channel)
    if hyphenated:
        yield hyphenated
    undone = channel.undo(line)
    if undone is None or [undone] == [edit.after for edit in edits] or (edits and channel.written.proves):
        return
    if edits or unigram_score(undone) > unigram_score(line):
        yield [Edit.at(0, line, undone)], proof(undone, channel) + (_WHOLE if edits else 0.0)
