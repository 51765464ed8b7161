"""Parquet: texts are repaired; types, other values, metadata, codecs and row groups stay."""

from __future__ import annotations

import errno
import gzip
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rewriting import NAME

from jiaokan.batch.documents import ADDED, Place, Reject, Repairer
from jiaokan.batch.formats import columnar, parquet
from jiaokan.batch.pieces import InputError, Piece, Shape

TABLE = pa.table(
    {
        "id": pa.array([1, 2, 3, 4], pa.uint32()),
        "text": ["現(xiàn)代", "问题", None, "題"],
        "raw": pa.array(["問題".encode("gb18030"), b"", None, b"\xff"], pa.binary()),
        "tags": [["問"], [], None, ["題"]],
        "kind": pa.array(["x", "y", "x", "x"]).dictionary_encode(),
        "at": pa.array([datetime(2026, 11, 22, 1, 2, 3, 456)] * 4, pa.timestamp("ns")),
        "page": [{"body": "問", "n": 1}, None, {"body": None, "n": 2}, {"body": "題", "n": 3}],
        "price": pa.array([1, 2, 3, 4], pa.decimal128(9, 2)),
    },
    metadata={"origin": "a crawl"},
)


def file_of(path: Path, table: pa.Table, **options: Any) -> Path:
    pq.write_table(table, path, **options)
    return path


def joined(path: Path, size: int, shape: Shape | None = None, **options: Any) -> tuple[io.BytesIO, int, list[Reject]]:
    """What comes out of a file read in pieces of this size, how many records it had, and rejects."""
    rejects, parts, records = list[Reject](), list[Path](), 0
    for number, piece in enumerate(parquet.pieces(path, size)):
        parts.append(path.with_name(f"{path.name}-{number}"))
        with parts[-1].open("wb") as target:
            records += parquet.rewrite(
                piece, target, shape or Shape(NAME), Repairer(rejected=rejects.append, **options)
            )
    target = io.BytesIO()
    parquet.join(parts, target)
    return target, records, rejects


def texts(file: io.BytesIO, name: str = "text") -> list[Any]:
    column: list[Any] = pq.read_table(file).column(name).to_pylist()
    return column


def groups(metadata: Any) -> list[int]:
    return [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]


def codecs(metadata: Any) -> Mapping[str, str]:
    group = metadata.row_group(0)
    return {group.column(n).path_in_schema: group.column(n).compression for n in range(metadata.num_columns)}


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_all_but_the_texts_stays(size: int, tmp_path: Path) -> None:
    path = file_of(tmp_path / "x", TABLE, row_group_size=3)
    out, records, rejects = joined(path, size)
    before, after = pq.read_table(path), pq.read_table(out)
    assert (records, rejects) == (4, [])
    assert after.schema.equals(before.schema, check_metadata=True)
    assert after.drop(["text"]).equals(before.drop(["text"]))
    assert texts(out) == ["现代", "问题", None, "题"]
    assert groups(pq.read_metadata(out)) == [3, 1]


def test_a_file_that_is_clean_keeps_all_its_values(tmp_path: Path) -> None:
    clean = TABLE.set_column(1, "text", [["现代", "问题", None, "题"]])
    out, _, _ = joined(file_of(tmp_path / "x", clean), 1)
    assert pq.read_table(out).equals(clean)


@pytest.mark.parametrize("wanted", [(), ("charset",)])
def test_each_column_keeps_its_codec(wanted: Sequence[str], tmp_path: Path) -> None:
    given_codecs = {"id": "NONE", "text": "zstd", "tags.list.element": "gzip", "page.body": "brotli", "page.n": "lz4"}
    path = file_of(tmp_path / "x", TABLE, compression=given_codecs)
    before = codecs(pq.read_metadata(path))
    assert len(set(before.values())) == 5
    after = codecs(pq.read_metadata(joined(path, 1, wanted=wanted)[0]))
    assert {name: codec for name, codec in after.items() if name in before} == before
    assert after.keys() - before.keys() == {f"jiaokan.{name}" for name in wanted}


