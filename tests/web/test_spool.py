"""The queue of bytes: first in first out, little memory, and what happens when the disk is full."""

from __future__ import annotations

import os
import random
import tempfile
import tracemalloc
from errno import ENOSPC
from threading import Thread

import pytest

from jiaokan.web import spool
from jiaokan.web.spool import Spool


def drained(queue: Spool) -> bytes:
    pieces = []
    while piece := queue.read():
        pieces.append(piece)
    return b"".join(pieces)


@pytest.mark.parametrize("in_memory", [0, 1, 100, 10**9])
@pytest.mark.parametrize("file", [1, 1000, 10**9])
def test_what_goes_in_comes_out_in_order(monkeypatch: pytest.MonkeyPatch, in_memory: int, file: int) -> None:
    monkeypatch.setattr(spool, "_FILE", file)
    queue, chance = Spool(in_memory), random.Random(1)
    pieces = [os.urandom(chance.randrange(300)) for _ in range(500)]

    def write() -> None:
        for piece in pieces:
            queue.write(piece)
        queue.end(b"last")

    thread = Thread(target=write)
    thread.start()
    assert drained(queue) == b"".join(pieces) + b"last"
    thread.join()
    assert queue.read() == b""


def test_reading_between_writes_goes_from_memory_to_files_and_back() -> None:
    queue, came = Spool(10), b""
    for number in range(40):
        for _ in range(number % 7):
            queue.write(b"%03d" % number)
        if number % 3:
            came += queue.read() if number % 7 else b""
    queue.end()
    assert came + drained(queue) == b"".join(b"%03d" % n for n in range(40) for _ in range(n % 7))


def test_a_hundred_megabytes_that_wait_take_no_memory() -> None:
    queue, piece = Spool(), os.urandom(1_000_000)
    tracemalloc.start()
    try:
        for _ in range(100):
            queue.write(piece)
        queue.end()
        total = 0
        while part := queue.read():
            total += len(part)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == 100_000_000
    assert most < 12_000_000


def test_files_are_given_back_when_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_FILE", 1000)
    queue = Spool(0)
    for _ in range(100):
        queue.write(bytes(500))
    assert len(queue._files) == 50
    for _ in range(30):
        assert len(queue.read()) == 1000
    assert len(queue._files) <= 21
    queue.close()
    assert not queue._files


def test_a_full_disk_is_told_and_what_was_written_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Spool(4)
    queue.write(b"1234")
    queue.write(b"on the disk")
    real = os.pwrite

    def nearly_full(file: int, piece: bytes, at: int) -> int:
        if len(piece) < 5:
            raise OSError(ENOSPC, "No space left on device")
        return real(file, piece[:5], at)

    monkeypatch.setattr(os, "pwrite", nearly_full)
    with pytest.raises(OSError, match="No space"):
        queue.write(b"too much")
    queue.end(b"the last")
    assert drained(queue) == b"1234on the diskthe last"


def test_no_place_for_files_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(**_: object) -> None:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(spool, "TemporaryFile", nowhere)
    queue = Spool(4)
    queue.write(b"1234")
    with pytest.raises(FileNotFoundError):
        queue.write(b"5")
    queue.end()
    assert drained(queue) == b"1234"


def test_nothing_is_left_in_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    queue = Spool(0)
    queue.write(b"x")
    assert os.listdir(str(tmp_path)) == []
    queue.close()


def test_a_closed_spool_takes_and_gives_nothing() -> None:
    queue = Spool(0)
    queue.write(b"x")
    queue.close()
    queue.write(b"y")
    assert queue.read() == b""


def test_a_reader_that_waits_is_told_of_the_end() -> None:
    queue, got = Spool(), list[bytes]()
    thread = Thread(target=lambda: got.append(queue.read()))
    thread.start()
    queue.close()
    thread.join(10)
    assert got == [b""]
