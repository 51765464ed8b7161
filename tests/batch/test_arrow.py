"""Arrow files and streams: texts are repaired; types, other values, all metadata, codecs and batches stay."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather  # type: ignore[import-untyped]
from rewriting import NAME

from jiaokan.batch.documents import ADDED, Place, Reject, Repairer
from jiaokan.batch.formats import arrow, columnar
from jiaokan.batch.formats.ipc import messages
from jiaokan.batch.pieces import InputError, Piece, Shape

forms = pytest.mark.parametrize("new", [pa.ipc.new_file, pa.ipc.new_stream])
every_codec = pytest.mark.parametrize("codec", [None, "lz4", "zstd"])
New = Callable[..., Any]

SCHEMA = pa.schema(
    [
        pa.field("id", pa.uint8(), metadata={"unit": "1"}),
        pa.field("text", pa.large_string()),
        pa.field("page", pa.struct({"body": pa.string()})),
    ],
    metadata={"origin": "a crawl"},
)
BATCHES = [
    pa.record_batch([pa.array([n, n + 1], pa.uint8()), ["現(xiàn)代", text], [{"body": "問"}, None]], SCHEMA)
    for n, text in enumerate(["问题", None, "題"])
]


class Read(NamedTuple):
    table: pa.Table
    metadata: list[dict[bytes, bytes]]
    footer: Any
    codecs: list[str | None]


def file_of(path: Path, batches: Sequence[pa.RecordBatch], new: New, codec: str | None = None) -> Path:
    footer = {"metadata": {"k": "v"}} if new is pa.ipc.new_file else {}
    with path.open("wb") as file:
        options = pa.ipc.IpcWriteOptions(compression=codec)
        with new(file, batches[0].schema, options=options, **footer) as writer:
            for number, batch in enumerate(batches):
                writer.write_batch(batch, custom_metadata={"number": str(number)})
    return path


def read(raw: bytes, new: New) -> Read:
    """What stands in a file or stream, by the library's own readers."""
    stream = pa.BufferReader(raw)
    codecs = [
        each.codec for each in messages(stream, 8 if new is pa.ipc.new_file else 0) if each.kind == "record batch"
    ]
    stream.seek(0)
    if new is pa.ipc.new_file:
        file = pa.ipc.open_file(stream)
        found = [file.get_batch_with_custom_metadata(n) for n in range(file.num_record_batches)]
        schema, footer = file.schema, file.metadata
    else:
        reader = pa.ipc.open_stream(stream)
        found, schema, footer = [*reader.iter_batches_with_custom_metadata()], reader.schema, None
    table = pa.Table.from_batches([each.batch for each in found], schema)
    return Read(table, [dict(each.custom_metadata or {}) for each in found], footer, codecs)


def joined(path: Path, size: int, shape: Shape | None = None, **options: Any) -> tuple[bytes, int, list[Reject]]:
    rejects, parts, records = list[Reject](), list[Path](), 0
    for number, piece in enumerate(arrow.pieces(path, size)):
        parts.append(path.with_name(f"{path.name}-{number}"))
        with parts[-1].open("wb") as target:
            records += arrow.rewrite(piece, target, shape or Shape(NAME), Repairer(rejected=rejects.append, **options))
    target = io.BytesIO()
    arrow.join(parts, target)
    return target.getvalue(), records, rejects


@forms
@every_codec
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_all_but_the_texts_stays(new: New, codec: str | None, size: int, tmp_path: Path) -> None:
    path = file_of(tmp_path / "x", BATCHES, new, codec)
    raw, records, rejects = joined(path, size)
    before, after = read(path.read_bytes(), new), read(raw, new)
    assert (records, rejects) == (6, [])
    assert after.table.schema.equals(SCHEMA, check_metadata=True)
    assert after.table.drop(["text"]).equals(before.table.drop(["text"]))
    assert after.table.column("text").to_pylist() == ["现代", "问题", "现代", None, "现代", "题"]
    assert [len(batch) for batch in after.table.to_batches()] == [2, 2, 2]
    assert (after.metadata, after.footer, after.codecs) == (before.metadata, before.footer, [codec] * 3)
    assert after.metadata[2] == {b"number": b"2"}


@forms
def test_each_batch_can_be_a_piece(new: New, tmp_path: Path) -> None:
    assert len([*arrow.pieces(file_of(tmp_path / "x", BATCHES, new), 1)]) == 3


