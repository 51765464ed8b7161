"""The ASCII character that a lost byte took along: 公司&nbsp; is …?nbsp; then, and 庫。</span> is …?/span>.

A decoder gives up on a lead byte because of the byte after it, which is below 0x40, and some take that along.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple

from jiaokan.lexicon.hanzi import is_han

# log10 of how rarely a page with fullwidth marks has one of ASCII amid Han.
WIDE: Final = -2.0

_TAG: Final = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,9}(?: [^<>]*)?/?>")
_BLOCK: Final = re.compile("/?(?:p|div|li|h[1-6]|td|th|tr|br)[^a-z]", re.IGNORECASE)
_ENTITY: Final = re.compile(r"(?:nbsp|amp|lt|gt|quot|[lr][ds]quo|middot|hellip|mdash|#\d{2,6});")
# What can stand before Han and is below 0x40, and what of it is fullwidth on a page that has such forms.
_ASCII: Final = ' ,.:;!?()"-/%0123456789'
_WIDE: Final = frozenset(",.:;!?()")
# How much of the page is looked at.
_AHEAD: Final = 32


class Swallowed(NamedTuple):
    """What a lost byte can have taken along: nothing, if ``char`` is empty.

    Attributes:
        char: the character.
        reads_as: what it is to a reader, together with what goes on behind it: the end of a line, a quotation mark.
        length: how many characters of the page belong to that.
        price: log10 of how likely it is.
    """

    char: str = ""
    reads_as: str = ""
    length: int = 0
    price: float = 0.0


NOTHING: Final = Swallowed()


def swallowed(text: str, at: int, folded: bool | None) -> Iterator[Swallowed]:
    """What the lost byte before ``text[at:]`` can have taken along, on a page whose decoder does that.

    What goes on like a tag or an entity has lost its first character. Before Han and letters something was taken: with
    their own bytes the lost byte would have made a character. Before a letter that most often is a blank; before Han
    the context tells, or does not. Before digits nothing tells, so that the choices stand beside each other.

    >>> [one.char for one in swallowed("/span>", 0, None)], [one.reads_as for one in swallowed("rdquo;", 0, None)]
    (['<'], ['”'])
    """
    rest = text[at : at + _AHEAD]
    if tag := _TAG.match(rest):
        yield Swallowed("<", "\n" if _BLOCK.match(tag[0]) else "", len(tag[0]))
    elif entity := _ENTITY.match(rest):
        yield Swallowed("&", unescape(f"&{entity[0]}"), len(entity[0]))
    elif rest and is_han(rest[0]):
        for char in _ASCII:
            yield Swallowed(char, char, price=WIDE if folded is False and char in _WIDE else 0.0)
    elif rest[:1].isascii() and rest[:1].isdigit():
        choices = (*"0123456789", "")
        yield from (Swallowed(char, price=-math.log10(len(choices))) for char in choices)
    elif rest[:1].isascii() and rest[:1].isalpha():
        yield Swallowed(" ")
    else:
        yield NOTHING
