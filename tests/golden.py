"""Golden accounts: what every document came to when it was last recorded, as digests, and what it comes to now.

    python tests/golden.py check                     which accounts differ from those recorded, and in what
    python tests/golden.py check --against COMMIT    also how they differ from what the code of COMMIT makes of them
    python tests/golden.py show ID                   the account of one document; --against COMMIT: how it differs
    python tests/golden.py record                    record the accounts as they are now

``--only KIND`` takes one kind: a folder of ``fixtures/``, a kind of ``BENCH``, or ``fixtures`` or ``bench`` for all of
these. ``accounts/fixtures.tsv`` and ``accounts/bench.tsv`` have a line for each document: its id, the digest of its
source, and for each set of options ``NAME=TEXT:EDITS:DOUBTS:REASONS``, the digests of the parts of the account;
``NAME=.`` where the text stays as it is and nothing is doubted, ``NAME="`` where all is as in the cell before.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import jiaokan

ACCOUNTS: Final = Path(__file__).parent / "accounts"
PARTS: Final = ("text", "edits", "doubts", "reasons")
_HEX_DIGITS: Final = 6  # one change in 16 million goes unnoticed in a part
# Decimals of a probability. Sums of logarithms differ in the last bits from one NumPy and processor to the next.
_DECIMALS: Final = 3
_CHUNK: Final = 20  # documents a worker takes at a time
_MOST_LISTED: Final = 50
_NOTHING: Final = "."
_SAME: Final = '"'

Account = dict[str, list[str]]


def account(source: str | bytes, options: Mapping[str, Any]) -> Account:
    """What a repair comes to, as lines for a person, in four parts.

    ``text``: the text the source was read as, unless it came as text, and the clean text; ``edits`` and ``doubts``:
    places and what is put there, of doubts also fault and consent; ``reasons``: charset, rounds, confidence, evidence,
    fills. A document that raises has the exception for its text.
    """
    try:
        done = jiaokan.repair(source, **options)
        read = done.source
        text = [repr(line) for line in done.text.splitlines(keepends=True)]
        if isinstance(source, bytes):
            text = [*(repr(line) for line in read.text.splitlines(keepends=True)), "clean:", *text]
        return {
            "text": text,
            "edits": [_edits([edit]) for edit in done.edits],
            "doubts": [f"{_edits(each.edits)} {each.fault.value} {each.consent.value}" for each in done.doubts],
            "reasons": [*_reading(read), *_rounds(done), *_changes(done), *map(_finding, done.doubts)],
        }
    except Exception as error:
        return {"text": [f"raises {type(error).__name__}"], "edits": [], "doubts": [], "reasons": []}


def _edits(edits: Iterable[jiaokan.Edit]) -> str:
    return ", ".join(f"{edit.start}-{edit.end} {edit.before!r} → {edit.after!r}" for edit in edits)


def _number(confidence: float) -> str:
    return f"{float(confidence):.{_DECIMALS}f}"


def _reading(read: jiaokan.Source) -> Iterator[str]:
    if read.charset:
        losses = ", ".join(f"{loss.span.start}-{loss.span.end} {loss.raw.hex()}" for loss in read.losses)
        passages = ", ".join(f"{each.span.start}-{each.span.end} {each.charset}" for each in read.passages)
        yield f"read as {read.charset} {_number(read.confidence)}: {read.evidence} [{losses}] [{passages}]"


def _rounds(done: jiaokan.Repair) -> Iterator[str]:
    for number, each in enumerate(done.rounds, 1):
        yield f"round {number}: {each.fault.value}"
        yield from map(_finding, each.findings)


def _changes(done: jiaokan.Repair) -> Iterator[str]:
    for each in done.changes:
        faults = "+".join(finding.fault.value for finding in each.findings)
        yield f"change {_edits([each.edit])} {faults} {each.consent.value} {_number(each.confidence)}"


def _finding(each: jiaokan.Finding) -> str:
    fills = "".join(f" | {fill.text} {_number(fill.confidence)}" for fill in each.fills)
    sure = f"{each.consent.value} {_number(each.confidence)}"
    return f"{_edits(each.edits)} {each.fault.value} {sure}: {each.evidence}{fills}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:_HEX_DIGITS]


def _cell(source: str | bytes, options: Mapping[str, Any]) -> str:
    parts = account(source, options)
    stays = isinstance(source, str) and parts["text"] == [repr(line) for line in source.splitlines(keepends=True)]
    if stays and not any(parts[name] for name in PARTS[1:]):
        return _NOTHING
    return ":".join(_digest(parts[name]) for name in PARTS)


class Row(NamedTuple):
    """A line of the file: a document and its accounts by the name of the options."""

    id: str
    source: str
    cells: Mapping[str, str]

    def __str__(self) -> str:
        before, cells = "", []
        for name, cell in self.cells.items():
            cells.append(f"{name}={_SAME if cell == before else cell}")
            before = cell
        return "\t".join((self.id, self.source, *cells))

    @classmethod
    def read(cls, line: str) -> Row:
        """The row of a line."""
        name, source, *cells = line.split("\t")
        full: dict[str, str] = {}
        for option, cell in (each.split("=") for each in cells):
            full[option] = [*full.values()][-1] if cell == _SAME else cell
        return cls(name, source, full)


def compute(document: tuple[str, str | bytes, Mapping[str, Mapping[str, Any]]]) -> Row:
    """The row of a document as the code is now."""
    name, source, options = document
    kind, raw = ("s", source.encode("utf-8", "surrogatepass")) if isinstance(source, str) else ("b", source)
    cells = {option: _cell(source, each) for option, each in options.items()}
    return Row(name, hashlib.sha256(kind.encode() + raw).hexdigest()[:_HEX_DIGITS], cells)


def recorded(kind: str) -> dict[str, Row]:
    """The rows that were recorded for one kind, by id."""
    path = _path(kind)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {row.id: row for row in map(Row.read, lines) if _kind(row.id) == kind}


def _kind(name: str) -> str:
    return name.partition("/")[0]


def _path(kind: str) -> Path:
    return ACCOUNTS / ("bench.tsv" if kind.startswith("bench-") else "fixtures.tsv")


def differences(old: Mapping[str, Row], new: Mapping[str, Row]) -> dict[str, str]:
    """What is not as it was recorded, by id: one line each."""
    found = {}
    for name in [*new, *(name for name in old if name not in new)]:
        if name not in old:
            found[name] = "not recorded"
        elif name not in new:
            found[name] = "document gone"
        elif old[name].source != new[name].source:
            found[name] = "document changed"
        elif old[name].cells != new[name].cells:
            found[name] = f"account changed: {_changed(old[name].cells, new[name].cells)}"
    return found


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The options under which an account changed, and in which parts."""
    listed = []
    for name in dict.fromkeys((*old, *new)):
        if name not in old or name not in new:
            listed.append(f"{name} ({'not recorded' if name in new else 'gone'})")
        elif old[name] != new[name]:
            one, other = (_parts(cells[name]) for cells in (old, new))
            parts = (part for part, before, now in zip(PARTS, one, other, strict=True) if before != now)
            listed.append(f"{name} ({', '.join(parts)})")
    return "; ".join(listed)


