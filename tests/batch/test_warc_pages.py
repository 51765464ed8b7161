"""Pages in archives: read in the charset they are in, whatever is said of them, and given out as repaired text."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from archives import HTTP, URL, answered, page, record, response, rewritten, wet
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st

from jiaokan import repair
from jiaokan.batch.documents import Place
from jiaokan.batch.formats import warc
from jiaokan.batch.formats.html import PageError, text_of
from stories import Case, cases

SEEDS = cases("seeds")
SERVICE = str(Path(__file__).parents[2] / "service")


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# Charsets: the bytes are in one, the server and the page say what they like

LABELS = [
    ("gb18030", "gbk", None, "gb18030"),
    ("gb18030", None, "gb2312", "gb18030"),
    ("gb18030", None, None, "gb18030"),
    ("gb18030", "utf-8", None, "gb18030"),
    ("gb18030", "iso-8859-1", "big5", "gb18030"),
    ("utf-8", None, None, "utf-8"),
    ("utf-8", "gbk", "gb2312", "utf-8"),
    ("utf-8-sig", None, "gbk", "utf-8"),
    ("utf-16", "utf-16", None, "utf-16-le"),
]


@pytest.mark.parametrize(("charset", "http", "meta", "found"), LABELS)
@pytest.mark.parametrize("seed", SEEDS, ids=str)
def test_a_seed_as_a_page_is_repaired_as_the_seed_is(
    seed: Case, charset: str, http: str | None, meta: str | None, found: str, tmp_path: Path
) -> None:
    said = f"Content-Type: text/html{f'; charset={http}' if http else ''}"
    body = page(seed.source, meta).encode(charset)
    outcome = answered(tmp_path, body, said, wanted=["charset"], options=seed.options)
    (text,) = outcome.texts
    assert lines(text) == lines(repair(seed.source, **seed.options).text)
    assert json.loads(outcome.records[-1][1]) == {"jiaokan.charset": found}
    ((place, noted),) = outcome.noted
    assert (place.path, place.document, place.name) == ("archive.warc", 1, URL)
    assert (noted.source.charset, noted.text) == (found, text)


TAIWAN = "台灣的網頁:從數據看社會的發展。這裡說的是關於電腦軟體的問題,還有一些別的東西。"
JAPAN = "日本語のページです。ここでは漢字とかなが混ざっていますが、簡体字に変えてはいけません。"


@pytest.mark.parametrize(
    ("text", "charset", "said", "found"),
    [
        (TAIWAN, "big5", "Big5", "big5hkscs"),
        (TAIWAN, "big5", None, "big5hkscs"),
        (TAIWAN, "big5", "gb2312", "big5hkscs"),
        (JAPAN, "cp932", "Shift_JIS", "cp932"),
        (JAPAN, "cp932", None, "cp932"),
        (JAPAN, "euc_jp", "EUC-JP", "euc_jp"),
    ],
)
def test_other_charsets_are_read(text: str, charset: str, said: str | None, found: str, tmp_path: Path) -> None:
    declared = f"Content-Type: text/html; charset={said}" if said else "Content-Type: text/html"
    outcome = answered(tmp_path, f"<html><body><p>{text}</body></html>".encode(charset), declared)
    assert outcome.texts == [repair(text).text]
    assert outcome.noted[0][1].source.charset == found


def test_a_stray_byte_and_a_stretch_in_another_charset_are_read(tmp_path: Path) -> None:
    gbk, utf8 = ("隨著互聯網金融的迅猛發展，助貸平台如雨後春筍。\n" * 5).encode("gbk"), TAIWAN.encode()
    body = b"<p>" + gbk + b"</p>\n<p>" + utf8 + b"\xff</p>\n<p>" + gbk + b"</p>"
    (text,) = answered(tmp_path, body, "Content-Type: text/html; charset=gbk").texts
    assert repair(TAIWAN).text in text
    assert text.count("随着互联网金融的迅猛发展") == 10


# Which records give text


@pytest.mark.parametrize(
    "header",
    [
        "Content-Type: TEXT/HTML ; Charset='gbk'",
        "content-type: application/xhtml+xml",
        "Content-Type: text/plain",
        "Content-Type:",
        "Server: none",
    ],
)
def test_pages_and_texts_give_text(header: str, tmp_path: Path) -> None:
    body = "<html><body>數據現代問題</body></html>"
    (text,) = answered(tmp_path, body.encode("gbk"), header).texts
    assert text == ("数据现代问题" if "plain" not in header else "<html><body>数据现代问题</body></html>")


def test_a_page_whose_head_is_too_long_says_itself_what_it_is(tmp_path: Path) -> None:
    cookie = "Cookie: " + "a" * 100_000
    assert answered(tmp_path, "<p>數據".encode(), "Content-Type: text/html", cookie).texts == ["数据"]
    image = response(b"\x89PNG", "Content-Type: image/png", cookie)
    assert rewritten(tmp_path, image).written == image


def test_a_resource_gives_text(tmp_path: Path) -> None:
    saved = record("resource", "<p>數據".encode(), Content_Type="text/html; charset=utf-8")
    assert rewritten(tmp_path, saved).texts == ["数据"]


@pytest.mark.parametrize(
    "kept",
    [
        response(b"\xff\xd8\xff\xe0", "Content-Type: image/jpeg"),
        response(b'{"a": "\xe6\x95\xb8"}', "Content-Type: application/json"),
        response("數據".encode(), "Server: none"),
        response(b"", "Content-Type: text/html"),
        record("response", "數據".encode(), Content_Type=HTTP),
        record("response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", Content_Type=HTTP),
        record("response", "20260101 數據 1.2.3.4".encode(), Content_Type="text/dns"),
        record("request", b"POST / HTTP/1.1\r\nContent-Type: text/html\r\n\r\n<p>", Content_Type="application/http"),
        record("conversion", "<p>數據".encode(), Content_Type="text/html"),
        record("metadata", "數據".encode(), Content_Type="text/plain"),
    ],
)
def test_other_records_stay(kept: bytes, tmp_path: Path) -> None:
    assert rewritten(tmp_path, kept).written == kept
    assert rewritten(tmp_path, kept, text_only=True).written == b""


def test_a_response_becomes_a_record_of_text_as_in_wet(tmp_path: Path) -> None:
    old = response("<title>標題</title>現代".encode(), "Content-Type: text/html", number=7)
    outcome = rewritten(tmp_path, old)
    (read,) = ArchiveIterator(BytesIO(outcome.written), verify_digests=True)
    headers = dict(read.headers.to_tuples())
    assert read.reader.read().decode() == "标题\n现代"
    assert headers.pop("WARC-Record-ID").startswith("<urn:uuid:")
    assert headers.pop("WARC-Block-Digest").startswith("sha1:")
    assert headers == {
        "WARC-Type": "conversion",
        "WARC-Target-URI": URL,
        "WARC-Date": "2026-01-01T00:00:00Z",
        "WARC-Refers-To": "<urn:uuid:00000000-0000-0000-0000-000000000007>",
        "Content-Type": "text/plain",
        "Content-Length": "13",
    }
    assert rewritten(tmp_path, old).written == outcome.written  # its identifier is the same again
    other = rewritten(tmp_path, old.replace(b"0007>", b"0008>"))
    assert other.records[0][0]["WARC-Record-ID"] != outcome.records[0][0]["WARC-Record-ID"]


def test_what_fastwarc_writes_is_read(tmp_path: Path) -> None:
    made, target = WarcRecord(), BytesIO()
    made.init_headers(record_type=WarcRecordType.response)
    made.headers["WARC-Target-URI"] = URL
    made.is_http = True
    made.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + "<p>數據".encode())
    made.write(target, checksum_data=True)
    assert rewritten(tmp_path, target.getvalue()).texts == ["数据"]


# What is told


def test_what_is_wanted_follows_as_metadata(tmp_path: Path) -> None:
    archive = response("<p>數據".encode(), "Content-Type: text/html") + wet("現代", 2) + wet("现代", 3)
    outcome = rewritten(tmp_path, archive, wanted=["charset", "faults", "edits", "chars_changed"])
    (text, told), (other, also), (clean, nothing) = zip(outcome.records[::2], outcome.records[1::2], strict=True)
    for (about, _), (headers, _) in ((text, told), (other, also), (clean, nothing)):
        assert (headers["WARC-Type"], headers["Content-Type"]) == ("metadata", "application/json")
        assert headers["WARC-Refers-To"] == about["WARC-Record-ID"]
    account = json.loads(told[1])
    assert [account.pop(f"jiaokan.{name}") for name in ("charset", "faults", "chars_changed")] == [
        "utf-8",
        ["script"],
        2,
    ]
    (edit,) = account.pop("jiaokan.edits")
    assert (edit["before"], edit["after"], edit["start"]) == ("數據", "数据", 0)
    assert account == {}
    assert json.loads(nothing[1])["jiaokan.edits"] == []


def test_the_edits_of_a_seed_do_not_make_an_archive_that_cannot_be_read(tmp_path: Path) -> None:
    outcome = answered(tmp_path, page(SEEDS[0].source * 5).encode(), "Content-Type: text/html", wanted=["edits"])
    (_, text), (_, told) = outcome.records  # as FastWARC reads them
    assert len(told) > 64 * 1024
    assert len(json.loads(told)["jiaokan.edits"]) > 500
    assert text


def test_text_alone_is_written_line_by_line(tmp_path: Path) -> None:
    archive = (
        response("<p>數據<p>現代".encode(), "Content-Type: text/html") + wet("問題", 2) + record("metadata", b"{}", 3)
    )
    outcome = rewritten(tmp_path, archive, 1, text_only=True, wanted=["charset"])
    assert outcome.written.decode() == "数据\n\n现代\n问题\n"
    outcome = rewritten(tmp_path, archive, 1, text_only=True, compression="gzip")
    assert gzip.decompress(outcome.written).decode() == "数据\n\n现代\n问题\n"


# The text of a page


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<title>題 目</title><p>一", "題 目\n一"),
        ("<title>一</title><h1>一</h1><p>二", "一\n\n二"),
        ("<p>一<script>二</script><style>三</style><!-- 四 --><p>五", "一\n\n五"),
        ("<nav>一</nav><footer>二</footer><div hidden>三</div><div style='display:none'>四</div>", "一\n二\n三\n四"),
        ("<noscript>一</noscript><img alt=二>", "一二"),
        ("<p>一&nbsp;&lt;二&gt;&#x4E09;", "一\xa0<二>三"),
        ("<ul><li>一<li>二</ul><ol><li>三</ol>", "  一\n  二\n  三"),
        ("<table><tr><td>一<td>二</table>", "一\t\t二"),
        ("<p>一\ud800二", "一\ufffd二"),
        ("", ""),
    ],
)
def test_the_text_is_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == text


def test_a_page_with_too_much_markup_is_a_reject(tmp_path: Path) -> None:
    for body in ("<b>" * 800_000, "<p " + "".join(f"a{number} " for number in range(20_000)) + ">"):
        outcome = answered(tmp_path, body.encode(), "Content-Type: text/html")
        (reject,) = outcome.rejects
        assert "of markup" in reject.reason
        with pytest.raises(PageError):
            text_of(body)


def test_scripts_and_quoted_values_are_no_markup() -> None:
    image = f'<img alt="{"字 " * 400_000}" src="data:{"A" * 2_000_000}">'
    script = f"<SCRIPT>{'if (a <b) {' * 200_000}</SCRIPT>"
    assert len(text_of(f"<p>一</p>{script}{image}<p>二")) > 400_000
    assert text_of(f"<p>一</p>{'<script>' * 300_000}") == "一"


# Whatever comes


@settings(max_examples=100, deadline=None)
@given(
    body=st.binary(max_size=300),
    media=st.sampled_from(["text/html", "text/plain", "", "text/html; charset=\x00"]),
    coding=st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, gzip", "", ","]),
    transfer=st.sampled_from(["chunked", "", "gzip, chunked"]),
)
def test_any_answer_gives_a_record_or_a_reject(
    body: bytes, media: str, coding: str, transfer: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    headers = f"Content-Type: {media}", f"Content-Encoding: {coding}", f"Transfer-Encoding: {transfer}"
    outcome = rewritten(tmp_path_factory.mktemp("any"), response(body, *headers))
    assert len(outcome.records) + len(outcome.rejects) == outcome.count == 1
    assert not [reject for reject in outcome.rejects if "Error" in reject.reason]


def test_a_bug_costs_its_document_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(text: str) -> str:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(warc, "text_of", broken)
    archive = response(b"<p>", "Content-Type: text/html") + wet("數據", 2)
    outcome = rewritten(tmp_path, archive)
    assert outcome.texts == ["数据"]
    assert [reject.reason for reject in outcome.rejects] == ["ZeroDivisionError: oh"]


def test_each_document_is_met_once_before_it_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    met: list[int] = []

    def asked(place: Place) -> str | None:
        met.append(place.document)
        return "it ended its process" if place.document == 3 else None

    read: list[str] = []
    monkeypatch.setattr(warc, "text_of", lambda text: read.append(text) or text_of(text))
    archive = record("warcinfo", b"a: b\r\n") + b"".join(
        response(f"<p>{number}".encode(), "Content-Type: text/html") for number in range(3)
    )
    outcome = rewritten(tmp_path, archive + wet("一"), met=asked)
    assert met == [2, 3, 4, 5]
    assert read == ["<p>0", "<p>2"]
    assert [reject.reason for reject in outcome.rejects] == ["it ended its process"]
    assert outcome.texts == ["0", "2", "一"]


def test_a_worker_has_memory_for_the_longest_page(tmp_path: Path) -> None:
    line = '<li><a href="/a">现代金融社会。</a>\n'
    text = "<p>在现代金融社会中，助贷行业逐渐成为了一个重要的市场。</p>\n"
    page = (line * 90_000 + text * 60_000).encode()
    path = tmp_path / "long.warc.gz"
    path.write_bytes(gzip.compress(response(page, "Content-Type: text/html")))
    code = f"""
import io
from pathlib import Path
from jiaokan.batch.documents import Repairer
from jiaokan.batch.formats import warc
from jiaokan.batch.pieces import Shape
(piece,) = warc.pieces(path := Path({str(path)!r}), 1 << 22)
assert warc.rewrite(piece, io.BytesIO(), Shape("-", compression="gzip"), Repairer(rejected=exit)) == 1
(most,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # not that of who started it
print(int(most.split()[1]) // 1024)
"""
    ran = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": SERVICE}, capture_output=True, check=True)
    assert int(ran.stdout) < 300  # MB; 240 where it was measured