@forms
def test_what_is_clean_keeps_its_very_bytes(new: New, tmp_path: Path) -> None:
    clean = [
        batch.set_column(1, SCHEMA.field("text"), pa.array(["现代", None], pa.large_string())) for batch in BATCHES
    ]
    path = file_of(tmp_path / "x", [*clean, clean[0].slice(0, 0)], new)
    assert joined(path, 1 << 20)[0] == path.read_bytes()


def test_what_pandas_calls_feather_is_an_arrow_file(tmp_path: Path) -> None:
    table = pa.table({"text": ["問題", "题"], "n": [1, 2]})
    feather.write_feather(table, tmp_path / "x")
    (tmp_path / "y").write_bytes(joined(tmp_path / "x", 1)[0])
    assert feather.read_table(tmp_path / "y").to_pydict() == {"text": ["问题", "题"], "n": [1, 2]}


@forms
@pytest.mark.parametrize("fields", [("text",), ("kind",), ("text", "kind")])
def test_dictionaries_are_told_anew_where_they_have_to(new: New, fields: tuple[str, ...], tmp_path: Path) -> None:
    """A file has one dictionary for a column, which may grow; a stream may have another for each batch."""
    kind = pa.dictionary(pa.int8(), pa.string())
    words = pa.array(["甲", "題", "問", None])
    batches = [
        pa.record_batch(
            {"text": ["問", "题"], "kind": pa.DictionaryArray.from_arrays(pa.array(indices, pa.int8()), words)}
        )
        for indices in ([0, 1], [2, None], [1, 0], [0, 0])
    ]
    assert batches[0].schema.field("kind").type == kind
    path = file_of(tmp_path / "x", batches, new)
    table = read(joined(path, 1, Shape(NAME, fields))[0], new).table
    assert table.schema == batches[0].schema
    texts, kinds = ["问", "题"] * 4, ["甲", "題", "問", None, "題", "甲", "甲", "甲"]
    if "text" not in fields:
        texts = ["問", "题"] * 4
    if "kind" in fields:
        kinds = ["甲", "题", "问", None, "题", "甲", "甲", "甲"]
    assert table.to_pydict() == {"text": texts, "kind": kinds}


@forms
def test_what_is_told_stands_in_columns_behind_the_rest(new: New, tmp_path: Path) -> None:
    raw, _, _ = joined(file_of(tmp_path / "x", BATCHES, new), 1, Shape(NAME, ("text", "page.body")), wanted=ADDED)
    table = read(raw, new).table
    added = [f"jiaokan.{field}.{name}" for field in ("text", "page.body") for name in ADDED]
    assert table.column_names == [*SCHEMA.names, *added]
    assert table.column("jiaokan.text.chars_changed").to_pylist() == [7, 0, 7, None, 7, 1]


@forms
def test_a_document_that_is_too_long_is_rejected_and_the_rest_goes_on(new: New, tmp_path: Path) -> None:
    batches = [pa.record_batch({"text": ["問", "题" * 50], "n": [n, n]}) for n in range(2)]
    raw, records, rejects = joined(file_of(tmp_path / "x", batches, new), 1 << 20, longest=100)
    assert read(raw, new).table.to_pydict() == {"text": ["问", "问"], "n": [0, 1]}
    reason = "it has 150 bytes, and a document may have 100"
    assert (records, rejects) == (4, [Reject(Place(NAME, 2), reason), Reject(Place(NAME, 4), reason)])


@forms
def test_a_large_batch_becomes_several(new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "BATCH", 300)
    monkeypatch.setattr(columnar, "GROUP", 1000)
    batch = pa.record_batch({"text": [f"題{number:098}" for number in range(100)]})
    table = read(joined(file_of(tmp_path / "x", [batch], new), 1)[0], new).table
    assert table.column("text").to_pylist() == [f"题{number:098}" for number in range(100)]
    assert max(len(each) for each in table.to_batches()) < 12


@forms
def test_texts_alone_are_written_one_below_the_other(new: New, tmp_path: Path) -> None:
    path, target = file_of(tmp_path / "x", BATCHES, new), io.BytesIO()
    (piece,) = arrow.pieces(path, 1 << 20)
    shape = Shape(NAME, ("page.body", "text"), text_only=True)
    assert arrow.rewrite(piece, target, shape, Repairer(wanted=ADDED)) == 6
    assert target.getvalue().decode().split() == ["问", "现代", "问题", "问", "现代", "问", "现代", "题"]


