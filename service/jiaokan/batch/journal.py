"""The journal of a run: what is done, on the disk before it counts as done, so that a run can go on where it stopped.

A line of JSON for each event: the header, then pieces that were repaired, parts that were joined and inputs that are
finished. A line that was being written when the run was killed is not there.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from jiaokan.batch.census import Census
from jiaokan.batch.documents import Place, Reject
from jiaokan.batch.files import stopping
from jiaokan.batch.work import Done
from jiaokan.records import to_json

_NAME: Final = "journal.jsonl"
# Seconds to wait for the workers of a killed run, which end when they see that it has.
_PATIENCE: Final = 10


class JournalError(Exception):
    """A run cannot begin or go on here; the message says why and what to do, in one line."""


class Kept(NamedTuple):
    """A piece that is done.

    Attributes:
        number: which piece of its input.
        records: how many records it had.
        rejects: how many documents of it were rejected.
        written: whether it has an output.
        last: whether it is the last piece of its input.
        at: where its line stands in the journal, in bytes.
    """

    number: int
    records: int
    rejects: int
    written: bool
    last: bool
    at: int


class Told(NamedTuple):
    """What became of a piece.

    Attributes:
        input: which of the inputs.
        records: how many records it had.
        behind: how many come before them in the input.
        census: what was seen.
        rejects: with their places in the input.
    """

    input: int
    records: int
    behind: int
    census: Census
    rejects: list[Reject]


class Journal:
    """The journal in a folder.

    Args:
        folder: where it is kept; made if it is not there.
        header: what the run is; a run that goes on must be the same.
        resume: whether to go on with a run that is there; if none is, one begins.

    Raises:
        JournalError: there is a run already, or another one; or it is at work.
        OSError: it cannot be read or written.
    """

    def __init__(self, folder: Path, header: Mapping[str, Any], resume: bool = False) -> None:
        self.folder: Final = folder
        self.pieces: Final[dict[int, dict[int, Kept]]] = {}
        self.ends: Final[dict[int, tuple[int, int]]] = {}  # of an input: the parts that are joined, and their bytes
        self.finished: Final = set[int]()
        path = folder / _NAME
        folder.mkdir(parents=True, exist_ok=True)
        self._file: Final[BinaryIO] = open(path, "a+b")  # noqa: SIM115  # closed by close
        try:
            self._lock()
            self._read(dict(json.loads(to_json(header))), resume)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @staticmethod
    def begun(folder: Path) -> dict[str, Any] | None:
        """The header of a run that was interrupted there, ``None`` if none was."""
        path = folder / _NAME
        if not path.exists():
            return None
        with path.open("rb") as file:
            first = file.readline()
        return dict(json.loads(first)) if first.endswith(b"\n") else None

    def piece(self, index: int, kept: Kept, done: Done, signature: object) -> None:
        """A piece is done; ``signature`` tells its input from another one."""
        rejects = [[*each.place[1:], each.reason] for each in done.rejects]
        at = self._write(piece=[index, *kept[:-1]], census=done.census.to_json(), rejects=rejects, signature=signature)
        self.pieces.setdefault(index, {})[kept.number] = kept._replace(at=at)

    def joined(self, index: int, parts: int, size: int) -> None:
        """The first so many parts of an input stand in its draft, which has so many bytes."""
        self._write(joined=[index, parts, size])
        self.ends[index] = parts, size

    def finish(self, index: int) -> None:
        """The output of an input is in its place."""
        self._write(finished=index)
        self.finished.add(index)

    def sync(self) -> None:
        """Have all of it on the disk.

        Raises:
            StoppedError: it cannot be written, as by all that writes.
        """
        with stopping(self.folder):
            os.fsync(self._file.fileno())

    def is_done(self, index: int, number: int) -> bool:
        """Whether a piece of an input is done."""
        return number in self.pieces.get(index, ())

    def told(self, paths: Sequence[str]) -> Iterator[Told]:
        """What became of every piece, by input and number; ``paths`` are those of the inputs."""
        self._file.flush()
        for index, pieces in sorted(self.pieces.items()):
            behind = 0
            for _, kept in sorted(pieces.items()):
                self._file.seek(kept.at)
                line = json.loads(self._file.readline())
                places = (
                    Reject(Place(paths[index], document and document + behind, *rest), reason)
                    for document, *rest, reason in line["rejects"]
                )
                yield Told(index, kept.records, behind, Census.from_json(line["census"]), list(places))
                behind += kept.records

    def signature(self, index: int) -> Any:
        """What told the input from another one when a piece of it was done; ``None`` if none was."""
        for kept in self.pieces.get(index, {}).values():
            self._file.seek(kept.at)
            return json.loads(self._file.readline())["signature"]
        return None

    def _write(self, **event: object) -> int:
        at = self._file.seek(0, os.SEEK_END)
        with stopping(self.folder):
            self._file.write(to_json(event) + b"\n")
            self._file.flush()  # so that the death of this process costs nothing
        return at

    def _lock(self) -> None:
        """Hold the journal as long as this process or one of its workers lives."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise JournalError(f"another run is at work here: it holds {self.folder / _NAME}") from None
                time.sleep(0.05)
            else:
                return

    def _read(self, header: dict[str, Any], resume: bool) -> None:
        self._file.seek(0)
        first = self._file.readline()
        if not first.endswith(b"\n"):  # it was killed before it had begun
            self._file.truncate(0)
            self._write(**header)
            self.sync()
            return
        if not resume:
            raise JournalError(
                f"a run was interrupted here: go on with --resume, or remove {self.folder} to begin anew"
            )
        before = json.loads(first)
        for name, value in header.items():
            if before.get(name) != value:
                raise JournalError(f"the run that was interrupted here is another one: its {name} were different")
        self._replay()

    def _replay(self) -> None:
        while line := self._file.readline():
            at = self._file.tell() - len(line)
            if not line.endswith(b"\n"):
                self._file.truncate(at)
                return
            match json.loads(line):
                case {"piece": [index, number, records, rejects, written, last]}:
                    self.pieces.setdefault(index, {})[number] = Kept(number, records, rejects, written, last, at)
                case {"joined": [index, parts, size]}:
                    self.ends[index] = parts, size
                case {"finished": index}:
                    self.finished.add(index)
