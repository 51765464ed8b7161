"""Bytes that do not decode: how a decoder marks them in a text, and how they are taken out of it and put on record.

While a text is being read, each lost byte stands in it as U+DC00 plus the byte, as in PEP 383, but for any byte:
UTF-16 and HZ also reject bytes below 0x80. No decoder makes a lone surrogate of its own, so these stand out.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from jiaokan.edits import Span

_FIRST: Final = 0xDC00
_ESCAPED: Final = re.compile("[\udc00-\udcff]+")
# The error handler that escapes what a decoder rejects, and nothing more.
ESCAPE: Final = "jiaokan.lost"


@dataclass(frozen=True, slots=True)
class Loss:
    """Bytes that do not decode, side by side in the text, which has one U+FFFD for each of them at ``span``."""

    span: Span
    raw: bytes


def escape_bytes(raw: bytes) -> str:
    r"""Lost bytes, as they stand in a text that is still being read.

    >>> escape_bytes(b"\xff")
    '\udcff'
    """
    return "".join([chr(_FIRST + byte) for byte in raw])


def collect_losses(text: str) -> tuple[str, tuple[Loss, ...]]:
    r"""A text with U+FFFD for each escaped byte, and what was lost, in reading order; bytes side by side are one loss.

    >>> collect_losses("問" + escape_bytes(b"\xff") + "題")
    ('問\ufffd題', (Loss(span=Span(start=1, end=2), raw=b'\xff'),))
    """
    losses = tuple(Loss(Span(*m.span()), bytes(ord(c) - _FIRST for c in m.group())) for m in _ESCAPED.finditer(text))
    return (_ESCAPED.sub(lambda m: "\ufffd" * len(m.group()), text) if losses else text), losses


def rejected(error: UnicodeError) -> UnicodeDecodeError:
    """The error, if it is one of reading: the handlers of this layer are not for writing."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error


def _escape(error: UnicodeError) -> tuple[str, int]:
    found = rejected(error)
    return escape_bytes(found.object[found.start : found.end]), found.end


codecs.register_error(ESCAPE, _escape)
