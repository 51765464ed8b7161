"""From what was asked for to a run: inputs found, outputs named, a journal opened, an interrupted run taken up."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, BinaryIO, Final

from jiaokan.batch import files, plan
from jiaokan.batch.documents import Reject
from jiaokan.batch.jobs import Failure, Jobs
from jiaokan.batch.journal import Journal
from jiaokan.batch.outputs import InFiles, InStream, Nowhere, Outputs
from jiaokan.batch.pieces import FormatName, Shape
from jiaokan.batch.plan import REJECTS, STANDARD_INPUT, STATE, Input
from jiaokan.batch.run import Progress, Run, Summary
from jiaokan.batch.work import Orders, Task
from jiaokan.batch.workers import Workers
from jiaokan.pipeline import Pool
from jiaokan.records import to_json

_POOL: Final = "pool.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """A run, as somebody asks for it.

    Attributes:
        paths: files, folders, patterns, and ``-`` for standard input.
        orders: what to do with every document.
        shape: how documents stand in the inputs.
        include, exclude: which files of folders.
        format: what the inputs are; ``None`` to look.
        output: the folder to write to; ``None`` for standard output.
        in_place: whether to put each output in the place of its input.
        dry: whether to write nothing.
        processes: how many at once; 0 for one on each core.
        resume: whether to go on with a run that was interrupted.
        rejects: where to write what is rejected; ``None`` for ``rejects.jsonl`` in ``output``, if there is one.
        report: where to tell what was found, in HTML; JSON goes beside it.
        together: whether the gaps of all documents decide together, so that each is read twice.
    """

    paths: Sequence[str]
    orders: Orders
    shape: Shape
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    format: FormatName | None = None
    output: Path | None = None
    in_place: bool = False
    dry: bool = False
    processes: int = 0
    resume: bool = False
    rejects: Path | None = None
    report: Path | None = None
    together: bool = False

    @property
    def cores(self) -> int:
        """How many processes to use."""
        return self.processes or len(os.sched_getaffinity(0))

    @property
    def kept(self) -> Path | None:
        """Where the run keeps what it needs to go on; ``None`` if it cannot go on."""
        if self.dry or not self.paths:
            return None
        if self.in_place:
            return Path(os.path.commonpath([plan.folder_of(path) for path in self.paths])) / STATE
        return self.output / STATE if self.output else None

    @property
    def rejects_path(self) -> Path | None:
        """Where the rejects are written, if they are."""
        if self.rejects or not self.output or self.dry:
            return self.rejects
        return self.output / REJECTS


def run(
    asked: Asked,
    stdin: BinaryIO,
    stdout: BinaryIO,
    rejected: Callable[[Reject], None],
    watch: Callable[[Progress, int], None],
) -> Summary:
    """Do what is asked.

    Args:
        asked: what.
        stdin: read where a path is ``-``.
        stdout: written to if no folder is named, and with what is shown of the documents.
        rejected: told of each reject at the end, in order, unless they are written to a file.
        watch: told now and then how far it is, and how many bytes there are to read, 0 if nobody knows.

    Raises:
        ValueError: what is asked for does not go together.
        JournalError: a run was interrupted here, or another one.
        files.StoppedError: nothing more can be written.
        OSError: nothing could be written to begin with, or the stream cannot be.
    """
    began, resumed = datetime.now(UTC), bool(asked.kept and Journal.begun(asked.kept))
    inputs = found(asked)
    targets = _targets(asked, inputs)
    with _state(asked) as folder, Journal(folder, _header(asked, inputs), asked.resume) as journal:
        (folder / "spool").mkdir(exist_ok=True)
        plain = asked.orders.render is not None
        jobs = Jobs(asked.shape, folder / "spool", asked.format, plain, stdin, asked.orders.longest, journal.is_done)
        orders = _pooled(asked, jobs, inputs, folder) if asked.together else asked.orders
        outputs: Outputs = Nowhere()
        shown = InStream(journal, stdout, False, "shown-") if plain else None
        if targets and not asked.dry:
            outputs = InFiles(journal, targets, orders.backup, asked.shape.text_only)
        elif not plain and not asked.dry:
            outputs = InStream(journal, stdout, asked.shape.text_only)
        size = sum(_size(each.path) for each in inputs)
        with _rejects(asked.rejects_path, rejected) as refuse:
            summary = Run(
                inputs, jobs, journal, outputs, shown, orders, asked.cores, refuse, lambda so_far: watch(so_far, size)
            ).finish()
        if asked.report:
            _report(asked, asked.report, inputs, summary, began, resumed)
        if not summary.failures:
            shutil.rmtree(folder)
    return summary


def _report(
    asked: Asked, path: Path, inputs: Sequence[Input], summary: Summary, began: datetime, resumed: bool
) -> None:
    from jiaokan import __version__
    from jiaokan.batch.report import Facts, write

    failed = [f"{path}: {reason}" for path, reason in summary.failures]
    note = "Nothing was written: this was a dry run." if asked.dry else None
    if failed:
        note = f"{len(failed)} inputs could not be read: {'; '.join(failed[:10])}"
    facts = Facts(
        __version__,
        asked.paths,
        began.isoformat(timespec="seconds"),
        None if resumed else summary.seconds,
        asked.cores,
        {name: value for name, value in asked.orders.options.items() if name != "pool"},
        note,
        len(inputs),
    )
    write(summary.census, facts, path)


def found(asked: Asked) -> list[Input]:
    """The inputs: those that a run which goes on found when it began, or those that are there now.

    Raises:
        ValueError: they do not go together with what else is asked for.
    """
    if asked.resume and (state := asked.kept) and (before := Journal.begun(state)):
        return [Input(*each) for each in before["inputs"]]
    inputs = list(plan.found(asked.paths, asked.include, asked.exclude, asked.output))
    streamed = any(each.path == STANDARD_INPUT for each in inputs)
    if streamed and (asked.output or asked.in_place):
        raise ValueError("standard input has no name to keep: it needs standard output")
    if streamed and asked.together:
        raise ValueError("--together needs files: standard input cannot be read twice")
    if asked.in_place:
        places = {os.path.realpath(each.path): each for each in inputs}
        inputs = [Input(place, each.name) for place, each in places.items()]
    return inputs


def _targets(asked: Asked, inputs: Sequence[Input]) -> Sequence[Path]:
    if asked.in_place:
        return [Path(each.path) for each in inputs]
    if asked.output is None:
        return []
    return plan.targets(inputs, asked.output, asked.shape.text_only)


@contextmanager
def _state(asked: Asked) -> Iterator[Path]:
    folder = asked.kept
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    if asked.resume:
        raise ValueError("--resume needs -o or --in-place: what goes to standard output cannot be gone on with")
    with tempfile.TemporaryDirectory(prefix="jiaokan-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def _header(asked: Asked, inputs: Sequence[Input]) -> dict[str, Any]:
    """What makes a run the same as another; ``inputs`` are those that it found when it began."""
    orders = asked.orders
    return {
        "paths": [*asked.paths],
        "options": {**orders.options, "charset": orders.charset, "together": asked.together},
        "fields": [*asked.shape.fields],
        "output": [*orders.wanted, asked.shape.text_only, asked.format, orders.longest, orders.detailed],
        "inputs": [*inputs],
    }


@contextmanager
def _rejects(path: Path | None, rejected: Callable[[Reject], None]) -> Iterator[Callable[[Reject], None]]:
    """What writes rejects to a file, which is there only if there are any."""
    if path is None:
        yield rejected
        return
    path.unlink(missing_ok=True)
    draft = path.with_name(f"{STATE}-{path.name}")
    with draft.open("wb") as file:

        def refuse(reject: Reject) -> None:
            place = {name: value for name, value in reject.place._asdict().items() if value}
            file.write(to_json({**place, "reason": reject.reason}) + b"\n")

        yield refuse
        empty = not file.tell()
    if empty:
        draft.unlink()
    else:
        files.settle(draft, path)


def _pooled(asked: Asked, jobs: Jobs, inputs: Sequence[Input], folder: Path) -> Orders:
    """The orders, with what the gaps of all documents show together; known from the first half of the run if that was
    over when it was interrupted."""
    kept = folder / _POOL
    if not kept.exists():
        orders = replace(asked.orders, gathering=True, render=None, detailed=False)
        pool = _gathered(Workers(asked.cores, orders), replace(jobs, done=lambda *_: False), inputs)
        files.write(kept, to_json(pool._asdict()))
    pool = Pool(**json.loads(kept.read_bytes()))
    return replace(asked.orders, options={**asked.orders.options, "pool": pool})


def _gathered(workers: Workers, jobs: Jobs, inputs: Sequence[Input]) -> Pool:
    pools = dict[tuple[int, int], Pool]()
    bundles = (
        [Task(job, None)]
        for number, each in enumerate(inputs)
        for job in jobs.of(number, each)
        if not isinstance(job, Failure)  # which will be met once more
    )
    try:
        for told in workers.results(bundles):
            if told and isinstance(told[0], Task) and told[1].pool:
                job = told[0].job
                pools[job.input, job.number] = told[1].pool
                jobs.drop(job)
    finally:
        workers.close()
    return reduce(or_, (pool for _, pool in sorted(pools.items())), Pool())


def _size(path: str) -> int:
    try:
        return 0 if path == STANDARD_INPUT else os.stat(path).st_size
    except OSError:
        return 0