@pytest.mark.parametrize("nested", [True, False])
def test_columns_in_lists_keep_their_names(nested: bool, tmp_path: Path) -> None:
    path = file_of(tmp_path / "x", TABLE, use_compliant_nested_type=nested)
    before, after = pq.read_metadata(path), pq.read_metadata(joined(path, 1)[0])
    assert codecs(before) == codecs(after)
    assert ("tags.list.element" in codecs(before)) == nested


@pytest.mark.parametrize("version", ["1.0", "2.4", "2.6"])
@pytest.mark.parametrize("int96", [True, False])
def test_points_of_time_stay_as_exact_as_they_were(version: str, int96: bool, tmp_path: Path) -> None:
    path = file_of(tmp_path / "x", TABLE, version=version, use_deprecated_int96_timestamps=int96)
    before, (out, _, _) = pq.read_table(path), joined(path, 1)
    after = pq.read_table(out)
    assert after.schema.equals(before.schema)
    assert after.column("at").equals(before.column("at"))
    kinds = [pq.read_metadata(file).schema.column(5).physical_type for file in (path, out)]
    assert kinds == ["INT96" if int96 else "INT64"] * 2


@pytest.mark.parametrize(
    ("field", "after"),
    [
        ("raw", ["问题".encode(), b"", None, b"\xff"]),
        ("tags", [["问"], [], None, ["题"]]),
        ("page.body", [{"body": "问", "n": 1}, None, {"body": None, "n": 2}, {"body": "题", "n": 3}]),
    ],
)
def test_texts_are_found_wherever_they_stand(field: str, after: list[Any], tmp_path: Path) -> None:
    repaired, _, _ = joined(file_of(tmp_path / "x", TABLE.slice(0, 3)), 1, Shape(NAME, (field,)))
    assert texts(repaired, field.partition(".")[0]) == after[:3]


def test_what_is_told_stands_in_columns_behind_the_rest(tmp_path: Path) -> None:
    out, _, _ = joined(file_of(tmp_path / "x", TABLE), 1, wanted=ADDED)
    after = pq.read_table(out)
    assert after.column_names == [*TABLE.column_names, *(f"jiaokan.{name}" for name in ADDED)]
    assert texts(out, "jiaokan.chars_changed") == [7, 0, None, 1]
    assert [each and [edit["before"] for edit in each] for each in texts(out, "jiaokan.edits")] == [
        ["現", "(xiàn)"],
        [],
        None,
        ["題"],
    ]


@pytest.mark.parametrize("wanted", [(), ("charset",)])
def test_spark_sees_the_columns_that_are_added(wanted: Sequence[str], tmp_path: Path) -> None:
    """Spark goes by a schema of its own in the metadata, if there is one, and not by the columns."""
    key = b"org.apache.spark.sql.parquet.row.metadata"
    path = file_of(tmp_path / "x", TABLE.replace_schema_metadata({key: b"{}", b"k": b"v"}))
    metadata = pq.read_schema(joined(path, 1, wanted=wanted)[0]).metadata
    assert metadata[b"k"] == b"v"
    assert (key in metadata) == (not wanted)


def test_a_document_that_is_too_long_is_rejected_and_the_rest_goes_on(tmp_path: Path) -> None:
    table = pa.table({"text": ["問", "题" * 50, "題", None, "题" * 50], "id": [1, 2, 3, 4, 5]})
    out, records, rejects = joined(file_of(tmp_path / "x", table), 1, longest=100)
    assert (texts(out), texts(out, "id")) == (["问", "题", None], [1, 3, 4])
    reason = "it has 150 bytes, and a document may have 100"
    assert (records, rejects) == (5, [Reject(Place(NAME, 2), reason), Reject(Place(NAME, 5), reason)])


def test_a_large_row_group_is_read_and_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "BATCH", 1000)
    monkeypatch.setattr(columnar, "GROUP", 5000)
    table = pa.table({"text": [f"題{number:098}" for number in range(200)]})
    out, records, _ = joined(file_of(tmp_path / "x", table), 1)
    assert (records, texts(out)) == (200, [f"题{number:098}" for number in range(200)])
    sizes = groups(pq.read_metadata(out))
    assert len(sizes) > 3
    assert max(sizes) < 70


