"""Lines that are garbled from end to end, which a glance can tell.

Rules of this file: a line is undone whole or not at all, it has to come out without a sign of mojibake, and it has to
gain so much that the language model need not be asked.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from jiaokan.edits import Edit
from jiaokan.faults.transcoding.channels import BY_DECODER, Chain, Channel
from jiaokan.faults.transcoding.suspicion import pattern
from jiaokan.lexicon.glance import unigram_score

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


# A line, and what it was by each chain, is asked for more than once before the next line is.
price: Final = lru_cache(maxsize=8)(unigram_score)


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
