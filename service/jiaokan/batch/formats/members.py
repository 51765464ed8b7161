r"""Where the values of a JSON text stand, so that one of them can be replaced and all else keeps its very bytes.

The scanner is the standard library's. What it takes that JSON does not allow (NaN, a control character in a string)
can stay as it is; numbers are not read as such, so that none is too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from json import JSONDecodeError, JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple

from jiaokan.edits import Span

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_COLON: Final = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_DOT: Final = re.compile(r"(?<!\\)\.")
_EVERY: Final = "[]"


class Number(str):
    """A number as it is written."""


class Value(NamedTuple):
    """A value and where it stands, in characters."""

    start: int
    end: int
    value: Any


_decoded: Final = JSONDecoder(strict=False, parse_int=Number, parse_float=Number).raw_decode


def steps(path: str) -> tuple[str, ...]:
    r"""The keys on a path. Lists on the way are gone through, whether ``[]`` behind a key says so or not.

    >>> steps("pages[].body"), steps(r"a\.b")
    (('pages', 'body'), ('a.b',))
    """
    return tuple(part.removesuffix(_EVERY).replace("\\.", ".") for part in _DOT.split(path))


def whole(text: str) -> Value:
    """The one value of a text, which may begin with a byte order mark.

    >>> whole('{"a": 1} ')
    Value(start=0, end=8, value={'a': '1'})

    Raises:
        JSONDecodeError: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    start = _end(_SPACE, text, text.startswith("\ufeff"))
    value, end = _decoded(text, start)
    behind = _end(_SPACE, text, end)
    if behind < len(text):
        raise JSONDecodeError("Extra data", text, behind)
    return Value(start, end, value)


def members(text: str, start: int) -> dict[str, Value]:
    """The members of the object at ``start`` of a text that ``whole`` has read; of those with the same key the last, as
    parsers have it.

    >>> members('{"a":[1],"b":2}', 0)["b"]
    Value(start=13, end=14, value='2')
    """
    found: dict[str, Value] = {}
    at, ends = _first(text, start)
    while not ends:
        key, at = scanstring(text, at + 1, False)
        at = _end(_COLON, text, at)
        value, end = _decoded(text, at)
        found[key] = Value(at, end, value)
        at, ends = _next(text, end)
    return found


def elements(text: str, start: int) -> list[Value]:
    """The elements of the list at ``start`` of a text that ``whole`` has read."""
    found = []
    at, ends = _first(text, start)
    while not ends:
        value, end = _decoded(text, at)
        found.append(Value(at, end, value))
        at, ends = _next(text, end)
    return found


def values_at(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """The values that a path leads to from a value; ``None`` where it leads nowhere.

    >>> [*values_at({"a": [{"b": "x"}, {}]}, ["a", "b"])]
    ['x', None]
    """
    if isinstance(value, list):
        for element in value:
            yield from values_at(element, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from values_at(value[path[0]], path[1:])
    else:
        yield None


def spans_at(text: str, value: Value, path: Sequence[str]) -> Iterator[Span]:
    """Where they stand; an empty span at the start of what has no such value.

    >>> text = '{"a":[{"b":"x"},{}]}'
    >>> [(start, end) for start, end in spans_at(text, whole(text), ["a", "b"])]
    [(11, 14), (16, 16)]
    """
    if isinstance(value.value, list):
        for element in elements(text, value.start):
            yield from spans_at(text, element, path)
    elif not path:
        yield Span(value.start, value.end)
    elif isinstance(value.value, dict) and path[0] in value.value:
        yield from spans_at(text, members(text, value.start)[path[0]], path[1:])
    else:
        yield Span(value.start, value.start)


def is_listed(value: Any, path: Sequence[str]) -> bool:
    """Whether a path from a value goes through a list, so that it may lead to several values or none.

    >>> is_listed({"a": [{"b": "x"}]}, ["a", "b"])
    True
    """
    if isinstance(value, list):
        return True
    return isinstance(value, dict) and bool(path) and is_listed(value.get(path[0]), path[1:])


def _first(text: str, start: int) -> tuple[int, bool]:
    """Where the first member or element starts, and whether there is none."""
    at = _end(_SPACE, text, start + 1)
    return at, text[at] in "]}"


def _next(text: str, end: int) -> tuple[int, bool]:
    """Where the next one starts, and whether there is none."""
    sign = _end(_SPACE, text, end)
    return _end(_SPACE, text, sign + 1), text[sign] != ","


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where what begins at ``start`` ends."""
    found = pattern.match(text, start)
    return found.end() if found else start
