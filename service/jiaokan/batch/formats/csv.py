"""Comma-separated values, with documents in some of the columns; ``tsv`` is the same with tabs.

Columns are named as in the header, the first record. If none of the asked-for columns is in it and all are numbers,
there is no header, and they are counted from 1.

Rules of this file: all but the texts keeps its very bytes, and a record in which nothing changes all of them. An empty
cell is no document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from jiaokan.batch.compression import Readable, blocks_of, buffered, opened, writing
from jiaokan.batch.documents import LONGEST, Added, Place, Reject, Repaired, Repairer, added_name, too_long
from jiaokan.batch.formats.cells import Delimited, parted, value
from jiaokan.batch.formats.lines import put, read, refuse_wide, too_long_to_hold
from jiaokan.batch.pieces import InputError, Piece, Shape
from jiaokan.edits import Span
from jiaokan.records import to_json, to_utf8


@dataclass(frozen=True, slots=True)
class Table:
    """The format of files whose cells are delimited so (``pieces.Format``)."""

    syntax: Delimited

    def pieces(self, path: Path, size: int) -> Iterator[Piece]:
        """The pieces of a file. It is read, since nothing but the quotes before a line break tells what that ends."""
        start = end = 0
        with path.open("rb") as file:
            for length in self.syntax.stretches(file, size):
                if end:
                    yield Piece(path, start, end, first=start == 0)
                start, end = end, end + length
        yield Piece(path, start, end, first=start == 0)

    def cut(self, stream: Readable, size: int, longest: int = LONGEST) -> Iterator[bytes]:
        """A stream in blocks of about ``size`` bytes. Each but the first begins with a copy of the first record.

        In place of a record of more than ``longest`` bytes there is another that is too long.
        """
        head, held, block = b"", 0, list[bytes]()
        for record in self.syntax.records(buffered(blocks_of(stream)), longest):
            raw = record if isinstance(record, bytes) else b"-" * longest + b"\n"
            if held >= size:
                yield b"".join(block)
                held, block = 0, [head]
            head = head or raw
            block.append(raw)
            held += len(raw)
        yield b"".join(block)

    def rewrite(self, piece: Piece, target: BinaryIO, shape: Shape, repairer: Repairer) -> int:
        """Write the records with their documents repaired. An empty line stays; it is no record.

        Raises:
            OSError: the piece cannot be read, or the target written.
            InputError: it is not compressed as it should be, in UTF-16, or has no such column.
        """
        count = 0
        with opened(piece) as source, writing(target, shape.compression) as out:
            records = self.syntax.records(source, repairer.longest)
            first = next(records, b"") if piece.start == 0 else self._first(piece.path, repairer.longest)
            if not first:
                return 0
            head = _head(first, self.syntax, shape, repairer)
            if piece.first and head.names:
                out.write(b"" if shape.text_only else head.written())
            elif piece.first:
                records = chain([first], records)
            for record in records:
                if isinstance(record, bytes) and record.isspace() and not record.strip(b"\r\n"):
                    out.write(b"" if shape.text_only else record)
                else:
                    count += 1
                    out.write(head.rewritten(record, Place(shape.name, count), shape.text_only))
        return count

    def _first(self, path: Path, longest: int) -> bytes | int:
        """The first record of the file."""
        with path.open("rb") as file:
            return next(self.syntax.records(file, longest))


class _RejectedError(Exception):
    """The record is rejected; whoever raises it has said why."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What the first record says of all, and what is to be done with them.

    Attributes:
        first: the first record.
        width: how many columns there are.
        names: the columns by name; empty if there is no header.
        asked: the columns that hold documents, by what they were asked for as.
        syntax: how records are written.
        repairer: what repairs.
    """

    first: bytes
    width: int
    names: Mapping[str, int]
    asked: Mapping[str, int]
    syntax: Delimited
    repairer: Repairer

    def written(self) -> bytes:
        """The first record, with the names of the columns that are added."""
        text, charset = read(self.first, self.repairer.charset)
        mark, body, end = parted(text)
        new = self._appended({name: name for name, _, _ in self._added()})
        return to_utf8(mark + body + new + end) if new or charset else self.first

    def rewritten(self, record: bytes | int, place: Place, text_only: bool) -> bytes:
        """A record with its documents repaired; nothing if it is rejected."""
        try:
            return self._rewritten(record, place, text_only)
        except _RejectedError:
            return b""

    def _rewritten(self, record: bytes | int, place: Place, text_only: bool) -> bytes:
        if isinstance(record, int):
            raise self._rejected(place, too_long_to_hold(record, self.repairer.longest))
        text, charset = read(record, self.repairer.charset)
        mark, body, end = parted(text)
        spans = self._cells(body, place)
        before = {name: body[slice(*spans[column])] for name, column in self.asked.items()}
        repaired = {name: self._repaired(cell, name, place, charset) for name, cell in before.items()}
        if text_only:
            return b"".join(to_utf8(each.text) + b"\n" for each in repaired.values() if each)
        changes = {
            spans[self.asked[name]]: self.syntax.written(each.text, before[name].startswith('"'))
            for name, each in repaired.items()
            if each and each.text != value(before[name])
        }
        added = {key: _told(repaired[name], added) for key, name, added in self._added()}
        if not changes and not added and not charset:
            return record
        changes |= {spans[self.names[key]]: self._cell(told) for key, told in added.items() if key in self.names}
        return to_utf8(mark + put(body, changes) + self._appended(added) + end)

    def _cells(self, body: str, place: Place) -> Sequence[Span]:
        """Where the cells of a record stand."""
        spans = self.syntax.cells(body)
        if spans is None:
            raise self._rejected(place, "a quote is opened in it and not closed")
        if len(spans) != self.width:
            raise self._rejected(place, f"it has {_columns(len(spans))}, and the first record has {self.width}")
        return spans

    def _repaired(self, cell: str, name: str, place: Place, charset: str | None) -> Repaired | None:
        """The document in a cell, repaired; ``None`` if there is none. One that was not UTF-8 tells its charset."""
        if not (text := value(cell)):
            return None
        repaired = self.repairer.repair(text, place._replace(field=name) if len(self.asked) > 1 else place)
        if repaired is None:
            raise _RejectedError  # the repairer has said why
        if charset and "charset" in repaired.added:
            return repaired._replace(added={**repaired.added, "charset": charset})
        return repaired

    def _rejected(self, place: Place, reason: str) -> _RejectedError:
        self.repairer.rejected(Reject(place, reason))
        return _RejectedError()

    def _added(self) -> Iterator[tuple[str, str, Added]]:
        """The columns that are added: the name of each, and what of which document it tells."""
        for asked in self.asked:
            for added in self.repairer.wanted:
                yield added_name(added, asked if len(self.asked) > 1 else None), asked, added

    def _cell(self, text: str) -> str:
        return self.syntax.written(text, False)

    def _appended(self, cells: Mapping[str, str]) -> str:
        """The cells of the columns that were not there, to be put behind a record."""
        return "".join(self.syntax.delimiter + self._cell(cell) for key, cell in cells.items() if key not in self.names)


def _head(first: bytes | int, syntax: Delimited, shape: Shape, repairer: Repairer) -> _Head:
    """What the first record says.

    Raises:
        InputError: it cannot be read, or lacks a column that is asked for.
    """
    if isinstance(first, int):
        raise InputError(f"its first record is too long: {too_long(first, repairer.longest)}")
    refuse_wide(first)
    _, body, _ = parted(read(first, repairer.charset)[0])
    spans = syntax.cells(body)
    if spans is None:
        raise InputError("a quote is opened in its first record and not closed")
    names = [value(body[slice(*span)]) for span in spans]
    named = any(field in names or not field.isdecimal() for field in shape.fields)
    asked = {field: _column(field, names) for field in shape.fields}
    return _Head(first, len(names), {name: i for i, name in enumerate(names) if named}, asked, syntax, repairer)


def _column(field: str, names: Sequence[str]) -> int:
    """The number of a column, from 0."""
    if names.count(field) == 1:
        return names.index(field)
    if field.isdecimal() and field not in names and 0 < int(field) <= len(names):
        return int(field) - 1
    number = f"{names.count(field)} columns" if field in names else "no column"
    raise InputError(f"there is {number} {field!r}; the columns are {', '.join(names)}")


def _told(repaired: Repaired | None, name: Added) -> str:
    """What is told of a document, as the text of a cell; empty if there is none."""
    told = repaired.added[name] if repaired else None
    if told is None:
        return ""
    return told if isinstance(told, str) else to_json(told).decode()


def _columns(number: int) -> str:
    """So many columns.

    >>> _columns(1), _columns(2)
    ('1 column', '2 columns')
    """
    return f"{number} column{'s' if number != 1 else ''}"


_TABLE: Final = Table(Delimited(","))
pieces, cut, rewrite = _TABLE.pieces, _TABLE.cut, _TABLE.rewrite
