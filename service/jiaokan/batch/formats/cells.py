"""Comma- and tab-separated values as text: where records end, and where the cells of a record stand.

They are read as the standard library's ``csv`` reads them: a cell that begins with a quote may hold delimiters and line
breaks until the next quote that is not doubled; a quote elsewhere is a character like any other. ``csv`` itself does
not say where a cell stands, so that one could not be replaced and the rest keep its very bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import BinaryIO, Final

from jiaokan.edits import Span

_PART: Final = 64 * 1024  # bytes of a line that are read at a time
_QUOTED: Final = re.compile(r'"((?:[^"]++|"")*+)"(.*)', re.DOTALL)
_INSIDE: Final = re.compile(rb'(?:[^"]++|"")*+')


class State(Enum):
    """Where in a record a byte stands."""

    START = "at the start of a cell"
    PLAIN = "in a cell without quotes, or behind the closing quote"
    QUOTED = "between quotes"
    QUOTE = "behind a quote between quotes: the closing one, or the first of a doubled one"


@dataclass(frozen=True)
class Delimited:
    """Records whose cells have this delimiter, an ASCII character, between them."""

    delimiter: str

    def records(self, stream: BinaryIO, longest: int) -> Iterator[bytes | int]:
        r"""Each record with its line end; of one of more than ``longest`` bytes, which is not held, how many it has.

        >>> import io
        >>> [*Delimited(",").records(io.BytesIO(b'a,"b\nb"\nc,d'), 9)]
        [b'a,"b\nb"\n', b'c,d']
        """
        state, size, kept = State.START, 0, list[bytes]()
        while part := stream.readline(_PART):
            state = self.behind(part, state, 0 if size else _mark(part))
            size += len(part)
            if size <= longest:
                kept.append(part)
            else:
                kept.clear()
            if state is State.START and part.endswith(b"\n"):
                yield b"".join(kept) if size <= longest else size
                size, kept = 0, []
        if size:
            yield b"".join(kept) if size <= longest else size

    def stretches(self, stream: BinaryIO, size: int) -> Iterator[int]:
        r"""How many bytes there are at a time in whole records, ``size`` at least.

        >>> import io
        >>> [*Delimited(",").stretches(io.BytesIO(b'a,"b\nb"\nc,d\ne,f'), 9)]
        [12, 3]
        """
        state, length = State.START, 0
        while part := stream.read(_PART) if length + _PART <= size else stream.readline(_PART):
            state = self.behind(part, state, 0 if length else _mark(part))
            length += len(part)
            if length >= size and state is State.START and part.endswith(b"\n"):
                yield length
                length = 0
        if length:
            yield length

    def behind(self, part: bytes, state: State, at: int = 0) -> State:
        """The state behind some bytes, given that before byte ``at`` of them.

        >>> Delimited(",").behind(b'a,"b', State.START)
        <State.QUOTED: 'between quotes'>
        """
        while at < len(part):
            match state:
                case State.QUOTED:
                    at = len(_INSIDE.match(part, at)[0]) + at  # type: ignore[index]
                    if at < len(part):
                        state, at = State.PLAIN if at + 1 < len(part) else State.QUOTE, at + 1
                case State.QUOTE:
                    state = State.QUOTED if part.startswith(b'"', at) else State.PLAIN
                    at += state is State.QUOTED
                case State.START if part.startswith(b'"', at):
                    state, at = State.QUOTED, at + 1
                case _ if part.find(b'"', at) < 0:  # a short way
                    return State.START if part.endswith(self._ends) else State.PLAIN
                case _:
                    end = self._plain.search(part, at)
                    state, at = (State.START, end.end()) if end else (State.PLAIN, len(part))
        return state

    def cells(self, record: str) -> list[Span] | None:
        """Where the cells of a record stand that has no line end; ``None`` if a quote is not closed.

        >>> Delimited(",").cells('a,"b,c",')
        [Span(start=0, end=1), Span(start=2, end=7), Span(start=8, end=8)]
        """
        found, at = [], 0
        while cell := self._cell.match(record, at):
            found.append(Span(*cell.span()))
            at = cell.end() + 1
            if at > len(record):
                return found
        return None

    def written(self, text: str, quoted: bool) -> str:
        """A text as a cell; between quotes if that is needed or wanted.

        >>> print(Delimited(",").written("a,b", False), Delimited(",").written("a b", False))
        "a,b" a b
        """
        if quoted or any(sign in text for sign in (self.delimiter, '"', "\n", "\r")):
            return '"' + text.replace('"', '""') + '"'
        return text

    @cached_property
    def _ends(self) -> tuple[bytes, bytes]:
        return self.delimiter.encode(), b"\n"

    @cached_property
    def _plain(self) -> re.Pattern[bytes]:
        return re.compile(b"[" + self.delimiter.encode() + rb"\n]")

    @cached_property
    def _cell(self) -> re.Pattern[str]:
        plain = f"[^{self.delimiter}]*+"
        return re.compile(rf'"(?:[^"]++|"")*+"{plain}|(?!"){plain}')


def _mark(part: bytes) -> int:
    """The bytes of a byte order mark before a record."""
    return len(codecs.BOM_UTF8) if part.startswith(codecs.BOM_UTF8) else 0


def value(cell: str) -> str:
    """What a cell says.

    >>> print(value('"a,b"'), value('"a ""b"" c"'), value("a"))
    a,b a "b" c a
    """
    quoted = _QUOTED.fullmatch(cell)
    return quoted[1].replace('""', '"') + quoted[2] if quoted else cell


def parted(record: str) -> tuple[str, str, str]:
    r"""What stands before a record, which is nothing or a byte order mark; the record; and its line end.

    >>> parted("a,b\r\n")
    ('', 'a,b', '\r\n')
    """
    mark = "\ufeff" if record.startswith("\ufeff") else ""
    end = next((end for end in ("\r\n", "\n") if record.endswith(end)), "")
    return mark, record[len(mark) : len(record) - len(end)], end
