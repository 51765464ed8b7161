"""CSV and TSV: cells are read as the standard library reads them, and all but the texts keeps its very bytes."""

from __future__ import annotations

import csv as standard
import io
import tracemalloc
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rewriting import NAME, in_blocks, in_pieces, whole

from jiaokan.batch.documents import ADDED, Place, Reject, Repairer
from jiaokan.batch.formats import cells as cells_of
from jiaokan.batch.formats import csv, tsv
from jiaokan.batch.formats.cells import Delimited, State, parted, value
from jiaokan.batch.pieces import InputError, Shape

COMMA = Delimited(",")
TABLE = '\ufeff"id","text",note\r\n1,{},1.10\r\n'


def records(raw: bytes) -> list[bytes]:
    found = []
    for record in COMMA.records(io.BytesIO(raw), 1 << 20):
        assert isinstance(record, bytes)
        found.append(record)
    return found


def read(record: bytes) -> list[str] | None:
    _, body, _ = parted(record.decode())
    spans = COMMA.cells(body)
    return None if spans is None else [value(body[start:end]) for start, end in spans] if body else []


signs = st.lists(st.sampled_from(["a", "題", ",", '"', "\n", "\r\n", "\t", " "]), max_size=6).map("".join)
rows = st.lists(st.lists(signs, min_size=1, max_size=4), max_size=6)


@given(
    rows=rows,
    quoting=st.sampled_from([standard.QUOTE_MINIMAL, standard.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_standard_library_writes_is_read(rows: list[list[str]], quoting: int, end: str) -> None:
    sink = io.StringIO(newline="")
    standard.writer(sink, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    raw = sink.getvalue().encode()
    assert b"".join(records(raw)) == raw
    assert [read(record) for record in records(raw)] == rows


@given(text=st.text(st.sampled_from('a,"\n題 '), max_size=30))
def test_anything_is_read_as_the_standard_library_reads_it(text: str) -> None:
    found = [read(record) for record in records(text.encode())]
    expected = [*standard.reader(io.StringIO(text, newline=""))]
    if found and found[-1] is None:  # a quote that is not closed, which the standard library lets pass
        found.pop()
        expected.pop()
    assert found == expected


@given(text=st.text(st.sampled_from('a,"\n'), max_size=40), size=st.integers(1, 9))
def test_where_a_record_ends_does_not_depend_on_how_it_is_read(text: str, size: int) -> None:
    raw = text.encode()
    state = State.START
    for at in range(0, len(raw), size):
        state = COMMA.behind(raw[at : at + size], state)
    assert state is COMMA.behind(raw, State.START)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from('a,"\n'), max_size=60), size=st.integers(1, 30), part=st.integers(1, 9))
def test_stretches_end_where_records_end(text: str, size: int, part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = text.encode()
    ends = {*accumulate(map(len, records(raw)))}
    monkeypatch.setattr(cells_of, "_PART", part)
    lengths = [*COMMA.stretches(io.BytesIO(raw), size)]
    assert {*accumulate(lengths)} <= ends
    assert sum(lengths) == len(raw)
    assert all(length >= size for length in lengths[:-1])


@pytest.mark.parametrize("cell", ["问题", '"问题"', '"a\n""b"', "", '""', 'a"b', " 1.10 "])
def test_a_record_in_which_nothing_changes_keeps_its_very_bytes(cell: str, tmp_path: Path) -> None:
    raw = TABLE.format(cell).encode() + b"\r\n\n"
    assert whole(csv, tmp_path / "x", raw).content == raw


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("問題", "问题"),
        ('"問題"', '"问题"'),
        ('"多行\r\n問題, ""甲"""', '"多行\r\n问题, ""甲"""'),
        ('題"號"', '"题""号"""'),
    ],
)
def test_only_the_text_is_written_anew(before: str, after: str, tmp_path: Path) -> None:
    found = whole(csv, tmp_path / "x", TABLE.format(before).encode())
    assert found.content.decode() == TABLE.format(after)
    tabs = TABLE.replace(",", "\t")
    assert whole(tsv, tmp_path / "x", tabs.format(before).encode()).content.decode() == tabs.format(after)


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        (("b",), "a,b\n問,問\n", "a,b\n問,问\n"),
        (("b", "a"), "a,b\n問,問\n", "a,b\n问,问\n"),
        (("2",), "問,問\n題,題", "問,问\n題,题"),
        (("2",), "a,2,題\n題,題,題", "a,2,題\n題,题,題"),
        (("a", "3"), "a,b,c\n題,題,題", "a,b,c\n题,題,题"),
        (("1",), '\ufeff"問題,"\n', '\ufeff"问题,"\n'),
    ],
)
def test_columns_are_found_by_name_or_number(fields: tuple[str, ...], before: str, after: str, tmp_path: Path) -> None:
    assert whole(csv, tmp_path / "x", before.encode(), Shape(NAME, fields)).content.decode() == after


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (("text",), "there is no column 'text'; the columns are a, b, b"),
        (("b",), "there is 2 columns 'b'; the columns are a, b, b"),
        (("4",), "there is no column '4'; the columns are a, b, b"),
        (("0",), "there is no column '0'; the columns are a, b, b"),
    ],
)
def test_a_column_that_is_not_there_is_asked_back(fields: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        whole(csv, tmp_path / "x", b"a,b,b\n1,2,3\n", Shape(NAME, fields))
    assert str(raised.value) == reason


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'text,"a', "a quote is opened in its first record and not closed"),
        ("a,text\n".encode("utf-16"), "it is in UTF-16 or UTF-32"),
        (b"text," + b"a" * 100, "its first record is too long: it has 105 bytes"),
    ],
)
def test_what_begins_as_no_table_is_refused(raw: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=reason):
        whole(csv, tmp_path / "x", raw, longest=99)