def _parts(cell: str) -> list[str]:
    """The digests of a cell; those of nothing found are those of no lines, but for the text."""
    return cell.split(":") if cell != _NOTHING else ["", *[_digest(())] * (len(PARTS) - 1)]


# The command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 if an account is not as recorded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("check", "record", "show", "accounts"), metavar="check|record|show")
    parser.add_argument("ids", nargs="*", metavar="ID", help="for show")
    parser.add_argument("--only", action="append", metavar="KIND")
    parser.add_argument("--against", metavar="COMMIT")
    parser.add_argument("-j", type=int, default=os.cpu_count(), metavar="N", help="processes")
    given = parser.parse_args(arguments)
    if given.verb == "accounts":
        return _answer()
    kinds = _kinds(given.only, given.ids)
    if given.verb == "show":
        return _show(kinds, given.ids, given.against)
    with ProcessPoolExecutor(given.j) as pool:
        rows = {kind: {row.id: row for row in pool.map(compute, _documents(kind), chunksize=_CHUNK)} for kind in kinds}
    return _record(rows) if given.verb == "record" else _check(rows, given.against)


def _documents(kind: str) -> Iterator[tuple[str, str | bytes, Mapping[str, Mapping[str, Any]]]]:
    """Imported here, for they need ``bench/``, which another commit's code may not run with."""
    from golden_documents import documents

    return (tuple(document) for document in documents(kind))  # type: ignore[misc]