def test_texts_alone_are_written_one_below_the_other(tmp_path: Path) -> None:
    path, target = file_of(tmp_path / "x", TABLE), io.BytesIO()
    shape = Shape(NAME, ("tags", "text", "raw"), text_only=True)
    (piece,) = parquet.pieces(path, 1 << 20)
    assert parquet.rewrite(piece, target, shape, Repairer(wanted=ADDED)) == 4
    lines = target.getvalue().split(b"\n")
    assert [line.decode() for line in lines[:5]] == ["问", "现代", "问题", "问题", ""]


def test_what_is_compressed_once_more_comes_out_so(tmp_path: Path) -> None:
    whole = file_of(tmp_path / "x", TABLE, row_group_size=2).read_bytes()
    part = tmp_path / "x.gz"
    part.write_bytes(gzip.compress(whole))
    target, shape = io.BytesIO(), Shape(NAME, compression="gzip")
    assert parquet.rewrite(Piece(part, 0, part.stat().st_size, compression="gzip"), target, shape, Repairer()) == 4
    part.write_bytes(target.getvalue())
    assert texts(io.BytesIO(gzip.decompress(target.getvalue()))) == ["现代", "问题", None, "题"]
    target = io.BytesIO()
    parquet.join([part, part], target)
    assert texts(io.BytesIO(gzip.decompress(target.getvalue()))) == ["现代", "问题", None, "题"] * 2


@pytest.mark.parametrize("table", [TABLE.slice(0, 0), TABLE.select(["text"]).slice(0, 0)])
def test_a_file_without_rows_stays_one(table: pa.Table, tmp_path: Path) -> None:
    out, records, _ = joined(file_of(tmp_path / "x", table), 1)
    assert (records, pq.read_table(out).equals(table)) == (0, True)


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1" * 10])
def test_what_is_no_parquet_is_refused(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(raw)
    with pytest.raises(InputError, match="it is no Parquet file, or broken: "):
        [*parquet.pieces(tmp_path / "x", 1)]


def test_what_is_broken_within_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path / "x", TABLE, compression="zstd")
    raw = bytearray(path.read_bytes())
    raw[4:60] = b"\xff" * 56
    path.write_bytes(raw)
    with pytest.raises(InputError, match="it is no Parquet file, or broken: "):
        joined(path, 1)


def test_a_disk_that_cannot_be_read_is_not_taken_for_a_broken_file() -> None:
    with pytest.raises(OSError, match="Input/output error"), columnar.reading_as("Parquet file"):
        raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(
    ("field", "reason"),
    [("body", "there is no column 'body'"), ("id", "'id' holds uint32"), ("page.x", "there is no 'x'")],
)
def test_a_column_that_is_not_there_is_asked_back(field: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=reason):
        joined(file_of(tmp_path / "x", TABLE), 1, Shape(NAME, (field,)))


values = st.none() | st.sampled_from(["問題", "问题", "現(xiàn)代", "", "a", "题" * 40])
kinds = st.sampled_from(
    [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()]
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    column=st.lists(values, max_size=12),
    kind=kinds,
    group=st.integers(1, 6),
    size=st.integers(1, 500),
    wanted=st.sampled_from([(), ADDED]),
)
def test_pieces_of_any_size_give_what_the_whole_gives(
    column: list[str | None], kind: pa.DataType, group: int, size: int, wanted: Any, tmp_path: Path
) -> None:
    table = pa.table([pa.array(column, pa.string()).cast(kind), [*range(len(column))]], ["text", "n"])
    path = file_of(tmp_path / "x", table, row_group_size=group)
    whole, records, rejects = joined(path, 1 << 30, wanted=wanted, longest=100)
    out, also, others = joined(path, size, wanted=wanted, longest=100)
    assert pq.read_table(out).equals(pq.read_table(whole), check_metadata=True)
    assert (records, len(rejects)) == (also, len(others)) == (len(column), column.count("题" * 40))
    assert pq.read_schema(out).field("text").type == kind