def test_what_is_told_stands_in_columns_behind_the_rest(tmp_path: Path) -> None:
    raw = "text,jiaokan.faults,id\n問,old,1\n,old,2\n现,old,3".encode()
    found = whole(csv, tmp_path / "x", raw, wanted=["faults", "chars_changed"])
    assert [*standard.reader(io.StringIO(found.content.decode(), newline=""))] == [
        ["text", "jiaokan.faults", "id", "jiaokan.chars_changed"],
        ["问", '["script"]', "1", "1"],
        ["", "", "2", ""],
        ["现", "[]", "3", "0"],
    ]


def test_without_a_header_what_is_told_has_no_name(tmp_path: Path) -> None:
    found = whole(csv, tmp_path / "x", "問\n\n题\n".encode(), Shape(NAME, ("1",)), wanted=["chars_changed"])
    assert (found.content.decode(), found.records) == ("问,1\n\n题,0\n", 2)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("1", "it has 1 column, and the first record has 2"),
        ("1,2,3", "it has 3 columns, and the first record has 2"),
        (f'1,"{"a" * 100}"', "it has 105 bytes, and a document may have 64"),
    ],
)
def test_a_broken_record_is_rejected_and_the_rest_goes_on(record: str, reason: str, tmp_path: Path) -> None:
    found = whole(csv, tmp_path / "x", f"id,text\n1,問\n\n{record}\n3,題\n".encode(), longest=64)
    assert found.content.decode() == "id,text\n1,问\n\n3,题\n"
    assert (found.records, found.reasons) == (3, [(2, reason)])


def test_a_record_is_rejected_once_whichever_of_its_documents_cannot_be_repaired(tmp_path: Path) -> None:
    shape = Shape(NAME, ("a", "b"))
    found = whole(csv, tmp_path / "x", "a,b\n問,題\n,\n".encode(), shape, options={"script": "none"})
    assert (found.content, found.records) == (b"a,b\n,\n", 2)
    assert [(place, reason.split(":")[0]) for place, reason in found.reasons] == [(1, "ValueError")]


