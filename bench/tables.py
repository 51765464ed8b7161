"""What a task found: tables, lists and bars, printed as text or Markdown and kept as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table as Printed

Cell = str | int | float | None
CONTEXT: Final = 12  # characters shown on either side of a place


@dataclass(frozen=True)
class Table:
    """Rows of figures, each with a label.

    Attributes:
        columns: the names of the figures.
        formats: the format of the floating-point numbers of a column; ``""`` stands for all others.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    formats: Mapping[str, str] = field(default_factory=dict)

    def shown(self) -> Iterator[list[str]]:
        """The rows in words, the label first."""
        formats = [self.formats.get(column, self.formats.get("", ",.2f")) for column in self.columns]
        for label, cells in self.rows:
            yield [label, *(_shown(cell, each) for cell, each in zip(cells, formats, strict=True))]


@dataclass(frozen=True)
class Lines:
    """Places, cases or sentences, one on a line."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """A figure beside what is asked of it."""

    title: str
    found: float
    wanted: float
    at_most: bool = False

    @property
    def reached(self) -> bool:
        """Whether the figure is as asked."""
        return self.found <= self.wanted if self.at_most else self.found >= self.wanted

    def __str__(self) -> str:
        wanted = f"{'at most' if self.at_most else 'at least'} {self.wanted:g}"
        return f"{self.title}: {self.found:.3g}, {wanted}: {'yes' if self.reached else 'NO'}"


Block = Table | Lines | Bar
_KINDS: Final[dict[str, type[Any]]] = {"table": Table, "lines": Lines, "bar": Bar}


def show(block: Block, console: Console) -> None:
    """Print one of the results."""
    if isinstance(block, Table):
        printed = Printed("", title=block.title, title_justify="left", box=box.SIMPLE_HEAD)
        for column in block.columns:
            printed.add_column(column, justify="right")
        for row in block.shown():
            printed.add_row(*row)
        console.print(printed)
        return
    if block.title and isinstance(block, Lines):
        console.print(f"\n{block.title}", style="bold")
    for line in block.lines if isinstance(block, Lines) else (str(block),):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def markdown(block: Block) -> str:
    """One of the results as a page of docs has it."""
    if not isinstance(block, Table):
        return "\n".join([f"{block.title}\n", *block.lines]) if isinstance(block, Lines) else str(block)
    rows = [["", *block.columns], ["---", *["--:"] * len(block.columns)], *block.shown()]
    return f"{block.title}\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def to_json(block: Block) -> dict[str, Any]:
    """One of the results as JSON."""
    return {"kind": next(name for name, kind in _KINDS.items() if isinstance(block, kind)), **asdict(block)}


def from_json(value: Mapping[str, Any]) -> Block:
    """One of the results out of its JSON."""
    block: Block = _KINDS[value["kind"]](**{key: each for key, each in value.items() if key != "kind"})
    return block


class Shares:
    """Hits among trials, by row and column, in the order in which they first came."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)

    def add(self, row: str, column: str, hits: int, trials: int = 1) -> None:
        """Count trials in."""
        had, of = self.counts[row].get(column, (0, 0))
        self.counts[row][column] = had + hits, of + trials

    def table(self, title: str) -> Table:
        """Per cent of hits, after the most trials that a cell of the row has."""
        columns = list(dict.fromkeys(column for cells in self.counts.values() for column in cells))
        rows = [
            (row, [max(of for _, of in cells.values()), *(percent(*cells.get(c, (0, 0))) for c in columns)])
            for row, cells in self.counts.items()
        ]
        return Table(title, ("samples", *columns), rows)


def percent(part: float, whole: float) -> float | None:
    """Per cent; ``None`` of nothing."""
    return 100 * part / whole if whole else None


def examples(title: str, found: Sequence[tuple[str, str]], number: int) -> Lines:
    """About ``number`` examples, as many of each group that they name first, spread over all there are."""
    groups: dict[str, list[str]] = defaultdict(list)
    for group, example in found:
        groups[group].append(example)
    lines = []
    for group, its in groups.items():
        shown = max(1, round(number / len(groups)))
        lines += [f"{group}\n{example}" for example in its[:: max(1, len(its) // shown)][:shown]]
    return Lines(f"{title}: {len(found):,}", lines)


def first_difference(got: str, want: str) -> str:
    """Two lines: the texts around the place where they part."""
    at = next(
        (i for i, (one, other) in enumerate(zip(got, want, strict=False)) if one != other), min(len(got), len(want))
    )
    start, end = max(0, at - CONTEXT), at + 2 * CONTEXT
    return f"  got  {got[start:end]!r}\n  want {want[start:end]!r}"


def around(text: str, start: int, end: int, shown: str | None = None, context: int = CONTEXT) -> str:
    """A place in brackets, or what is ``shown`` for it, amid what stands beside it; on one line."""
    place = text[start:end] if shown is None else shown
    return f"{text[max(0, start - context) : start]}[{place}]{text[end : end + context]}".replace("\n", "⏎")


def differences(one: str, other: str) -> list[tuple[int, int, int, int]]:
    """Where two texts differ: start and end in the one, start and end in the other."""
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return [(i, j, k, m) for step, i, j, k, m in steps if step != "equal"]


def sum_rows(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The figures of all rows added up by name."""
    total: dict[str, int] = defaultdict(int)
    for row in rows:
        for name, figure in row.items():
            total[name] += figure
    return dict(total)


def _shown(cell: Cell, form: str) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return "-"
    return f"{cell:,}" if isinstance(cell, int) else format(cell, form)
