"""What a line was before it was garbled: the chains of channels that come into question, and the likeliest of them.

Whole lines first (``decode_lines``, ``best_decoding``), by the chains that garbled other lines of the page; then the
candidates for stretches of a line, one channel or several deep (``search_channels``), with the soft hyphens that
display dropped.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from jiaokan.edits import Edit, apply, compose
from jiaokan.faults.transcoding.acceptance import has_letters, is_language, leaves_korean, weight
from jiaokan.faults.transcoding.channels import BY_DECODER, Chain, Channel, Decoder, tables
from jiaokan.faults.transcoding.signs import pattern
from jiaokan.faults.transcoding.stretches import proof, stretches
from jiaokan.lexicon.prices import unigram_score
from jiaokan.lexicon.writing import text_score
from jiaokan.memo import remember

# log10 that a character gains at least in a line that is undone whole by what its page showed before; on a page that is
# garbled nearly everywhere; and what it costs at most.
CLEAR: Final = 0.5
CLEAR_IF_ALL: Final = -0.5
LEAST_GLANCE: Final = -3.6
# The same where the page has shown nothing: judged by the beginning of the line, of so many characters at most and at
# least, and so much better a character than the next best.
_CLEAR_ALONE: Final = 1.0
_BEGINNING: Final = 64
_LEAST: Final = 12
_MARGIN: Final = 0.6
# Letters of two bytes in UTF-8, which pairs of GBK are by chance: 状态 is ״̬.
_BY_CHANCE: Final = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u07ff]")


# A line, and what it was by each chain, is asked for more than once before the next line is. What is remembered takes
# 2 MB at most; longer lines, at 60 ns a character, are a small part of what undoing them takes.
price: Final = remember(most=8, longest=1 << 16)(unigram_score)


class Hypothesis(NamedTuple):
    """One hypothesis about a line.

    Attributes:
        edits: what undoes the damage, located in the line.
        chains: the ways it can have come, the likeliest first; of each the channels, the last mistake first.
        gain: log10 of how much likelier the line is undone.
        margin: by how much ``gain`` exceeds that of the best other hypothesis that says something else.
        filled: characters that lost bytes and are filled in.
        lost: characters that lost bytes and are left as U+FFFD.
    """

    edits: tuple[Edit, ...]
    chains: tuple[Chain, ...]
    gain: float
    margin: float = float("inf")
    filled: int = 0
    lost: int = 0


def clearly(line: str) -> Hypothesis | None:
    """The line undone from end to end where one channel is clearly right, ``None`` otherwise.

    >>> clearly("ÕâÊÇÒ»¸ö²âÊÔÎÄ¼þ").edits[0].after, clearly("这是一个测试文件，没有问题。")
    ('这是一个测试文件', None)
    """
    beginning = line[:_BEGINNING]
    if len(beginning) < _LEAST:
        return None
    said = [*_beginnings(beginning)]
    prices = {text: price(text) for text in {text for _, text in said}}
    if not prices:
        return None
    text = max(prices, key=lambda text: (prices[text], text))
    rivals = [cost for other, cost in prices.items() if other != text]
    if prices[text] - max(rivals, default=price(beginning)) < _MARGIN * len(text):
        return None
    return undo_as_others(line, [(channel,) for channel, its in said if its == text], clear=_CLEAR_ALONE)


def _beginnings(beginning: str) -> Iterator[tuple[Channel, str]]:
    """What the beginning of a line was, for each channel that it can have come through."""
    for decoder, channels in BY_DECODER:
        raw = decoder.back(beginning)
        for channel in channels if raw else ():
            text = _beginning(raw or b"", channel.written.codec)
            if text and text != beginning:
                yield channel, text


@lru_cache(maxsize=32)  # most decoders that give bytes at all give the same, one after the other
def _beginning(raw: bytes, codec: str) -> str:
    """What bytes that may break off amid a character say in a charset; nothing if they say nothing in it."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(raw)
    except UnicodeDecodeError:
        return ""


def undo_as_others(line: str, known: Iterable[Chain], clear: float = CLEAR) -> Hypothesis | None:
    """The line undone from end to end by one of the chains that are known, ``None`` if that is not clearly right."""
    return best_decoding(line, [(chain, decode_lines([line], chain)[0]) for chain in known], clear=clear)


def best_decoding(
    line: str, ways: Sequence[tuple[Chain, str | None]], least: float = 0.0, clear: float = CLEAR
) -> Hypothesis | None:
    """The line undone from end to end by what garbled others of its page, ``None`` if that is not clearly right.

    ``ways`` are the chains that did, each with what the line was by it (``decode_lines``). ``clear`` is log10 that each
    character has to gain. The others count as much as a gain of ``least``.
    """
    best, most, seen = None, float("-inf"), set[str]()
    for _, undone in ways:
        if undone is not None and undone not in seen:
            seen.add(undone)
            gain = _gain(line, undone, clear)
            if gain > most:
                best, most = undone, gain
    if best is None:
        return None
    chains = tuple([chain for chain, undone in ways if undone == best])
    return Hypothesis((Edit.at(0, line, best),), chains, max(most, least))


def _gain(line: str, undone: str, clear: float) -> float:
    """log10 of how much likelier a line is undone, at a glance; minus infinity if that is not enough."""
    after = price(undone)
    if after < (LEAST_GLANCE - max(0.0, -clear) * 4) * len(undone):
        return float("-inf")
    gain = after - price(line)
    return gain if gain >= clear * len(line) else float("-inf")


