"""Compressed files: known by content, read to the very end or refused, written so that parts can follow each other."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.batch import compression
from jiaokan.batch.compression import Compression
from jiaokan.batch.pieces import InputError, Piece

SERVICE = Path(__file__).parents[2] / "service"
KINDS: tuple[Compression, ...] = get_args(Compression)
kinds = pytest.mark.parametrize("kind", KINDS)
PAGE = "問題，".encode() * 100_000


def packed(content: bytes, kind: Compression | None) -> bytes:
    target = io.BytesIO()
    with compression.writing(target, kind) as file:
        file.write(content)
    return target.getvalue()


def unpacked(raw: bytes, kind: Compression | None) -> bytes:
    return compression.reading(io.BytesIO(raw), kind).read()


@kinds
@pytest.mark.parametrize("content", [b"", b"page", PAGE])
def test_what_is_written_is_known_and_read_again(kind: Compression, content: bytes) -> None:
    raw = packed(content, kind)
    assert compression.of(raw[: compression.HEAD]) == kind
    assert unpacked(raw, kind) == content


@kinds
def test_the_same_content_gives_the_same_bytes(kind: Compression) -> None:
    assert packed(PAGE, kind) == packed(PAGE, kind)


@kinds
def test_parts_can_follow_each_other(kind: Compression) -> None:
    assert unpacked(packed(b"a", kind) + packed(b"", kind) + packed(PAGE, kind), kind) == b"a" + PAGE


@kinds
@given(cut=st.floats(0, 1, exclude_max=True))
def test_what_ends_early_is_refused(kind: Compression, cut: float) -> None:
    raw = packed(PAGE[:1000], kind)
    end = max(int(len(raw) * cut), 1)
    with pytest.raises(InputError, match=f"it is compressed with {kind} and "):
        unpacked(raw[:end], kind)


@kinds
def test_what_does_not_belong_to_it_is_refused(kind: Compression) -> None:
    with pytest.raises(InputError, match=f"it is compressed with {kind} and broken"):
        unpacked(packed(b"page", kind) + b"something else", kind)


@kinds
def test_what_is_damaged_is_refused(kind: Compression) -> None:
    raw = bytearray(packed(PAGE, kind))
    raw[len(raw) // 2] ^= 0xFF
    with pytest.raises(InputError):
        unpacked(bytes(raw), kind)


@pytest.mark.parametrize("kind", ["gzip", "xz"])
@pytest.mark.parametrize("zeros", [4, 512, 300_000])
def test_zeros_that_fill_up_a_block_are_nothing(kind: Compression, zeros: int) -> None:
    between = packed(b"a", kind) + bytes(zeros) + packed(b"b", kind) + bytes(zeros)
    assert unpacked(between, kind) == b"ab"


def test_a_member_may_not_ask_for_gigabytes() -> None:
    """The size of the dictionary stands in the header of the block: its size, flags, the filter, its properties."""
    raw = bytearray(lzma.compress(b"page"))
    start, end = 12, 12 + (raw[12] + 1) * 4
    assert raw[start + 2 : start + 4] == b"\x21\x01"
    raw[start + 4] = 38  # 2 GiB
    raw[end - 4 : end] = zlib.crc32(raw[start : end - 4]).to_bytes(4, "little")
    with pytest.raises(InputError, match="Memory usage limit"):
        unpacked(bytes(raw), "xz")


@pytest.mark.parametrize("level", [0, 9])
def test_what_other_programs_write_is_read(level: int) -> None:
    assert unpacked(gzip.compress(PAGE, level), "gzip") == PAGE
    assert unpacked(lzma.compress(PAGE, preset=level), "xz") == PAGE
    assert unpacked(bz2.compress(PAGE, max(level, 1)), "bzip2") == PAGE


@pytest.mark.parametrize("raw", [b"", b"{}", b"BZh9 is no bzip2", b"\x1f", "問題".encode("utf-16"), b"%PDF"])
def test_other_files_are_not_compressed(raw: bytes) -> None:
    assert compression.of(raw) is None


@given(start=st.integers(0, 60), size=st.integers(0, 60))
def test_a_piece_of_a_file_is_its_bytes(tmp_path_factory: pytest.TempPathFactory, start: int, size: int) -> None:
    path = tmp_path_factory.getbasetemp() / "piece"
    path.write_bytes(bytes(range(60)))
    with compression.opened(Piece(path, start, start + size)) as file:
        assert file.read() == bytes(range(60))[start : start + size]
    assert file.closed


@kinds
def test_a_piece_of_a_compressed_file_is_all_it_holds(kind: Compression, tmp_path: Path) -> None:
    path = tmp_path / "piece"
    path.write_bytes(packed(b"a\nb", kind))
    with compression.opened(Piece(path, 1, 2, compression=kind)) as file:
        assert [*file] == [b"a\n", b"b"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "tsv"])
def test_formats_of_lines_are_there_at_once(form: str) -> None:
    """What takes long to import is left to the formats that need it."""
    code = (
        f"import sys, jiaokan.batch.formats.{form}; print({{'pyarrow', 'fastwarc', 'resiliparse'}} & {{*sys.modules}})"
    )
    environ = {**os.environ, "PYTHONPATH": str(SERVICE)}
    told = subprocess.run([sys.executable, "-c", code], env=environ, stdout=-1, text=True, check=True).stdout
    assert told == "set()\n"
