"""Pages in archives that were packed on their way, or are said to be."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from archives import URL, answered, page, zstd
from fastwarc.stream_io import BrotliWriter


def brotli(body: bytes) -> bytes:
    target = BytesIO()
    with BrotliWriter(target) as writer:
        writer.write(body)
    return target.getvalue()


def deflate(body: bytes) -> bytes:
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return raw.compress(body) + raw.flush()


def chunked(body: bytes) -> bytes:
    parts = [body[start : start + 100] for start in range(0, len(body), 100)]
    return b"".join(b"%x;name=value\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"


BODY = page("數據現代問題。\n" * 40).encode("gbk")
TEXT = "\n\n".join(["数据现代问题。"] * 40)
CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("Content-Encoding: gzip", gzip.compress),
    "two members": ("Content-Encoding: gzip", lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:])),
    "x-gzip": ("Content-Encoding: X-GZIP", gzip.compress),
    "deflate": ("Content-Encoding: deflate", zlib.compress),
    "deflate without a frame": ("Content-Encoding: deflate", deflate),
    "br": ("Content-Encoding: br", brotli),
    "zstd": ("Content-Encoding: zstd", zstd.compress),
    "chunked": ("Transfer-Encoding: chunked", chunked),
    "twice": ("Content-Encoding: deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    "both": ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", lambda body: chunked(gzip.compress(body))),
    "identity": ("Content-Encoding: identity", bytes),
    **{
        f"{name}, but undone": (f"Content-Encoding: {name}", bytes) for name in ("gzip", "deflate", "br", "zstd", "own")
    },
    "chunked, but undone": ("Transfer-Encoding: chunked", bytes),
    "chunked gzip, chunks undone": ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", gzip.compress),
}


@pytest.mark.parametrize("name", CODINGS)
def test_codings_are_undone(name: str, tmp_path: Path) -> None:
    header, packed = CODINGS[name]
    outcome = answered(tmp_path, packed(BODY), "Content-Type: text/html; charset=gbk", header)
    assert (outcome.texts, outcome.rejects) == ([TEXT], [])


@pytest.mark.parametrize("name", ["gzip", "deflate", "chunked", "both"])
def test_of_a_page_that_was_cut_off_the_rest_is_text(name: str, tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + number * number % 5000) for number in range(3000))
    header, packed = CODINGS[name]
    body = packed(text.encode("gb18030"))
    (got,) = answered(
        tmp_path, body[: len(body) * 2 // 3], "Content-Type: text/plain", header, options={"skip": SKIP}
    ).texts
    assert 1000 < len(got) < 3000
    assert text.startswith(got[:1000])


SKIP = ["transcoding", "alignment", "annotation", "codepoints", "script", "gaps"]


def test_a_coding_that_cannot_be_undone_is_a_reject(tmp_path: Path) -> None:
    outcome = answered(tmp_path, b"\x00\x01\x02" * 99, "Content-Type: text/html", "Content-Encoding: own, br")
    assert [reject.reason for reject in outcome.rejects] == ["its coding, br and own, cannot be undone"]
    assert outcome.rejects[0].place.name == URL
    assert outcome.written == b""


@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd", "br"])
def test_a_page_that_unpacks_to_gigabytes_is_a_reject(name: str, tmp_path: Path) -> None:
    header, packed = CODINGS[name]
    outcome = answered(tmp_path, packed(b"a" * 3_000_000), "Content-Type: text/html", header, longest=100_000)
    (reject,) = outcome.rejects
    assert reject.reason == "it has 100,001 bytes, and a document may have 100,000"