def decode_lines(lines: Sequence[str], chain: Chain) -> list[str | None]:
    """What each of some lines was, if it came through a chain from end to end and comes out without a sign.

    >>> from jiaokan.faults.transcoding.channels import DECODERS, ENCODERS
    >>> decode_lines(["娴嬭瘯", "测试"], (Channel(ENCODERS["UTF-8"], DECODERS["GBK"]),))
    ['测试', None]
    """
    if not lines:
        return []
    # All at once: no charset has the end of a line as a part of another character.
    undone = _through("\n".join(lines), chain)
    if undone is not None:
        found = undone.split("\n")
        return [*found] if _has_no_sign(undone) else [text if _has_no_sign(text) else None for text in found]
    half = len(lines) // 2
    return [*decode_lines(lines[:half], chain), *decode_lines(lines[half:], chain)] if half else [None]


def _through(text: str, chain: Chain) -> str | None:
    undone: str | None = text
    for channel in chain:
        undone = channel.undo(undone) if undone is not None else None
    return undone


def _has_no_sign(text: str) -> bool:
    return not (pattern().search(text) or _BY_CHANCE.search(text))


# Characters around a sign that are looked at. Letters are taken from the beginning of the word on, so that their bytes
# are in step; among Han characters sound ones may stand close by.
_WORD: Final = 40
_BEFORE: Final = 3
_BEHIND: Final = 7
# Bytes are out of step at the edges of such a window; UTF-8 is known by the share of its bytes that are characters.
_LEAST_SHARE: Final = 0.5
# So many characters of three bytes in UTF-8 are enough, whatever stands beside them.
_ENOUGH: Final = 2


def candidates(line: str, most: int) -> Iterable[Channel]:
    """The channels that explain what is around one of the first signs of a line, so many of them, the best first."""
    gains: dict[Channel, tuple[float, int]] = {}
    for sign in islice(pattern().finditer(line), 2):
        for channel, gain, reach in _gains(line, sign.start()):
            gains[channel] = max((gain, reach), gains.get(channel, (gain, reach)))
    best = sorted(gains, key=gains.__getitem__, reverse=True)[:most]
    return dict.fromkeys(table for channel in best for table in tables(channel))


def _gains(line: str, sign: int) -> Iterator[tuple[Channel, float, int]]:
    """For each channel that may have made a sign: what is gained by undoing it, at a glance, and how far it can go."""
    word = max(line.rfind(" ", 0, sign) + 1, sign - _WORD)
    for decoder, channels in BY_DECODER:
        start, end = (word, sign + _WORD) if decoder.single else (max(0, sign - _BEFORE), sign + _BEHIND)
        shown = _around(line[start:end], sign - start, decoder)
        raw = decoder.back(shown) or b""
        reach = decoder.reach(line[start:])
        for channel in channels if raw else ():
            if channel.written.proves and not _may_be(raw, channel):
                continue
            undone = raw.decode(channel.written.codec, "ignore" if channel.written.proves else "replace")
            gain = unigram_score(undone) - unigram_score(shown) + proof(undone, channel)
            if gain > 0.0:
                yield channel, round(gain, 6), reach


def _around(window: str, at: int, decoder: Decoder) -> str:
    """The longest run around a place that the decoder can have given."""
    start = 0
    while start <= at:
        end = start + decoder.reach(window[start:])
        if end > at:
            return window[start:end]
        start = end + 1
    return ""


def _may_be(raw: bytes, channel: Channel) -> bool:
    """Whether so many of the bytes beyond ASCII are characters that all may be; the others are out of step."""
    characters = [char for char in channel.written.characters.findall(raw) if len(char) > 1]
    high = sum(byte >= 0x80 for byte in raw)
    return sum(len(char) > 2 for char in characters) >= _ENOUGH or sum(map(len, characters)) >= _LEAST_SHARE * high > 0


SOFT_HYPHEN: Final = "\xad"
# log10 of how seldom a run lost one: a hundredth of the pairs of Chinese end in AD, and few pages lose them.
LOST_HYPHEN: Final = -2.0
# The longest run that is tried at every place, and the shortest, in characters of the page.
_LONGEST: Final = 200
_SHORTEST: Final = 5
# Places that are weighed by the language model, the best at a glance.
_MOST_PLACES: Final = 8

_RUN: Final = re.compile(r"[^\x00-\x7f]+")


def with_hyphens(line: str, channel: Channel) -> tuple[list[Edit], float] | None:
    """What undoes a line that lost soft hyphens, and log10 of how seldom that is; ``None`` if it cannot have.

    >>> from jiaokan.faults.transcoding.channels import DECODERS, ENCODERS
    >>> garbled = "开机动画和参数".encode("gbk").decode("latin-1").replace(SOFT_HYPHEN, "")
    >>> with_hyphens(garbled, Channel(ENCODERS["GBK"], DECODERS["Latin-1"]))[0][0].after
    '开机动画和参数'
    """
    if channel.written.proves or not channel.read.single or channel.read.chars[0xAD] != SOFT_HYPHEN:
        return None
    runs = [*_RUN.finditer(line)]
    odd = [run for run in runs if len(run.group()) % 2 and _SHORTEST <= len(run.group()) <= _LONGEST]
    if not odd:
        return None
    edits = []
    for run in runs:
        undone = _put_back(run.group(), channel) if run in odd else channel.undo(run.group())
        if undone is not None and unigram_score(undone) > unigram_score(run.group()):
            edits.append(Edit.at(run.start(), run.group(), undone))
    return (edits, LOST_HYPHEN * len(odd)) if edits else None


def _put_back(run: str, channel: Channel) -> str | None:
    """The likeliest text of a run with one hyphen put back."""
    tried = (channel.undo(run[:at] + SOFT_HYPHEN + run[at:]) for at in range(1, len(run), 2))
    ranked = sorted((text for text in tried if text is not None), key=unigram_score, reverse=True)[:_MOST_PLACES]
    return max(ranked, key=text_score, default=None)


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
