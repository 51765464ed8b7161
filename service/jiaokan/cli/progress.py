"""How far a run is: a bar for people on a terminal, lines of JSON for machines, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import click

from jiaokan.batch.run import Progress, Summary
from jiaokan.records import to_json

# Told how far a run is, and how many bytes there are to read, 0 if nobody knows.
Watch = Callable[[Progress, int], None]

# Seconds between two lines for machines.
_EVERY: Final = 10.0


@contextmanager
def watched(as_json: bool, shown: bool) -> Iterator[Watch]:
    """What shows the progress; a bar only where ``shown``, for standard error is then a terminal that shows nothing
    else."""
    if as_json:
        yield _json_lines()
    elif shown:
        with _bar() as watch:
            yield watch
    else:
        yield lambda _progress, _size: None


def event(name: str, **members: object) -> None:
    """A line of JSON on standard error: what happened, and when in seconds since 1970."""
    click.echo(to_json({"event": name, "time": round(time.time(), 3), **members}), err=True)


def members(summary: Summary) -> Mapping[str, Any]:
    """What a summary tells a machine."""
    census = summary.census
    return {
        "documents": census.documents,
        "bytes": census.bytes,
        "repaired": census.repaired,
        "doubtful": census.doubtful,
        "rejected": summary.rejects,
        "failed": len(summary.failures),
        "edits": census.edits,
        "doubts": census.doubts,
        "seconds": round(summary.seconds, 3),
    }


def _json_lines() -> Watch:
    due = time.monotonic() + _EVERY

    def watch(progress: Progress, size: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due += _EVERY
            event("progress", **progress._asdict(), total=size)

    return watch


@contextmanager
def _bar() -> Iterator[Watch]:
    from rich import progress as bars
    from rich.console import Console, RenderableType
    from rich.text import Text

    class Bar(bars.Progress):
        """A bar, and a line of counts below it: together they are too long for most terminals."""

        counts = ""

        def get_renderables(self) -> Iterator[RenderableType]:
            yield self.make_tasks_table(self.tasks)
            yield Text(self.counts, no_wrap=True, overflow="ellipsis")

    columns = (bars.BarColumn(20), bars.TaskProgressColumn(), bars.DownloadColumn(), bars.TimeRemainingColumn())
    # No thread of its own: processes are forked meanwhile.
    with Bar(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None)
        began = time.monotonic()

        def watch(progress: Progress, size: int) -> None:
            rate = progress.size / (time.monotonic() - began) / 1e6
            bar.counts = (
                f"{progress.documents:,} documents, {rate:.2f} MB/s, "
                f"{progress.repaired:,} repaired, {progress.doubtful:,} doubtful"
            )
            bar.update(task, completed=progress.read, total=size or None)
            bar.refresh()

        yield watch


def terminal() -> bool:
    """Whether somebody looks at standard error."""
    return sys.stderr.isatty()
