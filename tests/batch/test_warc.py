"""Archives: every record that holds no text keeps its bytes, and what is broken costs no other record."""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
import sys
import tracemalloc
from base64 import b32encode
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from archives import PACKED, joined, record, response, rewritten, wet, zstd
from fastwarc.warc import ArchiveIterator
from hypothesis import given, settings
from hypothesis import strategies as st

from jiaokan.batch.compression import Compression
from jiaokan.batch.formats import warc
from jiaokan.batch.pieces import InputError, Piece

INFO = record("warcinfo", b"software: crawler\r\n", 1, Content_Type="application/warc-fields")
IMAGE = response(b"\x89PNG\r\n\x1a\n" + bytes(99), "Content-Type: image/png", number=2)
CLEAN = wet("现代金融社会。\n", 3, WARC_Block_Digest="sha1:NOT7THE7DIGEST", x_odd="  two  spaces\r\n and folded ")
DAMAGED = wet("現(xiàn)代金融社會。\n", 4)
KEPT = (INFO, IMAGE, CLEAN)
OPENED = {None: bytes, "gzip": gzip.decompress, "zstd": zstd.decompress}
COMPRESSIONS: tuple[Compression | None, ...] = (None, "gzip", "zstd")


def packed(*records: bytes, by: Compression | None = None) -> bytes:
    return b"".join(PACKED[by or ""](each) for each in records)


def digest(content: bytes) -> str:
    return f"sha1:{b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()}"


@pytest.mark.parametrize("by", COMPRESSIONS)
@pytest.mark.parametrize("size", [1, 300, 1 << 22])
def test_what_needs_no_repair_comes_out_byte_for_byte(by: Compression | None, size: int, tmp_path: Path) -> None:
    archive = packed(*KEPT, record("metadata", b"{}", 5), record("revisit", b"", 6), *KEPT, by=by)
    outcome = rewritten(tmp_path, archive, size, compression=by)
    assert outcome.written == archive
    assert (outcome.count, outcome.rejects) == (8, [])
    assert outcome.pieces > 1 or size > len(archive)


