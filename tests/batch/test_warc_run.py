"""Archives as a user repairs them: in pieces by several processes, from files and from standard input."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from archives import record, response, rewritten, wet
from click.testing import CliRunner, Result

from jiaokan import cli
from stories import Case, cases


def run(*arguments: str | Path, given: bytes = b"") -> Result:
    return CliRunner().invoke(cli.commands, ["repair", *map(str, arguments)], input=given)


@pytest.fixture(scope="module")
def crawl() -> list[bytes]:
    """Records enough for several pieces."""
    found = [record("warcinfo", b"software: crawler\r\n", 1)]
    for number in range(2, 1200):
        image = response(bytes(index * number % 251 for index in range(1000)), "Content-Type: image/png", number=number)
        found.append(image if number % 40 else response(f"<p>第{number}頁".encode("gbk"), "Content-Type: text/html"))
    return found


def test_processes_give_together_what_one_gives(crawl: list[bytes], tmp_path: Path) -> None:
    for name, archive in (("plain.warc", b"".join(crawl)), ("packed.warc.gz", b"".join(map(gzip.compress, crawl)))):
        path = tmp_path / name
        path.write_bytes(archive)
        assert run("-j", 2, "-o", tmp_path / "out", path).exit_code == 0
        written = (tmp_path / "out" / name).read_bytes()
        by = "gzip" if name.endswith("gz") else None
        whole = rewritten(tmp_path, archive, compression=by)  # type: ignore[arg-type]
        assert rewritten(tmp_path, archive, 1 << 18).pieces > 1
        assert written == whole.written
        assert (len(whole.records), len(whole.texts), whole.texts[0]) == (1199, 29, "第40页")
        assert run("-j", 2, "-", given=archive).stdout_bytes == written


def test_the_texts_alone_are_plain_text(crawl: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "packed.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, crawl)))
    assert run("--text-only", "-o", tmp_path / "out", path).exit_code == 0
    lines = gzip.decompress((tmp_path / "out" / "packed.txt.gz").read_bytes()).decode().splitlines()
    assert lines == [f"第{number}页" for number in range(40, 1200, 40)]


def test_what_cannot_be_read_is_told_with_its_place(crawl: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    last = response(b"\x00\x01", "Content-Type: text/html", "Content-Encoding: own", number=9)
    path.write_bytes(b"".join([*crawl, b"rubbish\r\n\r\n", last]))
    assert run("-o", tmp_path / "out", path).exit_code == 1
    rejects = [json.loads(line) for line in (tmp_path / "out" / "rejects.jsonl").read_text("utf-8").splitlines()]
    start = sum(map(len, crawl))
    assert [(reject["document"], reject["reason"]) for reject in rejects] == [
        (1200, f"byte {start:,}: no record starts here"),
        (1201, "its coding, own, cannot be undone"),
    ]


@pytest.mark.parametrize("seed", cases("seeds"), ids=str)
def test_what_was_repaired_needs_no_repair(seed: Case, tmp_path: Path) -> None:
    text = seed.source
    lines = "".join(f"<p>{line}" for line in text.splitlines())
    once = rewritten(tmp_path, response(lines.encode(), "Content-Type: text/html") + wet(text))
    again = rewritten(tmp_path, once.written)
    assert again.written == once.written
    assert once.written != wet(text)
