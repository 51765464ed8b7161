"""A record batch comes back as it was, but for the texts that were asked for."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jiaokan
from jiaokan.batch.documents import ADDED, Place, Reject, Repairer
from jiaokan.batch.kernel import REJECTED, TYPES, repair_batch, repair_batches
from jiaokan.batch.pieces import InputError
from jiaokan.records import record

DAMAGED = "現(xiàn)代金融"
TEXTS = [DAMAGED, None, "你好", "問題", ""]
REPAIRED = ["现代金融", None, "你好", "问题", ""]
KINDS = (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()))
PLAIN = st.characters(exclude_categories=["Cs"])  # no surrogates, which Arrow cannot hold
BYTES = (pa.binary(), pa.large_binary(), pa.binary_view(), pa.dictionary(pa.int32(), pa.binary()))


def batch(**columns: Any) -> pa.RecordBatch:
    return pa.record_batch(columns)


def checked(out: pa.RecordBatch) -> pa.RecordBatch:
    out.validate(full=True)
    return out


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_texts_of_every_kind_are_repaired(kind: pa.DataType) -> None:
    texts = pa.array(TEXTS).dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else pa.array(TEXTS, kind)
    out = checked(repair_batch(batch(text=texts), ["text"], Repairer()))
    assert out.schema.field("text").type == kind
    assert out["text"].to_pylist() == REPAIRED


@pytest.mark.parametrize("kind", BYTES, ids=str)
def test_bytes_of_any_charset_come_out_in_utf8(kind: pa.DataType) -> None:
    raw = pa.array([DAMAGED.encode(), None, "你好，世界".encode("gb18030")])
    raw = raw.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else raw.cast(kind)
    out = checked(repair_batch(batch(text=raw), ["text"], Repairer(wanted=["charset"])))
    assert out.schema.field("text").type == kind
    assert out["text"].to_pylist() == ["现代金融".encode(), None, "你好，世界".encode()]
    assert out["jiaokan.charset"].to_pylist() == ["utf-8", None, "gb18030"]


def test_a_string_that_is_not_utf8_is_read_in_its_charset() -> None:
    raw = pa.array([DAMAGED.encode(), "你好，世界".encode("gb18030")], pa.binary())
    careless = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
    out = checked(repair_batch(batch(text=careless), ["text"], Repairer()))
    assert out["text"].to_pylist() == ["现代金融", "你好，世界"]


def test_clean_rows_come_back_as_the_same_batch() -> None:
    clean = batch(id=[1, 2], text=["你好", None])
    assert repair_batch(clean, ["text"], Repairer()) is clean


def test_what_is_not_text_is_not_copied() -> None:
    schema = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("text", pa.string())], {"k": "v"})
    given_batch = pa.record_batch([pa.array([1, 2]), pa.array([DAMAGED, "你好"])], schema=schema)
    out = repair_batch(given_batch, ["text"], Repairer())
    assert out.schema.equals(schema, check_metadata=True)
    assert out["id"].buffers()[1].address == given_batch["id"].buffers()[1].address


def test_texts_in_lists_and_structs_are_found() -> None:
    pages = pa.array(
        [
            {"id": 1, "parts": [{"body": DAMAGED}, {"body": None}]},
            None,
            {"id": 2, "parts": []},
            {"id": 3, "parts": None},
        ]
    )
    given_batch = batch(x=[0, 1, 2, 3, 4], page=pa.concat_arrays([pages[:1], pages])).slice(1)
    out = checked(repair_batch(given_batch, ["page.parts[].body"], Repairer(wanted=["faults"])))
    assert out["page"].to_pylist() == [
        {"id": 1, "parts": [{"body": "现代金融"}, {"body": None}]},
        *pages.to_pylist()[1:],
    ]
    assert out["jiaokan.faults"].to_pylist() == [[["annotation", "script"], None], None, None, None]


def test_a_column_may_have_dots_in_its_name() -> None:
    out = repair_batch(batch(**{"a.b": ["問"]}), ["a.b"], Repairer())
    assert out.to_pylist() == [{"a.b": "问"}]


def test_what_is_told_is_what_the_library_tells() -> None:
    text = f"{DAMAGED}\n本报讯 昨日上午，市交通局召开新闻发布会，介绍进展情况。\n他说“”。"
    repair = jiaokan.repair(text)
    (row,) = repair_batch(batch(text=[text]), ["text"], Repairer(wanted=ADDED)).to_pylist()
    assert row["jiaokan.edits"] == [record(change, text) for change in repair.changes]
    expected = [{"fills": None, **record(doubt, text)} for doubt in repair.doubts]
    assert row["jiaokan.doubts"] == expected
    assert [bool(doubt.fills) for doubt in repair.doubts] == [True, False]


def test_columns_of_the_same_name_are_overwritten_where_they_stand() -> None:
    raw = "你好，世界".encode("gb18030")
    out = repair_batch(batch(**{"jiaokan.charset": [1], "text": [raw]}), ["text"], Repairer(wanted=["charset"]))
    assert [*out.to_pylist()[0].items()] == [("jiaokan.charset", "gb18030"), ("text", "你好，世界".encode())]
    assert out.schema.field("jiaokan.charset").type == TYPES["charset"]


def test_rows_that_are_rejected_are_left_out_and_told() -> None:
    rejects: list[Reject] = []
    repairer = Repairer(longest=6, rejected=rejects.append, wanted=["chars_changed"])
    texts = batch(id=[1, 2, 3], title=["問", "問題問題", "題"], text=["問", "題", "問題問題"])
    out = repair_batch(texts, ["title", "text"], repairer, name="in.parquet", before=10)
    assert out.to_pylist() == [
        {"id": 1, "title": "问", "text": "问", "jiaokan.title.chars_changed": 1, "jiaokan.text.chars_changed": 1}
    ]
    reason = "it has 12 bytes, and a document may have 6"
    assert rejects == [
        Reject(Place("in.parquet", 12, "title"), reason),
        Reject(Place("in.parquet", 13, "text"), reason),
    ]


def test_rows_that_are_rejected_stay_where_reasons_are_asked_for() -> None:
    texts = batch(title=["題", None], text=["問題問題", "問"])
    out = repair_batch(texts, ["title", "text"], Repairer(longest=6, wanted=["faults"]), reasons=REJECTED)
    assert out.to_pydict() == {
        "title": ["題", None],
        "text": ["問題問題", "问"],
        "jiaokan.title.faults": [None, None],
        "jiaokan.text.faults": [None, ["script"]],
        REJECTED: ["text: it has 12 bytes, and a document may have 6", None],
    }


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("body", "there is no column 'body'; the columns are id, page, map"),
        ("id", "'id' holds int64, not text"),
        ("page", "'page' holds struct<a: string>, not text"),
        ("page.b", "there is no 'b' on the way to 'page.b'; there are a"),
        ("page.a.b", "'page.a.b' holds string: there is no 'b' in it"),
        ("map", "'map' holds map<string, string>, not text"),
    ],
)
def test_a_field_that_is_not_there_or_holds_no_text_is_told(field: str, message: str) -> None:
    mapped = pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string()))
    with pytest.raises(InputError) as raised:
        repair_batch(batch(id=[1], page=[{"a": "x"}], map=mapped), [field], Repairer())
    assert str(raised.value) == message


def test_a_batch_without_rows_has_the_columns_all_the_same() -> None:
    none = pa.RecordBatch.from_pylist([], pa.schema({"text": pa.string()}))
    (out,) = repair_batches([none], ["text"], Repairer(wanted=["edits"]), reasons=REJECTED)
    assert out.schema.names == ["text", "jiaokan.edits", REJECTED]


def test_large_batches_are_repaired_slice_by_slice() -> None:
    texts = ["你好" * 50_000, DAMAGED] * 20
    slices = [*repair_batches([batch(text=texts)], ["text"], Repairer())]
    assert len(slices) > 3
    assert pa.Table.from_batches(slices)["text"].to_pylist() == ["你好" * 50_000, "现代金融"] * 20


@settings(deadline=None)  # the first text loads the tables
@given(st.lists(st.none() | st.sampled_from([DAMAGED, "你好", "問"]) | st.text(PLAIN, max_size=20)), st.integers(0, 3))
def test_any_rows_are_repaired_like_documents_of_their_own(texts: list[str | None], start: int) -> None:
    column = pa.array(texts, pa.string())
    given_batch = batch(text=column, id=pa.array(range(len(texts)), pa.int64())).slice(start)
    out = checked(repair_batch(given_batch, ["text"], Repairer()))
    assert out["text"].to_pylist() == [text and jiaokan.repair(text).text for text in texts[start:]]
    assert out["id"].equals(given_batch["id"])
