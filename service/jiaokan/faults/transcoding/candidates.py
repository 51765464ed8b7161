"""Which channels can have made a sign: each is tried on what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from jiaokan.faults.transcoding.channels import BY_DECODER, Channel, Decoder, tables
from jiaokan.faults.transcoding.stretches import proof
from jiaokan.faults.transcoding.suspicion import pattern
from jiaokan.lexicon.glance import unigram_score

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
