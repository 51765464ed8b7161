"""JSON Lines: one object to a line, with documents in some of its strings.

Rules of this file: all but the texts keeps its very bytes, and a line in which nothing changes all of them.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any, BinaryIO, Final, NamedTuple

from jiaokan.batch.compression import opened, writing
from jiaokan.batch.documents import Added, Place, Reject, Repaired, Repairer, added_name
from jiaokan.batch.formats.lines import blocks, lines, put, read, refuse_wide, too_long_to_hold
from jiaokan.batch.formats.lines import pieces as pieces
from jiaokan.batch.formats.members import Number, Value, is_listed, members, spans_at, steps, values_at, whole
from jiaokan.batch.pieces import Piece, Shape
from jiaokan.edits import Span
from jiaokan.records import to_json, to_utf8

cut: Final = blocks
_KINDS: Final[Mapping[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    Number: "a number",
    float: "a number",  # NaN, Infinity
    bool: "true or false",
    type(None): "null",
}


def rewrite(piece: Piece, target: BinaryIO, shape: Shape, repairer: Repairer) -> int:
    """Write the lines with their documents repaired (``pieces.Format``). An empty line stays; it is no record.

    Raises:
        OSError: the piece cannot be read, or the target written.
        InputError: it is not compressed as it should be, or in UTF-16.
    """
    paths = {field: steps(field) for field in dict.fromkeys(shape.fields)}
    count = 0
    with opened(piece) as source, writing(target, shape.compression) as out:
        for line in lines(source, repairer.longest):
            if isinstance(line, bytes) and line.removeprefix(codecs.BOM_UTF8).isspace():
                out.write(b"" if shape.text_only else line)
                continue
            count += 1
            place = Place(shape.name, count)
            if isinstance(line, int):
                repairer.rejected(Reject(place, too_long_to_hold(line, repairer.longest)))
            else:
                if count == 1 and piece.first:
                    refuse_wide(line)
                out.write(
                    _rewritten(_Line(line, *read(line, repairer.charset), place, paths, repairer), shape.text_only)
                )
    return count


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it came and as text, the charset of its bytes unless it is UTF-8, and what is to be done with it."""

    raw: bytes
    text: str
    charset: str | None
    place: Place
    paths: Mapping[str, tuple[str, ...]]
    repairer: Repairer

    def rejected(self, reason: str) -> _RejectedError:
        """Reject it."""
        self.repairer.rejected(Reject(self.place, reason))
        return _RejectedError()


class _Field(NamedTuple):
    """A field of a line: the way to it, its values, and what they became; ``None`` where there is no document."""

    name: str
    path: Sequence[str]
    listed: bool
    values: Sequence[str | None]
    repaired: Sequence[Repaired | None]

    def told(self, name: Added) -> Any:
        """What is told of its documents; a list if there may be several."""
        told = [each.added[name] if each else None for each in self.repaired]
        return told or None if self.listed else told[0]

    def changes(self, text: str, root: Value) -> dict[Span, str]:
        """What is to stand where."""
        after = [repaired and repaired.text for repaired in self.repaired]
        if after == self.values:
            return {}
        return {
            span: _string(new, text[span.start : span.end])
            for span, old, new in zip(spans_at(text, root, self.path), self.values, after, strict=True)
            if new is not None and new != old
        }


class _RejectedError(Exception):
    """The record is rejected; whoever raises it has said why."""


def _rewritten(line: _Line, text_only: bool) -> bytes:
    """The line with its documents repaired; nothing if it is rejected."""
    try:
        root = _object(line)
        fields = [_repaired(line, root, name) for name in line.paths]
    except _RejectedError:
        return b""
    if text_only:
        return b"".join(to_utf8(each.text) + b"\n" for field in fields for each in field.repaired if each)
    changes: dict[Span, str] = {}
    for field in fields:
        changes |= field.changes(line.text, root)
    if line.repairer.wanted:
        changes |= _additions(line.text, root, _told(fields, line.repairer.wanted))
    return to_utf8(put(line.text, changes)) if changes or line.charset else line.raw


def _object(line: _Line) -> Value:
    """The object that the line is."""
    try:
        root = whole(line.text)
    except JSONDecodeError as error:
        raise line.rejected(f"it is no JSON: {error.msg} at character {error.pos + 1} of the line") from None
    except RecursionError:
        raise line.rejected("it is nested too deeply") from None
    if not isinstance(root.value, dict):
        raise line.rejected(f"it is {_KINDS[type(root.value)]}, not an object")
    return root


def _repaired(line: _Line, root: Value, name: str) -> _Field:
    """A field of the line with its documents repaired."""
    path = (name,) if name in root.value else line.paths[name]
    values = [*values_at(root.value, path)]
    listed = is_listed(root.value, path)
    place = line.place._replace(field=name) if listed or len(line.paths) > 1 else line.place
    repaired = [None if value is None else _document(line, value, name, place) for value in values]
    return _Field(name, path, listed, values, repaired)


def _document(line: _Line, text: Any, name: str, place: Place) -> Repaired:
    """A document repaired. A line that was not UTF-8 tells its own charset."""
    if type(text) is not str:
        raise line.rejected(f"{name!r} holds {_KINDS[type(text)]}, not text")
    repaired = line.repairer.repair(text, place)
    if repaired is None:
        raise _RejectedError  # the repairer has said why
    if line.charset and "charset" in repaired.added:
        return repaired._replace(added={**repaired.added, "charset": line.charset})
    return repaired


def _told(fields: Sequence[_Field], wanted: Sequence[Added]) -> dict[str, Any]:
    """What is to be added, by key."""
    several = len(fields) > 1
    return {added_name(name, each.name if several else None): each.told(name) for each in fields for name in wanted}


def _additions(text: str, root: Value, told: Mapping[str, Any]) -> dict[Span, str]:
    """What is to stand where so that the object has these members: instead of those of the same key, or at its end."""
    top = members(text, root.start)
    changes = {Span(top[key].start, top[key].end): _json(value) for key, value in told.items() if key in top}
    new = ",".join(f"{_json(key)}:{_json(value)}" for key, value in told.items() if key not in top)
    if new:
        end = max((value.end for value in top.values()), default=root.start + 1)
        changes[Span(end, end)] = "," + new if top else new
    return changes


def _string(text: str, before: str) -> str:
    """A text as JSON, escaped if what stood there was."""
    return json.dumps(text) if before.isascii() and "\\u" in before else _json(text)


def _json(value: Any) -> str:
    return to_json(value).decode()