def _kinds(only: Sequence[str] | None, ids: Sequence[str]) -> list[str]:
    from golden_documents import BENCH, FOLDERS, KINDS

    groups = {"fixtures": FOLDERS, "bench": [*BENCH], **{kind: [kind] for kind in KINDS}}
    wanted = only or [_kind(name) for name in ids] or ["fixtures", "bench"]
    if unknown := [each for each in wanted if each not in groups]:
        sys.exit(f"unknown kind {unknown[0]}; there are {', '.join(groups)}")
    return list(dict.fromkeys(kind for each in wanted for kind in groups[each]))


def _record(rows: Mapping[str, Mapping[str, Row]]) -> int:
    for path in sorted({_path(kind) for kind in rows}):
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        kept = [line for line in lines if _kind(line) not in rows]
        new = [str(row) for kind, its in rows.items() if _path(kind) == path for row in its.values()]
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in sorted((*kept, *new))), encoding="utf-8")
    print(f"recorded {sum(map(len, rows.values()))} documents")
    return 0


def _check(rows: Mapping[str, Mapping[str, Row]], against: str | None) -> int:
    found: dict[str, str] = {}
    for kind, its in rows.items():
        found |= differences(recorded(kind), its)
    listed = sorted(found.items(), key=lambda item: not item[1].startswith("account"))  # what matters is never cut off
    for name, what in listed[:_MOST_LISTED]:
        print(f"{name}: {what}")
    if len(found) > _MOST_LISTED:
        print(f"and {len(found) - _MOST_LISTED} more")
    print(f"{len(found)} of {sum(map(len, rows.values()))} documents are not as recorded")
    changed = [name for name, what in found.items() if what.startswith("account")][:_MOST_LISTED]
    if against and changed:
        _show(list(dict.fromkeys(map(_kind, changed))), changed, against)
    return 1 if found else 0


def _show(kinds: Sequence[str], ids: Sequence[str], against: str | None) -> int:
    asked = [each for kind in kinds for each in _documents(kind) if each[0] in ids]
    tasks = [(f"{name} ({option})", source, each) for name, source, every in asked for option, each in every.items()]
    if not tasks:
        sys.exit("no such document")
    new = [_lines(account(source, options)) for _, source, options in tasks]
    old = _computed_by(against, [task[1:] for task in tasks]) if against else []
    for at, (title, source, _) in enumerate(tasks):
        if not against:
            print(f"== {title}", f"source  {source!r}", *new[at], sep="\n")
        elif lines := list(unified_diff(old[at], new[at], f"{title} by {against}", "now", lineterm="", n=1)):
            print(f"== {title}", *lines, sep="\n")
    return 0


def _lines(parts: Account) -> list[str]:
    return [f"{name:<8}{line}" for name in PARTS for line in parts[name]]


def _computed_by(commit: str, tasks: Sequence[tuple[str | bytes, Mapping[str, Any]]]) -> list[list[str]]:
    """The lines of accounts as the package of another commit gives them, in a process and a folder of its own."""
    asked = [{"text": s} if isinstance(s, str) else {"raw": base64.b64encode(s).decode()} for s, _ in tasks]
    lines = [
        json.dumps({**source, "options": dict(options)}) for source, (_, options) in zip(asked, tasks, strict=True)
    ]
    with TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["git", "archive", "--format=tar", commit, "service"],
            cwd=Path(__file__).parents[1],
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as tree:
            tree.extractall(folder, filter="data")
        path = Path(folder) / "service"
        done = subprocess.run(
            [sys.executable, __file__, "accounts"],
            input="\n".join([str(path), *lines]),
            env={**os.environ, "PYTHONPATH": str(path)},
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _answer() -> int:
    """Read where the package must be and then documents from standard input; write the lines of their accounts."""
    service, *lines = sys.stdin.read().splitlines()
    assert Path(service) in Path(jiaokan.__file__).parents, f"{jiaokan.__file__} is not in {service}"
    for line in lines:
        task = json.loads(line)
        source = task["text"] if "text" in task else base64.b64decode(task["raw"])
        print(json.dumps(_lines(account(source, task["options"]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
