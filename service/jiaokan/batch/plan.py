"""Which inputs there are, what each of them is, and where what is made of it goes.

Rules of this file: the same files give the same plan, in the same order; what the content says counts for more than
the name.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from jiaokan.batch import compression
from jiaokan.batch.pieces import Compression, FormatName, InputError

STANDARD_INPUT: Final = "-"
# The folder beside the output where a run keeps what it needs to go on, and how the names of drafts begin: neither is
# ever an input.
STATE: Final = ".jiaokan"
REJECTS: Final = "rejects.jsonl"

# Bytes of a file that are looked at to tell what it is; of a compressed one as many as its first block may have.
HEAD: Final = 4096
PACKED_HEAD: Final = 1 << 20
_MAGIC: Final[tuple[tuple[bytes, FormatName], ...]] = (
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"WARC/1.", "warc"),
    (b"\xff\xff\xff\xff", "arrow"),  # how an Arrow stream begins: the continuation marker of its schema
)
_BY_NAME: Final[dict[str, FormatName]] = {
    **dict.fromkeys((".jsonl", ".ndjson", ".jsonlines"), "jsonl"),
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    **dict.fromkeys((".arrow", ".arrows", ".feather", ".ipc"), "arrow"),
    **dict.fromkeys((".warc", ".wet"), "warc"),
}
# What a run in place has kept (``files``), beside what took its place.
_BACKUP: Final = re.compile(r"(.+)\.bak[0-9]*")
_COMPRESSED: Final = (".gz", ".bz2", ".xz", ".zst", ".zstd")


class Input(NamedTuple):
    """A file, or standard input, and what its output is called: a path below the folder of the output."""

    path: str
    name: str


class Kind(NamedTuple):
    """What a file is."""

    format: FormatName
    compression: Compression | None


def found(
    paths: Iterable[str], include: Sequence[str] = (), exclude: Sequence[str] = (), output: Path | None = None
) -> Iterator[Input]:
    """The inputs that paths name: files, all files of folders, and what the patterns of a shell (``*``, ``**``) match.

    Args:
        include: patterns as in .gitignore; of the files of a folder those that match one. Empty: all of them.
        exclude: patterns as well; those that match one are left out.
        output: a folder that is not looked into: what a run writes is not what it reads.
    """
    for path in paths:
        if path != STANDARD_INPUT and not os.path.lexists(path) and glob.has_magic(path):
            yield from found(sorted(glob.glob(path, recursive=True)), include, exclude, output)
        elif os.path.isdir(path):
            chosen = _chosen(include, exclude)
            for file in _files(path, output.resolve() if output else None):
                inside = os.path.relpath(file, path)
                if chosen(inside):
                    yield Input(file, inside)
        else:
            yield Input(path, PurePath(path).name)


def _chosen(include: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path below a folder is wanted."""
    from pathspec import GitIgnoreSpec

    wanted = GitIgnoreSpec.from_lines(include or ["*"])
    unwanted = GitIgnoreSpec.from_lines([*exclude, f"{STATE}*"])
    return lambda path: wanted.match_file(path) and not unwanted.match_file(path)


def _files(folder: str, output: Path | None) -> Iterator[str]:
    """All files below a folder but backups, in an order that does not depend on the file system."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if output is None or Path(place, name).resolve() != output)
        backups = {name for name in names if (kept := _BACKUP.fullmatch(name)) and kept[1] in names}
        yield from (os.path.join(place, name) for name in sorted({*names} - backups))


def folder_of(path: str) -> str:
    """The folder that a path names, or the one that what it names is in.

    >>> folder_of("/usr/*/python3"), folder_of("/usr/bin")
    ('/usr', '/usr/bin')
    """
    folder = os.path.abspath(path)
    while glob.has_magic(folder) or not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def kind(path: str, head: bytes) -> Kind:
    """What a file is, by how it begins; where that could be any text, by its name.

    >>> kind("crawl.jsonl", b'{"text": "..."}'), kind("crawl", b"PAR1")
    (Kind(format='jsonl', compression=None), Kind(format='parquet', compression=None))
    """
    packed = compression.of(head)
    if packed:
        head = _unpacked(head, packed)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return Kind(name, packed)
    return Kind(_by_name(path), packed)


def _unpacked(head: bytes, packed: Compression) -> bytes:
    try:
        return next(compression.unpacked([head], packed), b"")
    except InputError:
        return b""


def _by_name(path: str) -> FormatName:
    stem, suffix = os.path.splitext(path.lower())
    if suffix in _COMPRESSED:
        suffix = os.path.splitext(stem)[1]
    return _BY_NAME.get(suffix, "text")


def text_name(name: str) -> str:
    """What a file of the texts alone is called.

    >>> text_name("2026/crawl.warc.gz"), text_name("page.txt")
    ('2026/crawl.txt.gz', 'page.txt')
    """
    stem, packed = os.path.splitext(name)
    if packed.lower() not in _COMPRESSED:
        stem, packed = name, ""
    bare, suffix = os.path.splitext(stem)
    return f"{bare}.txt{packed}" if suffix.lower() in _BY_NAME else name


def targets(inputs: Sequence[Input], folder: Path, text_only: bool = False) -> list[Path]:
    """A path in ``folder`` for each input, under its own name; a name already taken gets a number.

    Names that differ in case only count as the same, as they do on some file systems.

    >>> [str(path) for path in targets([Input("a/page.txt", "page.txt"), Input("b/page.txt", "page.txt")], Path("o"))]
    ['o/page.txt', 'o/page-2.txt']

    Raises:
        ValueError: one of them is an input.
    """
    sources = {place for each in inputs for place in _places(Path(each.path))}
    taken = {REJECTS}
    made = []
    for each in inputs:
        name = _free(text_name(each.name) if text_only else each.name, taken)
        taken.add(name.casefold())
        target = folder / name
        if sources & _places(target):
            raise ValueError(f"{target} is an input: choose another folder")
        made.append(target)
    return made


def _places(path: Path) -> set[Path]:
    """Where a path is, and where it leads to if it is a link."""
    return {path.resolve(), path.parent.resolve() / path.name}


def _free(name: str, taken: set[str]) -> str:
    free, number, path = name, 1, PurePath(name)
    while free.casefold() in taken:
        number += 1
        free = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
    return free