@forms
def test_what_is_compressed_once_more_comes_out_so(new: New, tmp_path: Path) -> None:
    part = tmp_path / "x.gz"
    part.write_bytes(gzip.compress(file_of(tmp_path / "x", BATCHES, new).read_bytes()))
    target, shape = io.BytesIO(), Shape(NAME, compression="gzip")
    assert arrow.rewrite(Piece(part, 0, part.stat().st_size, compression="gzip"), target, shape, Repairer()) == 6
    part.write_bytes(target.getvalue())
    target = io.BytesIO()
    arrow.join([part, part], target)
    texts = read(gzip.decompress(target.getvalue()), new).table.column("text").to_pylist()
    assert texts == ["现代", "问题", "现代", None, "现代", "题"] * 2


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"ARROW1", "it is no Arrow file, or broken: "),
        (b"xx" * 100, "it is no Arrow file, or broken: "),
        (b"FEA1" * 9, "version 1"),
    ],
)
def test_what_is_no_arrow_is_refused(raw: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(raw)
    with pytest.raises(InputError, match=reason):
        [*arrow.pieces(tmp_path / "x", 1)]


def test_what_holds_nothing_once_unpacked_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(gzip.compress(b""))
    with pytest.raises(InputError, match="it is empty"):
        arrow.rewrite(Piece(tmp_path / "x", 0, 1, compression="gzip"), io.BytesIO(), Shape(NAME), Repairer())


def test_what_ends_early_is_refused(tmp_path: Path) -> None:
    raw = file_of(tmp_path / "x", BATCHES, pa.ipc.new_stream).read_bytes()
    (tmp_path / "x").write_bytes(raw[:-100])
    with pytest.raises(InputError, match="it is no Arrow file, or broken: "):
        [*arrow.pieces(tmp_path / "x", 1)]


def test_a_stream_behind_a_stream_is_not_left_out_in_silence(tmp_path: Path) -> None:
    raw = file_of(tmp_path / "x", BATCHES, pa.ipc.new_stream).read_bytes()
    (tmp_path / "x").write_bytes(raw * 2)
    with pytest.raises(InputError, match=f"{len(raw):,} bytes follow its end"):
        [*arrow.pieces(tmp_path / "x", 1)]


@pytest.mark.parametrize(("field", "reason"), [("body", "there is no column 'body'"), ("id", "'id' holds uint8")])
@forms
def test_a_column_that_is_not_there_is_asked_back(new: New, field: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=reason):
        joined(file_of(tmp_path / "x", BATCHES, new), 1, Shape(NAME, (field,)))


values = st.none() | st.sampled_from(["問題", "问题", "現(xiàn)代", "", "a", "题" * 40])
kinds = st.sampled_from([pa.string(), pa.large_binary(), pa.dictionary(pa.int16(), pa.string()), pa.string_view()])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    columns=st.lists(st.lists(values, max_size=5), min_size=1, max_size=6),
    kind=kinds,
    new=st.sampled_from([pa.ipc.new_file, pa.ipc.new_stream]),
    codec=st.sampled_from([None, "lz4", "zstd"]),
    size=st.integers(1, 2000),
)
def test_pieces_of_any_size_give_what_the_whole_gives(
    columns: list[list[str | None]], kind: pa.DataType, new: New, codec: str | None, size: int, tmp_path: Path
) -> None:
    words = pa.array(["問題", "问题", "現(xiàn)代", "", "a", "题" * 40])
    schema = pa.schema({"text": kind, "n": pa.int8()})
    batches = [pa.record_batch([filled(column, kind, words), [*range(len(column))]], schema) for column in columns]
    path = file_of(tmp_path / "x", batches, new, codec)
    whole, records, rejects = joined(path, 1 << 30, longest=100)
    raw, also, others = joined(path, size, longest=100)
    assert read(raw, new).table.equals(read(whole, new).table, check_metadata=True)
    assert read(raw, new)[1:] == read(whole, new)[1:]
    assert (records, len(rejects)) == (also, len(others))
    assert records == sum(map(len, columns))
    assert len(rejects) == sum(column.count("题" * 40) for column in columns)


def filled(column: list[str | None], kind: pa.DataType, words: pa.Array) -> pa.Array:
    """The column in this type; a dictionary is the same for all batches, as a file must have it."""
    if not pa.types.is_dictionary(kind):
        return pa.array(column, pa.string()).cast(kind)
    indices = [None if each is None else words.to_pylist().index(each) for each in column]
    return pa.DictionaryArray.from_arrays(pa.array(indices, kind.index_type), words)
