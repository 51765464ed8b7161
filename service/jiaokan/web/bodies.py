"""The body of a request as a stream of bytes, plain or compressed, and its lines.

Rules of this file: whatever comes in, no more is held than one piece and what the caller allows; a body that ends
before its end says so.

granian's ``wsgi.input`` waits in ``read(n)`` until there are n bytes or no more (its ``readline`` loses the ends of
lines and is not used), may be read by any thread, and takes a client that is gone for the end of the body.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO
from itertools import islice, takewhile
from typing import Any, Final

from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wsgi import get_input_stream

from jiaokan.batch.compression import UNPACKERS, Unpacker

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_PIECE: Final = 128 * 1024  # bytes read, or unpacked, at a time
_HEARD: Final = 1024 * 1024  # bytes of a refused body that are read in any case
# Windows of 8 MiB are the most that zstd may use in HTTP (RFC 9659), so that a body cannot ask for gigabytes.
_WINDOW_LOG: Final = 23
# A client that has sent this many bytes without a pause of _PAUSE seconds is read in pieces. One byte at a time, at
# 0.2 µs each, is only for those that send a line and wait for its answer.
_STEADY: Final = 256 * 1024
_PAUSE: Final = 0.005


class UnknownCoding(UnsupportedMediaType):
    """A body in a coding that is not read here; the answer says which are (RFC 7694)."""

    def __init__(self, coding: str) -> None:
        super().__init__(f"The Content-Encoding must be {' or '.join(_CODINGS)}, not {coding}.")

    def get_headers(self, *args: object, **kwargs: object) -> list[tuple[str, str]]:
        """The headers of the answer."""
        return [*super().get_headers(), ("Accept-Encoding", ", ".join(_CODINGS))]


def _unzstd() -> Unpacker:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})


_CODINGS: Final[dict[str, Callable[[], Unpacker]]] = {"gzip": UNPACKERS["gzip"], "zstd": _unzstd}


def whole(request: Request, most: int) -> bytes:
    """The body, unpacked, if it has no more than ``most`` bytes.

    Raises:
        BadRequest: it ends early, or is not in the coding that it is said to be in.
        RequestEntityTooLarge: it has more bytes.
        UnsupportedMediaType: it is in another coding than gzip or zstd.
    """
    environ = request.environ
    try:
        if (declared := request.content_length or 0) > most:
            raise too_large(most)
        if declared and "HTTP_CONTENT_ENCODING" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            body: bytes = environ["wsgi.input"].read(declared)  # what nearly every request is, at once
            return body if len(body) == declared else b"".join(_all(BytesIO(body).read, declared))
        return b"".join(pieces(request, most))
    except RequestEntityTooLarge:
        hear_out(environ, most)
        raise


def pieces(request: Request, most: int) -> Iterator[bytes]:
    """The body, unpacked, piece by piece as it comes; raises as ``whole`` does, ``UnsupportedMediaType`` at once."""
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    # Not by way of Werkzeug, which ends a body of unknown length at its limit without a word, as if it were complete.
    read = get_input_stream(request.environ).read
    if coding == "identity":
        conversing = request.content_length is None
        return limited(_as_they_come(read) if conversing else _all(read, request.content_length), most)
    unpacker = _CODINGS.get(coding.removeprefix("x-"))
    if not unpacker:
        raise UnknownCoding(coding)
    return limited(unpacked(_all(read, request.content_length), unpacker), most)


def too_large(most: int) -> RequestEntityTooLarge:
    """What is raised for a body of more than ``most`` bytes."""
    return RequestEntityTooLarge(f"The body must not be larger than {most} bytes.")


def limited(given: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The pieces, until they are more than ``most`` bytes."""
    total = 0
    for piece in given:
        total += len(piece)
        if total > most:
            raise too_large(most)
        yield piece


def _all(read: Callable[[int], bytes], declared: int | None) -> Iterator[bytes]:
    """The bytes of a body, which are as many as declared."""
    heard = 0
    while piece := read(_PIECE):
        heard += len(piece)
        yield piece
    if declared is not None and heard < declared:
        raise BadRequest(f"The body ends after {heard} of {declared} bytes.")


def _as_they_come(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The bytes of a body of unknown length; each line at once, while its sender may be waiting for the answer."""
    steady, began = 0, time.monotonic()
    while True:
        if steady < _STEADY:
            one = iter(partial(read, 1), b"\n")
            piece = b"".join(islice(takewhile(bool, one), _PIECE))
            if len(piece) < _PIECE and next(one, None) is None:
                piece += b"\n"
        else:
            piece = read(_PIECE)
        if not piece:
            return
        yield piece
        now = time.monotonic()
        steady, began = (steady + len(piece) if now - began < _PAUSE else 0), now


def unpacked(given: Iterable[bytes], unpacker: Callable[[], Unpacker]) -> Iterator[bytes]:
    """What is packed in the pieces: one member after the other."""
    now, begun = unpacker(), False
    for packed in given:
        piece, more = packed, True
        while more:
            try:
                out = now.decompress(piece, _PIECE)
            except (zlib.error, zstd.ZstdError):
                raise BadRequest("The body is not in the coding that its Content-Encoding names.") from None
            if out:
                yield out
            begun, piece, more = True, b"", not now.needs_input
            if now.eof:
                piece = now.unused_data.lstrip(b"\0") if unpacker is UNPACKERS["gzip"] else now.unused_data
                now, begun, more = unpacker(), False, bool(piece)
    if begun:
        raise BadRequest("The body ends before its compressed end.")


def lines(given: Iterable[bytes], most: int) -> Iterator[list[bytes | None]]:
    r"""The lines of a stream, without their ends, those that end in one piece together.

    ``None`` stands for a line of more than ``most`` bytes, which is not kept.

    >>> list(lines([b"a\r", b"\nb\ncd", b"ef\n", b"g"], 3))
    [[b'a', b'b'], [None], [b'g']]
    """
    kept: list[bytes] = []  # of the line that has begun
    size = 0
    for piece in given:
        first, *others = piece.split(b"\n")
        size += len(first)
        kept = [*kept, first] if size <= most + 1 else []  # one more for a carriage return
        if others:
            *whole, rest = others
            yield [_line(b"".join(kept), size, most), *(_line(line, len(line), most) for line in whole)]
            kept, size = [rest], len(rest)
    if size:
        yield [_line(b"".join(kept), size, most)]


def _line(kept: bytes, size: int, most: int) -> bytes | None:
    line = kept.removesuffix(b"\r")
    return line if size <= most or len(line) == most == size - 1 else None


def hear_out(environ: Mapping[str, Any], most: int = 0) -> None:
    """Read on, at most ``most`` bytes or a MiB: a client that is cut off while it sends may never read the answer.

    Only where the server tells the end of a body; elsewhere, reading past it waits forever. A client that waits to be
    told to go on (``Expect``) has sent nothing, and is not told.
    """
    if environ.get("wsgi.input_terminated") and "HTTP_EXPECT" not in environ:
        stream, heard = environ["wsgi.input"], 0
        while heard < max(most, _HEARD) and (piece := stream.read(_PIECE)):
            heard += len(piece)
