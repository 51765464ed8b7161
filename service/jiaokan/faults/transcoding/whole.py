"""Lines that are garbled from end to end, which a glance can tell.

Rules of this file: a line is undone whole or not at all, it has to come out without a sign of mojibake, and it has to
gain so much that the language model need not be asked.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from jiaokan.edits import Edit
from jiaokan.faults.transcoding.channels import CHANNELS, DECODERS, Chain, Channel
from jiaokan.faults.transcoding.suspicion import pattern
from jiaokan.lexicon.glance import glance

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


class Undone(NamedTuple):
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


def clearly(line: str) -> Undone | None:
    """The line undone from end to end where one channel is clearly right, ``None`` otherwise.

    >>> clearly("ÕâÊÇÒ»¸ö²âÊÔÎÄ¼þ").edits[0].after, clearly("这是一个测试文件，没有问题。")
    ('这是一个测试文件', None)
    """
    beginning = line[:_BEGINNING]
    if len(beginning) < _LEAST:
        return None
    prices = {channel: (glance(text), text) for channel, text in _beginnings(beginning)}
    if not prices:
        return None
    price, text = max(prices.values())
    rivals = [other for other, said in prices.values() if said != text]
    if price - max(rivals, default=glance(beginning)) < _MARGIN * len(text):
        return None
    return undo_as_others(
        line, [(channel,) for channel, (_, said) in prices.items() if said == text], clear=_CLEAR_ALONE
    )


def _beginnings(beginning: str) -> Iterator[tuple[Channel, str]]:
    """What the beginning of a line was, for each channel that it can have come through."""
    raws = {decoder: decoder.back(beginning) for decoder in DECODERS.values()}
    for channel in CHANNELS:
        raw = raws[channel.read]
        if raw is not None:
            try:
                text = codecs.getincrementaldecoder(channel.written.codec)().decode(raw)
            except UnicodeDecodeError:
                continue
            if text and text != beginning:
                yield channel, text


def undo_as_others(line: str, known: Iterable[Chain], least: float = 0.0, clear: float = CLEAR) -> Undone | None:
    """The line undone from end to end by what garbled others of its page, ``None`` if that is not clearly right.

    ``clear`` is log10 that each character has to gain. The others count as much as a gain of ``least``.
    """
    wholes = [whole for chain in known if (whole := _whole(line, chain, clear))]
    if not wholes:
        return None
    best = max(wholes, key=lambda whole: whole.gain)
    chains = tuple(whole.chains[0] for whole in wholes if whole.edits == best.edits)
    return Undone(best.edits, chains, max(best.gain, least))


def _whole(line: str, chain: Chain, clear: float) -> Undone | None:
    undone: str | None = line
    for channel in chain:
        undone = channel.undo(undone) if undone is not None else None
    if undone is None or pattern().search(undone) or _BY_CHANCE.search(undone):
        return None
    price = glance(undone)
    gain = price - glance(line)
    if gain < clear * len(line) or price < (LEAST_GLANCE - max(0.0, -clear) * 4) * len(undone):
        return None
    return Undone((Edit.at(0, line, undone),), (chain,), gain)
