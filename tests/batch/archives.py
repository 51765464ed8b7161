"""Archives for tests: records written by hand or by FastWARC, and what comes of them."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fastwarc.warc import ArchiveIterator

from jiaokan.batch.compression import Compression
from jiaokan.batch.documents import Place, Reject, Repairer
from jiaokan.batch.formats import warc
from jiaokan.batch.pieces import Shape
from jiaokan.report import Repair

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

URL: Final = "http://example.com/頁"
HTTP: Final = "application/http; msgtype=response"
_CHECKED: Final = {zstd.CompressionParameter.checksum_flag: True}
PACKED: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "": bytes,
    "gzip": partial(gzip.compress, mtime=0),
    "zstd": partial(zstd.compress, options=_CHECKED),
}


def record(kind: str, content: bytes, number: int = 1, **headers: str) -> bytes:
    """A record; names of headers with underscores for hyphens."""
    lines = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "WARC-Date": "2026-01-01T00:00:00Z",
        "WARC-Target-URI": URL,
        **{name.replace("_", "-"): value for name, value in headers.items()},
        "Content-Length": str(len(content)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + content + b"\r\n\r\n"


def response(body: bytes, *headers: str, number: int = 1) -> bytes:
    """The record of an answer over HTTP."""
    head = "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", *headers, ""))
    return record("response", head.encode() + body, number, Content_Type=HTTP)


def wet(text: str, number: int = 1, **headers: str) -> bytes:
    """A record of text, as WET has them."""
    return record("conversion", text.encode(), number, **{"Content_Type": "text/plain", **headers})


@dataclass
class Outcome:
    """What came of an archive."""

    written: bytes = b""
    count: int = 0
    pieces: int = 0
    rejects: list[Reject] = field(default_factory=list)
    noted: list[tuple[Place, Repair]] = field(default_factory=list)

    @property
    def records(self) -> list[tuple[dict[str, str], bytes]]:
        """What FastWARC reads of what was written: headers and contents."""
        found = ArchiveIterator(BytesIO(self.written), parse_http=False)
        return [(dict(each.headers.to_tuples()), each.reader.read()) for each in found]

    @property
    def texts(self) -> list[str]:
        """The contents of its records of text."""
        return [content.decode() for headers, content in self.records if headers["WARC-Type"] == "conversion"]


def rewritten(
    folder: Path,
    archive: bytes,
    size: int = 1 << 22,
    text_only: bool = False,
    compression: Compression | None = None,
    **options: Any,
) -> Outcome:
    """What comes of an archive that is cut into pieces of so many bytes."""
    path = folder / "archive.warc"
    path.write_bytes(archive)
    return joined(path.name, warc.pieces(path, size), text_only, compression, **options)


def joined(
    name: str, pieces: Iterable[Any], text_only: bool = False, compression: Compression | None = None, **options: Any
) -> Outcome:
    """What comes of pieces, one after the other."""
    outcome, target = Outcome(), BytesIO()
    shape = Shape(name, text_only=text_only, compression=compression)
    repairer = Repairer(
        rejected=outcome.rejects.append,
        noted=lambda place, _size, repair, _start: outcome.noted.append((place, repair)),
        **options,
    )
    for piece in pieces:
        outcome.count += warc.rewrite(piece, target, shape, repairer)
        outcome.pieces += 1
    outcome.written = target.getvalue()
    return outcome


def page(text: str, meta: str | None = None) -> str:
    """A page of a site: its text line by line, among what is no text."""
    label = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    lines = "".join(f"<p class=line>{line}</p>\n" for line in text.splitlines() if line.strip())
    return (
        f"<!DOCTYPE html><html><head>{label}<style>p {{ color: red }}</style></head>"
        f"<body>{lines}<script>var 數據 = '腳本';</script></body></html>"
    )


def answered(folder: Path, body: bytes, *headers: str, **options: Any) -> Outcome:
    """What comes of an archive that holds one answer over HTTP."""
    return rewritten(folder, response(body, *headers), **options)
