"""The five pages, by every way in: the library, the command line and HTTP; as text, UTF-8 and GB18030."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from jiaokan import Repair, repair
from jiaokan.settings import Settings
from jiaokan.web import create_app
from stories import Case, cases

PAGES = cases("seeds")
CODECS = ("utf-8", "gb18030")

page = pytest.mark.parametrize("page", PAGES, ids=str)
codec = pytest.mark.parametrize("codec", CODECS)


@pytest.fixture(scope="module")
def repaired() -> dict[str, Repair]:
    return {page.file: repair(page.source, skip=["gaps"]) for page in PAGES}


def encoded(page: Case, codec: str) -> bytes:
    """The page in another charset, with nothing lost on the way."""
    raw = page.source.encode(codec)
    assert raw.decode(codec) == page.source
    return raw


@page
def test_the_library_reads_text(page: Case, repaired: dict[str, Repair]) -> None:
    assert repaired[page.file].text == page.clean


@page
@codec
def test_the_library_reads_bytes_without_a_label(page: Case, codec: str) -> None:
    result = repair(encoded(page, codec), skip=["gaps"])
    assert (result.source.charset, result.source.losses) == (codec, ())
    assert result.text == page.clean


@codec
def test_the_command_line_writes_all_five(codec: str, tmp_path: Path, start: Callable[..., Popen[bytes]]) -> None:
    paths = [tmp_path / f"{page.file}.txt" for page in PAGES]
    for path, page in zip(paths, PAGES, strict=True):
        path.write_bytes(encoded(page, codec))
    run = start(["repair", "--skip", "gaps", "-o", str(tmp_path / "clean"), *map(str, paths)])
    out, complaints = run.communicate(timeout=120)
    assert (run.returncode, out, complaints) == (0, b"", b"")
    for path, page in zip(paths, PAGES, strict=True):
        assert (tmp_path / "clean" / path.name).read_bytes().decode("utf-8") == page.clean


@codec
def test_the_command_line_reads_standard_input(codec: str, start: Callable[..., Popen[bytes]]) -> None:
    page = PAGES[3]
    out, complaints = start(["repair", "--skip", "gaps"]).communicate(encoded(page, codec), timeout=120)
    assert (out.decode("utf-8"), complaints) == (page.clean, b"")


@page
def test_http_takes_json(page: Case, repaired: dict[str, Repair]) -> None:
    client = create_app(Settings()).test_client()
    answer: Any = client.post("/v1/repair", json={"text": page.source, "skip": ["gaps"]})
    assert answer.status_code == 200
    assert answer.json["text"] == page.clean
    edits = [(edit["start"], edit["end"], edit["before"], edit["after"]) for edit in answer.json["edits"]]
    assert edits == [(*edit.span, edit.before, edit.after) for edit in repaired[page.file].edits]


@page
@pytest.mark.parametrize(
    ("codec", "kind"),
    [
        ("utf-8", "text/plain; charset=utf-8"),
        ("utf-8", "application/octet-stream"),
        ("gb18030", "text/plain; charset=gb2312"),
        ("gb18030", "application/octet-stream"),
    ],
)
def test_http_takes_bytes(page: Case, codec: str, kind: str) -> None:
    client = create_app(Settings()).test_client()
    sent = {"data": encoded(page, codec), "content_type": kind, "headers": {"Accept": "text/plain"}}
    answer = client.post("/v1/repair?skip=gaps", **sent)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert answer.data.decode("utf-8") == page.clean
