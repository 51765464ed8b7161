"""Bodies as streams: codings, limits, lines, and clients that send one line and wait."""

from __future__ import annotations

import gzip
import io
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from itertools import repeat
from threading import Thread

import pytest
from flask import Request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.test import EnvironBuilder

from jiaokan.web import bodies

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MANY = 10**9
PACKED: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "x-gzip": gzip.compress, "zstd": zstd.compress}


def request(body: bytes, coding: str | None = None, **environ: object) -> Request:
    headers = {} if coding is None else {"Content-Encoding": coding}
    built = EnvironBuilder(method="POST", data=body, headers=headers).get_environ()
    return Request({**built, **environ})


@pytest.mark.parametrize("coding", PACKED)
@pytest.mark.parametrize("size", [0, 1, 100, 65536, 131072, 131073, 1_000_000])
def test_a_packed_body_is_unpacked(coding: str, size: int) -> None:
    body = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    assert bodies.whole(request(PACKED[coding](body), coding), MANY) == body


@pytest.mark.parametrize("coding", PACKED)
def test_members_and_frames_follow_each_other(coding: str) -> None:
    packed = PACKED[coding](b"one ") + PACKED[coding](b"") + PACKED[coding](b"two")
    assert bodies.whole(request(packed, coding), MANY) == b"one two"
    for step in (1, 2, 7):
        pieces = (packed[at : at + step] for at in range(0, len(packed), step))
        assert b"".join(bodies.unpacked(pieces, bodies._CODINGS[coding.removeprefix("x-")])) == b"one two"


def test_a_gzip_body_may_end_in_padding() -> None:
    assert bodies.whole(request(gzip.compress(b"x") + b"\0" * 99, "gzip"), MANY) == b"x"


@pytest.mark.parametrize("coding", PACKED)
def test_a_broken_body_is_told(coding: str) -> None:
    packed = PACKED[coding](b"x" * 9999)
    for broken in (packed[:-1], packed[:9], b"nothing of the sort", packed + b"and more"):
        with pytest.raises(BadRequest):
            bodies.whole(request(broken, coding), MANY)


def test_an_unknown_coding_is_told_at_once() -> None:
    for coding in ("br", "gzip, gzip", "deflate", "snappy"):
        with pytest.raises(bodies.UnknownCoding) as told:
            bodies.pieces(request(b"x", coding), MANY)
        assert ("Accept-Encoding", "gzip, zstd") in told.value.get_headers()


@pytest.mark.parametrize("coding", [None, *PACKED])
def test_the_limit_holds_for_what_is_unpacked(coding: str | None) -> None:
    pack = PACKED.get(coding or "", bytes)
    assert len(bodies.whole(request(pack(b"x" * 1000), coding), 1000)) == 1000
    with pytest.raises(RequestEntityTooLarge):
        bodies.whole(request(pack(b"x" * 1001), coding), 1000)


@pytest.mark.parametrize("coding", PACKED)
def test_a_bomb_is_not_unpacked_in_memory(coding: str) -> None:
    bomb = PACKED[coding](bytes(200_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(RequestEntityTooLarge):
            bodies.whole(request(bomb, coding), 1_000_000)
        total = sum(len(piece) for piece in bodies.pieces(request(bomb, coding), MANY))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == 200_000_000
    assert most < 4_000_000


def test_zstd_may_not_ask_for_a_window_of_a_gigabyte() -> None:
    wide = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    packed = wide.compress(b"x" * 1000, zstd.ZstdCompressor.FLUSH_BLOCK) + wide.flush()
    with pytest.raises(BadRequest):
        bodies.whole(request(packed, "zstd"), MANY)


def test_a_body_that_ends_before_its_length_is_told() -> None:
    with pytest.raises(BadRequest, match="ends after 3 of 10 bytes"):
        bodies.whole(
            request(b"", **{"wsgi.input": io.BytesIO(b"abc"), "wsgi.input_terminated": True, "CONTENT_LENGTH": "10"}),
            MANY,
        )


def test_a_line_is_there_before_the_next_is_sent() -> None:
    """The server waits for all the bytes that are asked for, so no more than the next line may be asked for."""
    sent = iter([*b"one\ntwo\n"])
    asked: list[int] = []

    class Waiting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size == 1
            asked.append(size)
            return bytes([byte]) if (byte := next(sent, None)) is not None else b""

    given = request(b"", **{"wsgi.input": Waiting(), "wsgi.input_terminated": True})
    given.environ.pop("CONTENT_LENGTH", None)
    pieces = bodies.pieces(given, MANY)
    assert next(pieces) == b"one\n"
    assert len(asked) == 4
    assert list(pieces) == [b"two\n"]


@pytest.mark.parametrize("body", [b"", b"\n", b"a", b"a\n", b"\n\na", b"x" * 300_000, b"line\n" * 200_000])
def test_a_body_of_unknown_length_is_read_to_its_end(body: bytes) -> None:
    given = request(b"", **{"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True})
    given.environ.pop("CONTENT_LENGTH", None)
    assert bodies.whole(given, MANY) == body


@given(st.lists(st.binary(max_size=9) | st.sampled_from([b"\n", b"\r\n", b"\r", b"aaaa\n"])), st.integers(1, 9))
def test_lines_do_not_depend_on_how_they_came(pieces: list[bytes], most: int) -> None:
    whole = b"".join(pieces)
    expected = [line.removesuffix(b"\r") for line in whole.split(b"\n")]
    if not whole.split(b"\n")[-1]:
        expected.pop()
    told = [line for some in bodies.lines(pieces, most) for line in some]
    assert told == [line if len(line) <= most else None for line in expected]


def test_a_line_that_is_too_long_is_not_kept() -> None:
    def sent() -> Iterator[bytes]:
        yield from repeat(b"x" * 65536, 3000)
        yield b"\nshort"

    tracemalloc.start()
    try:
        told = [line for some in bodies.lines(sent(), 1_000_000) for line in some]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told == [None, b"short"]
    assert most < 4_000_000


def test_zlib_leaves_nothing_behind() -> None:
    """What was all read can still have more to give, when what it gave was cut at a length."""
    inflate = zlib.decompressobj(wbits=31)
    first = inflate.decompress(gzip.compress(bytes(1000)), 10)
    assert (len(first), inflate.eof) == (10, False)
    assert len(first + inflate.decompress(inflate.unconsumed_tail, 990)) == 1000


def test_any_thread_may_read() -> None:
    given, got = request(b"abc"), list[bytes]()
    thread = Thread(target=lambda: got.extend(bodies.pieces(given, MANY)))
    thread.start()
    thread.join()
    assert got == [b"abc"]
