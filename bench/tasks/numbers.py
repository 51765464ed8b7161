"""The numeric thresholds of the core, counted and listed: file and line, name, value.

The core is ``service/jiaokan`` without ``batch``, ``web``, ``cli`` and ``settings``. What counts is each number that
somebody chose or measured: an integer or floating-point literal of a constant, a table, a comparison or a default,
a floating-point literal anywhere, and each bound of a repetition in a pattern that leaves a choice (``{2,8}`` has two,
``{4}`` none: a code has so many digits). Likewise each number in a file ``weights.toml``: of a table that has a
``value``, that alone. What does not count:

* 0, 1 and -1 anywhere, as integers or not; and the integer 2, unless it is a whole constant, an entry of a constant
  table, a default or a bound of a pattern: elsewhere it is an index, a length of a pair, or a divisor.
* Code points, bytes and masks: literals in hexadecimal, octal or binary, and 256 and 128, which say how many bytes
  there are.
* Reckoning with places: indices and the bounds of slices; integers in the arithmetic and the calls of a function, as
  in ``at + 3``, unless that is compared, or in ``//``, ``%``, ``<<``, ``>>``, ``&`` and ``|`` anywhere.
* The base 10 of a power, since everything is log10.
* The sizes of caches, which change no outcome.
* A mapping whose keys are numbers, as from log10 of a share to the characters that have it, is one measurement and
  counts once, as a table.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from bench.harness import ROOT, Run, Task
from bench.tables import Block, Lines, Table

CORE: Final = ROOT / "service" / "jiaokan"
_NOT_CORE: Final = ("batch", "web", "cli", "settings.py")
_WEIGHTS: Final = "weights.toml"
KINDS: Final = ("literals", "tables", "patterns", "weights")
_BYTES: Final = (128, 256)
_PLACES: Final = (ast.FloorDiv, ast.Mod, ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr)
_REPEATED: Final = re.compile(r"(?<=[\])\w.}])\{\{?(\d*),(\d*)\}\}?")
_TOML: Final = re.compile(r"^(?P<key>[\w.\"-]+)\s*=\s*(?P<value>.*)$")
_TOML_NUMBER: Final = re.compile(r"(?<![\w.\"-])[+-]?(?:\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?)(?![\w.\"])")


class Place(NamedTuple):
    """A literal in a file: its line, from 1, and the characters of the line that are it."""

    line: int
    start: int
    end: int


class Number(NamedTuple):
    """A number, or a table whose keys are numbers.

    Attributes:
        file: relative to the core.
        name: of the constant, or of the function and what it has there.
        value: as it is written.
        places: where its literals stand, one but for a table.
        kind: of literal, one of ``KINDS``.
    """

    file: str
    name: str
    value: str
    places: tuple[Place, ...]
    kind: str = "literals"

    @property
    def part(self) -> str:
        """The fault, or the layer, that it belongs to."""
        parts = Path(self.file).with_suffix("").parts
        return parts[1] if parts[0] == "faults" and len(parts) > 1 else parts[0]


def core_numbers(core: Path = CORE) -> list[Number]:
    """All numbers of the core, by file and line."""
    found = []
    for path in sorted(core.rglob("*.py")):
        file = path.relative_to(core)
        if file.parts[0] not in _NOT_CORE:
            found += numbers_in(path.read_text(encoding="utf-8"), str(file))
    for path in sorted(core.rglob(_WEIGHTS)):
        if path.relative_to(core).parts[0] not in _NOT_CORE:
            found += weights_in(path.read_text(encoding="utf-8"), str(path.relative_to(core)))
    return found


def numbers_in(code: str, file: str = "") -> list[Number]:
    """The numbers of a module.

    >>> [(number.name, number.value) for number in numbers_in("GAIN = -3.0\\nTABLE = (2, 0, 0x4E00)\\n")]
    [('GAIN', '3.0'), ('TABLE', '2')]
    """
    return list(_Module(code, file).numbers())


class _Module:
    """One module on its way through the rules."""

    def __init__(self, code: str, file: str) -> None:
        self.file = file
        self.lines = code.splitlines()
        self.tree = ast.parse(code)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def numbers(self) -> Iterator[Number]:
        tables = [node for node in ast.walk(self.tree) if isinstance(node, ast.Dict) and self._is_table(node)]
        in_tables = {id(child) for table in tables for child in ast.walk(table)}
        found = [
            Number(self.file, self._name(table), f"table of {len(table.keys)}", tuple(self._keys(table)), "tables")
            for table in tables
        ]
        for node in ast.walk(self.tree):
            if id(node) not in in_tables and self._counts(node):
                place = self._place(node)
                found.append(Number(self.file, self._name(node), self._text(place), (place,)))
        found += self._in_patterns()
        return iter(sorted(found, key=lambda number: number.places))

    def _is_table(self, node: ast.Dict) -> bool:
        """Whether all keys are numbers, and one of them at least is neither 0 nor 1 nor a code point."""
        keys = [key.operand if isinstance(key, ast.UnaryOp) else key for key in node.keys]
        numeric = all(isinstance(key, ast.Constant) and type(key.value) in (int, float) for key in keys)
        return bool(keys) and numeric and any(self._is_number(key) for key in keys if key)

    def _keys(self, table: ast.Dict) -> Iterator[Place]:
        for key in table.keys:
            yield self._place(key.operand if isinstance(key, ast.UnaryOp) else key)  # type: ignore[arg-type]

    def _is_number(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Constant) or type(node.value) not in (int, float) or node.value in (0, 1, *_BYTES):
            return False
        return not re.match("0[xob]", self._text(self._place(node)), re.I)

    def _counts(self, node: ast.AST) -> bool:
        if not self._is_number(node) or self._is_reckoning(node):
            return False
        return node.value != 2 or isinstance(node.value, float) or self._is_entry(node)  # type: ignore[attr-defined]

    def _is_reckoning(self, node: ast.AST) -> bool:
        """Whether a literal is the base of a power, the size of a cache, or part of reckoning with places."""
        outer = self.parents[node]
        if isinstance(outer, ast.BinOp) and (
            isinstance(outer.op, _PLACES) or (isinstance(outer.op, ast.Pow) and outer.left is node)
        ):
            return True
        if isinstance(outer, ast.keyword) and outer.arg == "maxsize":
            return True
        is_float = isinstance(node.value, float)  # type: ignore[attr-defined]
        amid = False  # of arithmetic or a call
        inner: ast.AST = node
        while not isinstance(inner, ast.stmt | ast.arguments | ast.Compare | ast.Lambda):
            outer = self.parents[inner]
            if isinstance(outer, ast.Subscript) and outer.slice is inner:
                return True
            amid |= isinstance(outer, ast.BinOp | ast.Call)
            inner = outer
        in_function = isinstance(inner, ast.stmt) and not isinstance(self.parents[inner], ast.Module | ast.ClassDef)
        return amid and in_function and not is_float

    def _is_entry(self, node: ast.AST) -> bool:
        """Whether a literal is a whole constant, an entry of a constant table, or a default."""
        outer = self.parents[node]
        while isinstance(outer, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.UnaryOp):
            outer = self.parents[outer]
        if isinstance(outer, ast.arguments):
            return True
        return isinstance(outer, ast.Assign | ast.AnnAssign) and isinstance(self.parents[outer], ast.Module)

    def _in_patterns(self) -> Iterator[Number]:
        """The bounds of repetitions, in strings that are no docstrings."""
        for node in ast.walk(self.tree):
            outer = self.parents.get(node)
            is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and type(node.value) is str)
            if not is_text or isinstance(outer, ast.Expr | ast.JoinedStr | ast.FormattedValue):
                continue
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):  # type: ignore[attr-defined]
                first, last = self._extent(node, line)
                for match in _REPEATED.finditer(self.lines[line - 1], first, last):
                    for group in (1, 2):
                        if match[group] and int(match[group]) > 1:
                            place = Place(line, *match.span(group))
                            yield Number(self.file, self._name(node), match[group], (place,), "patterns")

    def _extent(self, node: ast.AST, line: int) -> tuple[int, int]:
        """The characters of a line that belong to a node."""
        first = self._column(line, node.col_offset) if line == node.lineno else 0  # type: ignore[attr-defined]
        ends = line == node.end_lineno  # type: ignore[attr-defined]
        last = self._column(line, node.end_col_offset) if ends else len(self.lines[line - 1])  # type: ignore[attr-defined]
        return first, last

    def _column(self, line: int, offset: int) -> int:
        """The character at an offset in bytes of UTF-8, which is what ``ast`` gives."""
        return len(self.lines[line - 1].encode()[:offset].decode())

    def _place(self, node: ast.AST) -> Place:
        return Place(node.lineno, *self._extent(node, node.lineno))  # type: ignore[attr-defined]

    def _text(self, place: Place) -> str:
        return self.lines[place.line - 1][place.start : place.end]

    def _name(self, node: ast.AST) -> str:
        names: list[str] = []
        while node in self.parents:
            outer = self.parents[node]
            match node:
                case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) if isinstance(outer, ast.Module):
                    names.append(ast.unparse(target))
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    names.append(name)
            node = outer
        return ".".join(reversed(names)) or "(module)"


def weights_in(text: str, file: str = "") -> list[Number]:
    """The numbers of a file of weights.

    >>> [(number.name, number.value) for number in weights_in('reach = 12\\n[gain]\\nvalue = 4.5\\nfigure = 7\\n')]
    [('reach', '12'), ('gain.value', '4.5')]
    """
    found: list[Number] = []
    table = ""
    with_value = {name for name in _tables(tomllib.loads(text)) if name}
    for line, words in enumerate(text.splitlines(), start=1):
        if words.startswith("["):
            table = words.strip("[] ")
        elif (match := _TOML.match(words)) and (table not in with_value or match["key"] == "value"):
            value = match["value"].partition("#")[0]
            inner = re.search(r"\bvalue\s*=\s*", value) if value.startswith("{") else None
            start = match.start("value") + (inner.end() if inner else 0)
            for number in _TOML_NUMBER.finditer(words, start, match.start("value") + len(value)):
                if float(number[0].replace("_", "")) not in (0, 1, -1):
                    name = ".".join(filter(None, (table, match["key"])))
                    found.append(Number(file, name, number[0], (Place(line, *number.span()),), "weights"))
                if inner:
                    break
    return found


def _tables(value: object, name: str = "") -> Iterator[str]:
    """The names of the tables that have a value."""
    if isinstance(value, dict):
        if "value" in value:
            yield name
        for key, each in value.items():
            yield from _tables(each, f"{name}.{key}" if name else key)


def _run(run: Run) -> Iterator[Block]:
    every = core_numbers()
    yield counted(every)
    if not run.options.total:
        lines = [f"{each.file}:{each.places[0].line}  {each.name}  {each.value}" for each in every]
        yield Lines("Each of them", lines)


def counted(every: Sequence[Number]) -> Table:
    """How many each part of the core has, those with most first."""
    by_part = Counter(number.part for number in every)
    kinds = Counter((part, number.kind) for number in every for part in (number.part, "core"))
    rows = [(part, [count, *(kinds[part, kind] for kind in KINDS)]) for part, count in by_part.most_common()]
    rows.append(("core", [len(every), *(kinds["core", kind] for kind in KINDS)]))
    return Table("Numeric thresholds of the core", ("numbers", *KINDS), rows)


TASK: Final = Task(_run, options={"total": (False, "only how many")})
