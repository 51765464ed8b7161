"""Where what is made goes: files in their places, joined of parts where an input was read in pieces, or one stream.

Rules of this file: an output stands in its place when all of it is on the disk, and not before; a part is taken away
when what it held is on the disk elsewhere.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from typing_extensions import override

from jiaokan.batch import files
from jiaokan.batch.files import stopping
from jiaokan.batch.jobs import Job
from jiaokan.batch.journal import Journal
from jiaokan.batch.pieces import FormatName
from jiaokan.batch.plan import STATE
from jiaokan.batch.work import Backup, Joining, keeps

_JOINED: Final[tuple[FormatName, ...]] = ("parquet", "arrow")


class Outputs(Protocol):
    """Where what is made of the inputs goes."""

    def target(self, job: Job) -> Path | None:
        """Where a worker writes what it makes of a piece; ``None`` if nothing is to be written."""

    def advance(self, index: int, job: Job | None) -> Iterator[Joining]:
        """Put in its place what is in order, now that the journal has a further piece. ``job`` is a job of the input,
        ``None`` if there is none. What a worker has to join is yielded, and comes back by ``joined``."""

    def joined(self, joining: Joining) -> None:
        """The parts of an input are one file."""

    def left(self, index: int) -> None:
        """No more comes of an input in this run, and it is not finished."""


class Nowhere(Outputs):
    """Nothing is written."""

    @override
    def target(self, _job: Job) -> Path | None:
        return None

    @override
    def advance(self, index: int, _job: Job | None) -> Iterator[Joining]:
        yield from ()

    @override
    def joined(self, _joining: Joining) -> None:
        raise AssertionError("nothing is written that could be joined")

    @override
    def left(self, index: int) -> None:
        pass


class InFiles(Outputs):
    """A file for each input.

    Args:
        journal: the journal of the run; parts lie beside it.
        targets: where the output of each input goes.
        backup: when to keep what stands there.
        text_only: whether texts alone are written.
    """

    def __init__(self, journal: Journal, targets: Sequence[Path], backup: Backup, text_only: bool) -> None:
        self._journal, self._targets = journal, targets
        self._backup, self._text_only = backup, text_only
        _folder(journal).mkdir(exist_ok=True)
        for index, pieces in journal.pieces.items():
            parts, _ = journal.ends.get(index, (0, 0))
            if index not in journal.finished and parts and pieces[parts - 1].last:
                self._settle(index)  # an earlier run was interrupted when its draft was whole

    @override
    def target(self, job: Job) -> Path | None:
        if not job.whole:
            return _part(self._journal, job.input, job.number)
        target = self._targets[job.input]
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    @override
    def advance(self, index: int, job: Job | None) -> Iterator[Joining]:
        if job and job.whole:
            self._journal.finish(index)
        elif job and _joins(job, self._text_only):
            if (parts := _all_parts(self._journal, index)) is not None:
                yield Joining(index, job.format, parts, self._draft(index))
        else:
            self._append(index)

    @override
    def joined(self, joining: Joining) -> None:
        self._journal.joined(joining.input, len(self._journal.pieces[joining.input]), joining.target.stat().st_size)
        self._journal.sync()
        self._settle(joining.input)
        for part in joining.parts:
            part.unlink()

    @override
    def left(self, index: int) -> None:
        pass

    def _append(self, index: int) -> None:
        """Put the parts that are next behind the draft; when there are no more, put the draft in its place."""
        pieces = self._journal.pieces[index]
        first, size = self._journal.ends.get(index, (0, 0))
        parts = first
        while parts in pieces:
            parts += 1
        if parts == first:
            return
        with stopping(self._draft(index)), open(self._draft(index), "r+b" if first else "wb") as draft:
            draft.truncate(size)  # an earlier run may have been interrupted amid a part
            draft.seek(size)
            for number in range(first, parts):
                if pieces[number].written:
                    with _part(self._journal, index, number).open("rb") as part:
                        shutil.copyfileobj(part, draft, 1 << 20)
            draft.flush()
            os.fsync(draft.fileno())
            size = draft.tell()
        self._journal.joined(index, parts, size)
        self._journal.sync()
        for number in range(first, parts):
            _part(self._journal, index, number).unlink(missing_ok=True)
        if pieces[parts - 1].last:
            self._settle(index)

    def _settle(self, index: int) -> None:
        draft = self._draft(index)
        if not any(kept.written for kept in self._journal.pieces[index].values()):
            draft.unlink(missing_ok=True)  # nothing of it could be read
        elif draft.exists():  # if not, an earlier run was interrupted behind the rename
            with stopping(self._targets[index]):
                rejects = sum(kept.rejects for kept in self._journal.pieces[index].values())
                files.settle(draft, self._targets[index], keeps(self._backup, rejects))
        self._journal.finish(index)
        self._journal.sync()

    def _draft(self, index: int) -> Path:
        # Beside its target, because a rename is atomic only within one file system.
        target = self._targets[index]
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.with_name(f"{STATE}-{index}")


class InStream(Outputs):
    """One after the other, in the order of the inputs, such as to standard output.

    Args:
        journal: the journal of the run; parts lie beside it.
        stream: where to write.
        text_only: whether texts alone are written.
        name: what the names of its parts begin with.
    """

    def __init__(self, journal: Journal, stream: BinaryIO, text_only: bool, name: str = "") -> None:
        self._journal, self._stream, self._text_only, self._name = journal, stream, text_only, name
        self._input, self._number = 0, 0  # what comes next
        self._over = set[int]()  # inputs of which no more comes
        self._joining = dict[int, Path]()  # inputs that come as one file, when it is there
        _folder(journal).mkdir(exist_ok=True)

    @override
    def target(self, job: Job) -> Path:
        return self._part(job.input, job.number)

    @override
    def advance(self, index: int, job: Job | None) -> Iterator[Joining]:
        if job and _joins(job, self._text_only):
            self._joining[index] = _folder(self._journal) / f"{index}"
            if (parts := _all_parts(self._journal, index)) is not None:
                yield Joining(index, job.format, parts, self._joining[index])
        self._give()

    @override
    def joined(self, joining: Joining) -> None:
        for part in joining.parts:
            part.unlink()
        self.left(joining.input)

    @override
    def left(self, index: int) -> None:
        self._over.add(index)
        self._give()

    def _give(self) -> None:
        """Write what is next as long as it is there."""
        while True:
            kept = self._journal.pieces.get(self._input, {}).get(self._number)
            over, whole = self._input in self._over, self._joining.get(self._input)
            if whole or kept is None:
                if not over:
                    return
                if whole and whole.exists():
                    self._write(whole)
            elif (part := self._part(self._input, self._number)).exists():
                self._write(part)
            if kept is None or whole or kept.last:
                self._input, self._number = self._input + 1, 0
            else:
                self._number += 1

    def _part(self, index: int, number: int) -> Path:
        return _folder(self._journal) / f"{self._name}{index}-{number}"

    def _write(self, part: Path) -> None:
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                write_all(self._stream, block)
        part.unlink()


def write_all(stream: BinaryIO, content: bytes) -> None:
    """All of ``content``, where a stream takes only a part at a time, as standard output does when unbuffered."""
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]


def _joins(job: Job, text_only: bool) -> bool:
    return job.format in _JOINED and not text_only


def _folder(journal: Journal) -> Path:
    return journal.folder / "parts"


def _part(journal: Journal, index: int, number: int) -> Path:
    return _folder(journal) / f"{index}-{number}"


def _all_parts(journal: Journal, index: int) -> tuple[Path, ...] | None:
    """The parts of an input in order; ``None`` while one is missing."""
    pieces = journal.pieces[index]
    if not any(kept.last and len(pieces) == kept.number + 1 for kept in pieces.values()):
        return None
    return tuple(_part(journal, index, number) for number, kept in sorted(pieces.items()) if kept.written)