RECORDS = st.lists(
    st.one_of(
        st.sampled_from([*KEPT, DAMAGED, response("<p>數據</p>".encode(), "Content-Type: text/html")]),
        st.builds(record, st.sampled_from(["request", "metadata"]), st.binary(max_size=400)),
        st.builds(wet, st.text("數據现代(xiàn)?\r\nWARC/1.0", max_size=40)),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(records=RECORDS, by=st.sampled_from(COMPRESSIONS), size=st.integers(1, 2000))
def test_pieces_of_any_size_give_what_the_whole_gives(
    records: list[bytes], by: Compression | None, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("pieces") / "archive.warc"
    path.write_bytes(packed(*records, by=by))
    pieces = [*warc.pieces(path, size)]
    ends = [(piece.start, piece.end) for piece in pieces]
    assert (ends[0][0], ends[-1][1]) == (0, path.stat().st_size)
    assert all(one[1] == other[0] for one, other in pairwise(ends))
    assert [piece.first for piece in pieces] == [True, *[False] * (len(pieces) - 1)]
    whole = joined("-", [Piece(path, 0, path.stat().st_size)], compression=by)
    parts = joined("-", pieces, compression=by)
    assert parts.written == whole.written
    assert parts.count == whole.count == len(records)
    assert not parts.rejects


def test_a_text_is_repaired_and_its_head_says_so(tmp_path: Path) -> None:
    text, clean = "現(xiàn)代金融社會。\n".encode(), "现代金融社会。\n".encode()
    old = wet(
        text.decode(),
        WARC_Block_Digest=digest(text),
        warc_payload_digest=f"md5:{hashlib.md5(text, usedforsecurity=False).hexdigest()}",
        X_Odd="  two  spaces ",
    )
    new = rewritten(tmp_path, old).written
    made = hashlib.md5(clean, usedforsecurity=False).hexdigest()
    expected = old.replace(digest(text).encode(), digest(clean).encode()).replace(text, clean)
    expected = expected.replace(hashlib.md5(text, usedforsecurity=False).hexdigest().encode(), made.encode())
    assert new == expected.replace(b"Content-Length: %d" % len(text), b"Content-Length: %d" % len(clean))
    (read,) = ArchiveIterator(BytesIO(new), verify_digests=True)
    assert read.reader.read() == clean


def test_a_digest_that_cannot_be_made_is_left_out(tmp_path: Path) -> None:
    ((headers, _),) = rewritten(tmp_path, wet("數據", WARC_Block_Digest="own:ABC")).records
    assert "WARC-Block-Digest" not in headers


def test_a_charset_that_is_named_is_that_of_what_is_written(tmp_path: Path) -> None:
    old = record("conversion", "數據現代問題".encode("big5"), Content_Type="text/plain; charset=Big5")
    ((headers, content),) = rewritten(tmp_path, old).records
    assert (headers["Content-Type"], content.decode()) == ("text/plain; charset=utf-8", "数据现代问题")


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    assert rewritten(tmp_path, wet("\ufeff现代")).written == wet("\ufeff现代")
    assert rewritten(tmp_path, wet("\ufeff現代")).texts == ["\ufeff现代"]


@pytest.mark.parametrize("by", ["gzip", "zstd"])
def test_records_that_share_a_member_get_one_each(by: Compression, tmp_path: Path) -> None:
    archive = packed(b"".join([*KEPT, DAMAGED]), by=by)
    outcome = rewritten(tmp_path, archive, 1, compression=by)
    assert outcome.pieces == 1
    repaired = rewritten(tmp_path, packed(*KEPT, DAMAGED), 1).written
    assert OPENED[by](outcome.written) == repaired
    again = rewritten(tmp_path, outcome.written, 1, compression=by)
    assert (again.written, again.pieces) == (outcome.written, 4)


def test_members_that_do_not_end_with_records_are_read(tmp_path: Path) -> None:
    whole = b"".join([*KEPT, DAMAGED])
    archive = packed(*(whole[start : start + 100] for start in range(0, len(whole), 100)), by="gzip")
    outcome = rewritten(tmp_path, archive, 1)  # what is written is not compressed
    assert outcome.written == rewritten(tmp_path, whole).written


@pytest.mark.parametrize("name", ["bzip2", "xz"])
def test_other_compressions_are_read_and_written(name: Compression, tmp_path: Path) -> None:
    module = pytest.importorskip({"bzip2": "bz2", "xz": "lzma"}[name])
    outcome = rewritten(tmp_path, module.compress(b"".join([*KEPT, DAMAGED])), 1, compression=name)
    assert module.decompress(outcome.written) == rewritten(tmp_path, b"".join([*KEPT, DAMAGED])).written


GOOD = record("metadata", b"good", 9)
BROKEN = {
    "rubbish": (b"rubbish\r\n\r\n" * 3, "no record starts here"),
    "no length": (INFO.replace(b"Content-Length: 19\r\n", b""), "no Content-Length"),
    "length below zero": (INFO.replace(b"Length: 19", b"Length: -1"), "no Content-Length"),
    "length of 30 digits": (INFO.replace(b"Length: 19", b"Length: " + b"9" * 30), "no Content-Length"),
    "too short": (INFO.replace(b"Length: 19", b"Length: 9"), "its Content-Length is 9, but"),
    "too long": (INFO.replace(b"Length: 19", b"Length: 99"), "its Content-Length is 99, but"),
    "beyond the file": (INFO.replace(b"Length: 19", b"Length: 99999999"), "its Content-Length is 99,999,999, but"),
    "no end of the head": (INFO.replace(b"WARC-Date", b"A: " + b"a" * 40_000 + b"\r\nB"), "its head is too long"),
}


@pytest.mark.parametrize("by", COMPRESSIONS)
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_rejected_and_the_rest_goes_on(name: str, by: Compression | None, tmp_path: Path) -> None:
    broken, reason = BROKEN[name]
    archive = packed(GOOD, broken, GOOD, CLEAN, by=by)
    for size in (1, 1 << 22):
        outcome = rewritten(tmp_path, archive, size, compression=by)
        assert outcome.written == packed(GOOD, GOOD, CLEAN, by=by)
        (reject,) = outcome.rejects
        assert reason in reject.reason
        assert reject.reason.startswith(f"byte {len(packed(GOOD, by=by)):,}: ")
        assert outcome.count == 4


@pytest.mark.parametrize("by", ["gzip", "zstd"])
def test_a_corrupt_member_is_rejected_and_the_rest_goes_on(by: Compression, tmp_path: Path) -> None:
    page = wet("".join(chr(0x4E00 + number * 37 % 20_000) for number in range(200_000)))  # some chunks long
    middle = bytearray(packed(page, by=by))
    last = bytearray(middle)
    middle[len(middle) // 2] ^= 0xFF
    last[-2] ^= 0xFF  # of a checksum, or of the length, which gzip checks as well
    for corrupt in (bytes(middle), bytes(last)):
        outcome = rewritten(tmp_path, packed(GOOD, by=by) + corrupt + packed(GOOD, CLEAN, by=by), compression=by)
        assert outcome.written == packed(GOOD, GOOD, CLEAN, by=by)
        (reject,) = outcome.rejects
        assert "is corrupt" in reject.reason


@pytest.mark.parametrize("by", COMPRESSIONS)
def test_of_a_file_that_was_cut_off_what_is_whole_is_done(by: Compression | None, tmp_path: Path) -> None:
    records = [GOOD, CLEAN, record("request", b"GET / HTTP/1.1\r\n\r\n", 7)]
    archive = packed(*records, by=by)
    ends = [len(packed(*records[:number], by=by)) for number in range(4)]
    for cut in range(len(packed(GOOD, by=by)), len(archive), 7):
        outcome = rewritten(tmp_path, archive[:cut], compression=by)
        whole = max(number for number in range(4) if ends[number] <= cut)
        assert outcome.written.startswith(archive[: ends[whole]])
        complete = cut in ends if by else any(end - 4 <= cut <= end for end in ends)  # but for the empty lines
        assert len(outcome.rejects) == (not complete)
        assert all(re.search("the file ends|cut off|no record starts", reject.reason) for reject in outcome.rejects)


def test_behind_a_corrupt_member_only_a_record_counts(tmp_path: Path) -> None:
    page = gzip.compress(gzip.compress(b"no record") + b"\x1f\x8b\x08 nothing at all" + bytes(300_000), 0)
    corrupt = page[:-3] + b"???"
    outcome = rewritten(tmp_path, gzip.compress(GOOD) + corrupt + gzip.compress(CLEAN), compression="gzip")
    assert OPENED["gzip"](outcome.written) == GOOD + CLEAN
    assert len(outcome.rejects) == 1


def test_an_archive_in_an_archive_is_one_record(tmp_path: Path) -> None:
    inner = b"".join(gzip.compress(GOOD) for _ in range(20))
    outer = response(inner, "Content-Type: application/octet-stream")
    archive = gzip.compress(GOOD) + gzip.compress(outer, 0) + gzip.compress(GOOD)
    outcome = rewritten(tmp_path, archive, 1, compression="gzip")
    assert (outcome.pieces, outcome.count, outcome.rejects) == (3, 3, [])
    assert outcome.written == archive


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    for content in (b"<html>", gzip.compress(b"<html>"), b"\x1f\x8b\x08\x00garbage"):
        with pytest.raises(InputError, match="it is no WARC file"):
            rewritten(tmp_path, content)


def test_an_empty_file_is_one_empty_piece(tmp_path: Path) -> None:
    outcome = rewritten(tmp_path, b"")
    assert (outcome.pieces, outcome.count, outcome.written) == (1, 0, b"")


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=600), by=st.sampled_from(COMPRESSIONS))
def test_bytes_of_any_kind_give_records_or_rejects(
    content: bytes, by: Compression | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for archive in (packed(GOOD, content, GOOD, by=by), packed(GOOD, GOOD, by=by) + content):
        outcome = rewritten(tmp_path_factory.mktemp("any"), archive, 50, compression=by)
        assert outcome.count >= 2
        assert OPENED[by](outcome.written).startswith(GOOD)


# Length and memory


def test_a_text_beyond_the_limit_is_rejected(tmp_path: Path) -> None:
    page = response("<p>數據</p>".encode() * 100, "Content-Type: text/html", number=5)
    outcome = rewritten(tmp_path, packed(GOOD, page, wet("數" * 400), GOOD), longest=1000)
    assert outcome.written == packed(GOOD, GOOD)
    one, other = outcome.rejects
    assert "and a document may have 1,000" in one.reason
    assert other.reason == "it has 1,200 bytes, and a document may have 1,000"
    assert other.place.document == 3


@pytest.mark.parametrize("by", COMPRESSIONS)
@pytest.mark.parametrize("shared", [False, True])
def test_a_long_record_that_is_kept_is_never_held(by: Compression | None, shared: bool, tmp_path: Path) -> None:
    size = 40_000_000
    film = response(bytes(size), "Content-Type: video/mp4", number=5)
    long = wet("数" * (size // 3), 6)
    archive = packed(b"".join((film, long, GOOD)), by=by) if shared else packed(film, long, GOOD, by=by)
    path, out = tmp_path / "long.warc", tmp_path / "out.warc"
    path.write_bytes(archive)
    del archive
    expected = film + GOOD
    tracemalloc.start()
    try:
        with out.open("wb") as target:
            rejects: list[warc.Reject] = []
            shape = warc.Shape("-", compression=by)
            repairer = warc.Repairer(rejected=rejects.append, longest=1 << 20)
            for piece in warc.pieces(path, 1 << 22):
                warc.rewrite(piece, target, shape, repairer)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20
    written = out.read_bytes()
    assert OPENED[by](written) == expected
    assert len(rejects) == 1


def test_no_other_module_of_a_batch_loads_the_libraries() -> None:
    code = (
        "import sys, jiaokan.batch.pieces, jiaokan.batch.documents, jiaokan.batch.census\n"
        "sys.exit(any(name.startswith(('fastwarc', 'resiliparse')) for name in sys.modules))"
    )
    service = Path(__file__).parents[2] / "service"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(service)}).returncode == 0
