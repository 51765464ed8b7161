"""What is written of an archive: records that are kept, records of repaired text, and what is told of them.

Rules of this file: a record that is kept keeps its bytes, compressed as they are if a member of its own holds it;
every record that is made is a member of its own, as is the custom.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, Final
from uuid import NAMESPACE_URL, uuid5

from jiaokan.batch.compression import writing
from jiaokan.batch.documents import Added, added_name
from jiaokan.batch.formats.warc.records import Record
from jiaokan.batch.formats.warc.unpacking import Unpacked
from jiaokan.batch.pieces import Compression
from jiaokan.records import to_json

_CHUNK: Final = 128 * 1024  # bytes copied at a time
_END: Final = b"\r\n\r\n"
_DIGESTS: Final = ("WARC-Block-Digest", "WARC-Payload-Digest")
# What a record of text has in common with the one that it was made from.
_SHARED: Final = ("WARC-Target-URI", "WARC-Date", "WARC-Warcinfo-ID")


@dataclass(frozen=True, slots=True)
class Output:
    """Where records go.

    Attributes:
        target: what is written.
        compression: how.
        file: the archive that they come from.
        packed: how that is compressed.
    """

    target: BinaryIO
    compression: Compression | None
    file: BinaryIO
    packed: Compression | None

    def keep(self, record: Record) -> None:
        """Write a record as it stands in the archive."""
        if record.extent and self.packed == self.compression:
            for chunk in self._stored(*record.extent):
                self.target.write(chunk)
        else:
            self.write(record.head, [record.content] if record.whole else self._content(record))

    def write(self, head: bytes, content: Iterable[bytes]) -> None:
        """Write a record as a member of its own."""
        with writing(self.target, self.compression) as member:
            for chunk in chain([head], content, [_END]):
                member.write(chunk)

    def _stored(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes of the file, which is read on where it was."""
        here = self.file.tell()
        for byte in range(start, end, _CHUNK):
            self.file.seek(byte)
            yield self.file.read(min(_CHUNK, end - byte))
        self.file.seek(here)

    def _content(self, record: Record) -> Iterator[bytes]:
        """A content that was not held, read again."""
        here = self.file.tell()
        again = Unpacked(self.file, record.mark.byte)
        again.skip(record.start - record.mark.position)
        left = record.length
        while left:
            again.forget()
            left -= len(chunk := again.read(min(_CHUNK, left)))
            yield chunk
        self.file.seek(here)


def changed(record: Record, content: bytes) -> bytes:
    """The head of a record that has another content now: its length and digests are those of the content.

    All else in it stays, but for a charset that it names: the content is UTF-8 now. A digest that cannot be computed
    here is left out, since it would be wrong.
    """
    head = _with(record.head, "Content-Length", str(len(content)))
    media = record.header("Content-Type")
    if "charset" in media.lower():
        head = _with(head, "Content-Type", media.partition(";")[0] + "; charset=utf-8")
    for name in _DIGESTS:
        if old := record.header(name):
            head = _with(head, name, _digest(old, content))
    return head


def _with(head: bytes, name: str, value: str | None) -> bytes:
    """A head with another value of a header that it has, or without it."""
    line = re.compile(rb"^(%b[ \t]*:[ \t]*)[^\r\n]*(\r?\n)" % re.escape(name.encode()), re.IGNORECASE | re.MULTILINE)
    return line.sub(lambda found: b"" if value is None else found[1] + value.encode() + found[2], head)


def _digest(old: str, content: bytes) -> str | None:
    """The digest of a content, by the algorithm of another digest and spelt like it.

    >>> _digest("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    name, _, spelt = old.partition(":")
    try:
        made = hashlib.new(name.strip().lower().replace("-", ""), content, usedforsecurity=False).digest()
    except (ValueError, TypeError):
        return None
    letters = made.hex() if len(spelt.strip()) == 2 * len(made) else base64.b32encode(made).decode().rstrip("=")
    return f"{name}:{letters}"


def conversion(record: Record, content: bytes) -> tuple[str, bytes]:
    """The identifier and the head of a record of text that stands for the record of a page, as in WET."""
    name = made_of(record, "text")
    digest = _digest("sha1:", content)
    rows = {"Content-Type": "text/plain", "WARC-Block-Digest": digest}
    return name, _head(record, "conversion", name, record.header("WARC-Record-ID"), rows, len(content))


def account(record: Record, about: str, added: Mapping[Added, Any]) -> tuple[bytes, bytes]:
    """The head and the content of a ``metadata`` record that tells what is wanted of a repaired record.

    Not headers of that record: readers take heads of 32 KiB at most, and the edits of one page can be longer.
    """
    content = to_json({added_name(name): value for name, value in added.items()})
    name = made_of(record, "account")
    return _head(record, "metadata", name, about, {"Content-Type": "application/json"}, len(content)), content


def made_of(record: Record, what: str) -> str:
    """The identifier of a record that is made of another: the same whenever it is made.

    It is a version 5 UUID (RFC 9562) of the identifier of the record, or of its head if it has none.
    """
    of = record.header("WARC-Record-ID") or record.head.decode("utf-8", "replace")
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{of} jiaokan {what}')}>"


def _head(record: Record, kind: str, name: str, about: str, rows: Mapping[str, str | None], length: int) -> bytes:
    """A head of a record about another one, in the same version of WARC."""
    old = record.headers
    lines = {"WARC-Type": kind, **{shared: old.get(shared) for shared in _SHARED}, "WARC-Record-ID": name}
    lines |= {"WARC-Refers-To": about, **rows, "Content-Length": str(length)}
    version = record.head.split(b"\n", 1)[0].rstrip(b"\r").decode("ascii")
    return "\r\n".join([version, *(f"{key}: {value}" for key, value in lines.items() if value), "", ""]).encode()