def test_a_quote_that_is_not_closed_is_told(tmp_path: Path) -> None:
    found = whole(csv, tmp_path / "x", 'id,text\n1,問\n2,"題\n3,題\n'.encode())
    assert (found.content.decode(), found.reasons) == (
        "id,text\n1,问\n",
        [(2, "a quote is opened in it and not closed")],
    )


def test_a_table_in_another_charset_comes_out_in_utf8(tmp_path: Path) -> None:
    raw = "編號,text\n一,這個問題的處理方法\n二,这个问题\n".encode("gb18030")
    found = whole(csv, tmp_path / "x", raw, wanted=["charset"])
    assert found.content.decode() == ("編號,text,jiaokan.charset\n一,这个问题的处理方法,gb18030\n二,这个问题,gb18030\n")


def test_texts_alone_are_written_one_below_the_other(tmp_path: Path) -> None:
    raw = 'id,text\n1,問\n\n2,\n3,"a\nb"'.encode()
    assert whole(csv, tmp_path / "x", raw, Shape(NAME, text_only=True)).content.decode() == "问\na\nb\n"


def test_an_empty_file_is_one_empty_piece(tmp_path: Path) -> None:
    assert in_pieces(csv, tmp_path / "x", b"", 10) == in_blocks(csv, tmp_path / "x", b"", 10) == (b"", 0, [])


LONG = 48 * 1024 * 1024


def test_a_record_that_is_too_long_is_rejected_and_never_held(tmp_path: Path) -> None:
    path, longest = tmp_path / "x", 1 << 20
    with path.open("wb") as file:
        file.write('id,text\n1,問\n2,"'.encode())
        for _ in range(LONG >> 20):
            file.write(b'a""\n' + b'a""a' * ((1 << 18) - 1))
        file.write('"\n3,題'.encode())
    written, rejects = io.BytesIO(), list[Reject]()
    repairer = Repairer(longest=longest, rejected=rejects.append)
    repairer.repair("問", Place(NAME))  # what is loaded once
    tracemalloc.start()
    try:
        pieces = [*csv.pieces(path, 1 << 20)]
        found = sum(csv.rewrite(piece, written, Shape(NAME), repairer) for piece in pieces)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * longest
    assert (found, written.getvalue().decode()) == (3, "id,text\n1,问\n3,题")
    assert [reject.reason for reject in rejects] == [f"it has {LONG + 5:,} bytes, and a document may have 1,048,576"]
    with path.open("rb") as stream:
        assert [len(block) for block in csv.cut(stream, 1 << 20, longest)] == [8 + 6 + longest + 1, 8 + 5]


cells = st.sampled_from(["", "問題", "问题", "現(xiàn)代", '"題,\n""題"""', '"', 'a"題', "1.10", "題,", "\n"])


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Tables with a header and records of all kinds, some of them broken, with empty lines between."""
    width = draw(st.integers(1, 3))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width).map(",".join), max_size=8))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    head = ",".join(["text", "note", "id"][:width])
    return (draw(st.sampled_from(["", "\ufeff"])) + end.join([head, *rows]) + draw(st.sampled_from(["", end]))).encode()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=tables(),
    size=st.integers(1, 80),
    wanted=st.sampled_from([(), ADDED]),
    fields=st.sampled_from([("text",), ("1",)]),
)
def test_pieces_of_any_size_give_what_the_whole_gives(
    raw: bytes, size: int, wanted: tuple[Any, ...], fields: tuple[str, ...], tmp_path: Path
) -> None:
    path, shape = tmp_path / "x", Shape(NAME, fields)
    expected = whole(csv, path, raw, shape, wanted=wanted)
    assert in_pieces(csv, path, raw, size, shape, wanted=wanted) == expected
    assert in_blocks(csv, path, raw, size, shape, wanted=wanted) == expected
