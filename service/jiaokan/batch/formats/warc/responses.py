"""What a record brings: the bytes of a page or a text, as its server meant them, and what is said of them.

Rules of this file: what a header says is done if the bytes agree; where they do not, they are taken as they are.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final, NamedTuple

from fastwarc.stream_io import BrotliReader
from fastwarc.warc import HeaderMap

from jiaokan.batch.formats.warc.records import Record, headers_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK: Final = 64 * 1024  # bytes of brotli read at a time
HTML: Final = frozenset(("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"))
_TEXTS: Final = HTML | {"text/plain"}
_HEAD_ENDS: Final = re.compile(rb"\r?\n\r?\n")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_PIECE: Final = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,8})[^\r\n]{0,1000}\r?\n")
# How a page begins that is not said to be one (WHATWG MIME Sniffing, section 7.1, its commoner signatures).
_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|title|script|style|table|div|h1|p|br|a|b|font|!--)[\s>]",
    re.IGNORECASE,
)
# Bytes that no text begins with, among so many (the same, section 3 and 7.2).
_BINARY: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_GLANCE: Final = 512


class Payload(NamedTuple):
    """The bytes of a document.

    Attributes:
        raw: as they came, transfer and content codings and all.
        media: the media type, such as text/html.
        charset: the charset that is declared outside of them.
        codings: what was done to them, the last first.
        is_converted: whether they are a text of WET already.
    """

    raw: bytes
    media: str
    charset: str | None = None
    codings: tuple[str, ...] = ()
    is_converted: bool = False

    @property
    def is_page(self) -> bool:
        """Whether it is a page of HTML."""
        return self.media in HTML

    @property
    def usual(self) -> str | None:
        """The charset that they are in by custom, if there is such a custom."""
        return "utf-8" if self.is_converted else None


class UndecodableError(ValueError):
    """A content coding that cannot be undone; the message says which."""


def payload_of(record: Record) -> Payload | None:
    """The page or text that a record brings, ``None`` if it is to be kept as it is.

    That is a text of WET, and the page or text in the response of a server or in a resource.
    """
    kind, declared = record.header("WARC-Type").lower(), record.header("Content-Type")
    found = None
    if kind in ("conversion", "resource"):
        is_converted = kind == "conversion"
        found = Payload(record.content, _media(declared), _charset(declared), is_converted=is_converted)
        if is_converted and found.is_page:  # somebody's own, of which nobody asked for the text
            return None
    elif kind == "response" and _media(declared) == "application/http":
        found = _answered(record.content, record.header("WARC-Identified-Payload-Type"))
    return found if found and found.raw and found.media in _TEXTS else None


def _answered(message: bytes, identified: str) -> Payload | None:
    """What an HTTP message brings."""
    end = _HEAD_ENDS.search(message)
    if not message.startswith(b"HTTP/") or not end:
        return None
    headers = headers_of(message[: end.end()], "latin1")
    body, declared = message[end.end() :], headers.get("Content-Type") or identified
    codings = (*_named(headers, "Transfer-Encoding"), *_named(headers, "Content-Encoding"))
    media = _media(declared) or ("text/html" if _PAGE.match(body) else "")
    return Payload(body, media, _charset(declared), codings)


def _named(headers: HeaderMap, name: str) -> list[str]:
    """The codings that a header names, the one that was done last first."""
    said = ",".join(headers.get_multiple(name)).split(",")
    return [
        coding.strip().lower().removeprefix("x-") for coding in reversed(said) if coding.strip() not in ("", "identity")
    ]


def _media(declared: str) -> str:
    return declared.partition(";")[0].strip().lower()


def _charset(declared: str) -> str | None:
    found = _CHARSET.search(declared)
    return found[1] if found else None


def bytes_of(payload: Payload, most: int) -> bytes:
    """The bytes of the document itself, at most ``most`` and one more.

    What was cut off within a coding gives what came before. A server that names a coding without having done it, as
    many archives do that keep the headers but undo the codings, is not believed.

    >>> bytes_of(Payload(zlib.compress(b"<p>"), "text/html", None, ("deflate",)), 99)
    b'<p>'

    Raises:
        UndecodableError: they are in a coding that is not known.
    """
    found = payload.raw
    for coding in payload.codings:
        found = _UNDOING.get(coding, _as_it_is)(found, most + 1)
    if payload.codings and _BINARY.search(found, 0, _GLANCE) and found is payload.raw:
        raise UndecodableError(f"its coding, {' and '.join(payload.codings)}, cannot be undone")
    return found


def _as_it_is(packed: bytes, _most: int) -> bytes:
    return packed


def _unchunked(packed: bytes, most: int) -> bytes:
    """What was sent in chunks (RFC 9112, section 7.1)."""
    chunks, position, size = list[bytes](), 0, 0
    while (head := _PIECE.match(packed, position)) and size < most:
        position = head.end() + int(head[1], 16)
        if position == head.end():
            return b"".join(chunks)
        chunks.append(packed[head.end() : position])
        size += len(chunks[-1])
    return b"".join(chunks)[:most] or packed


def _inflated(packed: bytes, most: int) -> bytes:
    """What gzip packed, or zlib."""
    out, left = bytearray(), packed
    try:
        while left and len(out) < most:  # one member after the other
            inflate = zlib.decompressobj(32 + zlib.MAX_WBITS)
            for start in range(0, len(left), _CHUNK):
                out += inflate.decompress(left[start : start + _CHUNK], most - len(out))
                if len(out) >= most:
                    break
            left = inflate.unused_data
    except zlib.error:
        pass  # what came before it was read
    return bytes(out) or packed


def _deflated(packed: bytes, most: int) -> bytes:
    """What deflate packed, which is often sent without the frame of zlib that it should have (RFC 9110, 8.4.1.2)."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        out = inflate.decompress(packed, most)
    except zlib.error:
        return _inflated(packed, most)
    return out if inflate.eof or len(out) == most else _inflated(packed, most)


def _unbrotlied(packed: bytes, most: int) -> bytes:
    reader, out = BrotliReader(BytesIO(packed)), bytearray()
    try:
        while len(out) < most and (some := reader.read(min(_CHUNK, most - len(out)))):
            out += some
    except OSError:
        pass
    return bytes(out) or packed


def _unzstd(packed: bytes, most: int) -> bytes:
    try:
        return zstd.ZstdDecompressor().decompress(packed, most) or packed
    except zstd.ZstdError:
        return packed


_UNDOING: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {
    "chunked": _unchunked,
    "gzip": _inflated,
    "deflate": _deflated,
    "br": _unbrotlied,
    "zstd": _unzstd,
}
