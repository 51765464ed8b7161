"""Where stray bytes may have shifted what follows them: the stretches of a document that are worth reading again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.charset.decoding import escaping
from jiaokan.charset.usual import rare_together

# UTF-8 finds its own way back: this many bytes before and behind a loss are enough to choose by.
_UTF8_AROUND: Final = 36

# A stretch: what lies between two bytes that are neither lead nor trail byte. Four-byte forms of GB 18030 have digits.
_STRETCH: Final = re.compile(rb"(?:[\x40-\xff]|(?<=[\x80-\xff])[0-9])++")
# The sequences of UTF-8 by their form; what is left between them holds the strays.
_SEQUENCES: Final = re.compile(
    rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})++"
)
# What gives strays away: a lost byte, or one letter or sign by itself behind a character (a trail byte that was left
# over), a private-use character, a character that may have swallowed a letter of the word beside it, or two rare ones
# side by side.
_SUSPECT: Final = re.compile("[\udc00-\udcff\ue000-\uf8ff]|(?<=[^\x00-\x7f])[@-~€](?![A-Za-z])")
_BESIDE_LATIN: Final = re.compile("[^\x00-\x7f](?=[A-Za-z])|(?<=[A-Za-z])[^\x00-\x7f]")


def suspect(text: str, codec: str) -> bool:
    """Whether a text, lost bytes escaped, looks as if a stray byte had shifted a part of it."""
    if _SUSPECT.search(text):
        return True
    if codec == "utf-8":
        return False
    return rare_together(text) or any(
        len(raw := m.group().encode(codec, "ignore")) == 2 and raw[1] < 0x80 for m in _BESIDE_LATIN.finditer(text)
    )


def find_suspect_ranges(raw: bytes, codec: str) -> Iterator[tuple[int, int]]:
    """Where the bytes are that have to be read again."""
    if codec == "utf-8":
        yield from _around_strays(raw)
        return
    for match in _STRETCH.finditer(raw):
        stretch = match.group()
        behind = raw[match.end() : match.end() + 1].decode("latin-1")
        if not stretch.isascii() and suspect(escaping(stretch, codec) + behind, codec):
            yield match.span()


def _around_strays(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where the bytes of UTF-8 have no form, with some characters before and behind."""
    bounds = [0, *(end for match in _SEQUENCES.finditer(raw) for end in match.span()), len(raw)]
    found: tuple[int, int] | None = None
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        if start == end:
            continue
        first, last = max(0, start - _UTF8_AROUND), min(len(raw), end + _UTF8_AROUND)
        while first and raw[first] & 0xC0 == 0x80:
            first -= 1
        while last < len(raw) and raw[last] & 0xC0 == 0x80:
            last += 1
        if found and first <= found[1]:
            found = found[0], last
            continue
        if found:
            yield found
        found = first, last
    if found:
        yield found
