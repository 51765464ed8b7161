"""Spark and Ray give what one machine gives, row for row."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet
import pytest
from pyspark.sql import Observation, SparkSession

from bench.engines import SERVICE, SETTINGS
from conftest import repaired_alone
from jiaokan.batch.census import Census
from jiaokan.batch.documents import ADDED, added_name
from jiaokan.batch.kernel import REJECTED, TYPES
from jiaokan.batch.pieces import InputError
from jiaokan.batch.ray import Repair
from jiaokan.batch.spark import counted, repair
from jiaokan.batch.submit import SCRIPT

SCHEMA = pa.schema(
    {"id": pa.int64(), "url": pa.string(), "text": pa.string(), **{added_name(name): TYPES[name] for name in ADDED}}
)
COLUMNS = "id long, url string, text string"


def rows(path: Path) -> pa.Table:
    """The rows of JSON Lines, by their number."""
    parsing = pa.json.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="error")
    reading = pa.json.ReadOptions(block_size=1 << 26)
    return pa.json.read_json(path, reading, parsing).select(SCHEMA.names).sort_by("id")


def same(found: pa.Table, expected: pa.Table) -> bool:
    """Whether an engine has made these rows, and rejected none."""
    assert found.column(REJECTED).null_count == found.num_rows
    ordered = found.drop_columns(REJECTED).select(SCHEMA.names).cast(SCHEMA).sort_by("id").combine_chunks()
    return bool(ordered.equals(expected.combine_chunks()))


def test_spark_gives_what_one_machine_gives(spark: SparkSession, pages: Path, alone: Path, tmp_path: Path) -> None:
    seen = Observation()
    df = spark.read.schema(COLUMNS).json(str(pages))
    repair(df, with_=ADDED, observation=seen).write.parquet(str(tmp_path / "out"))
    expected = rows(alone)
    assert same(pa.parquet.read_table(tmp_path / "out"), expected)
    census = counted(seen)
    assert census.documents == expected.num_rows - expected["text"].null_count
    edits = pa.compute.list_value_length(expected["jiaokan.edits"])
    assert census.repaired == pa.compute.sum(pa.compute.greater(edits, 0)).as_py()
    doubts = pa.compute.list_value_length(expected["jiaokan.doubts"])
    assert census.doubtful == pa.compute.sum(pa.compute.greater(doubts, 0)).as_py()
    assert set(census.edits) >= set(pa.compute.list_flatten(expected["jiaokan.faults"]).to_pylist())
    assert census.rejected == 0


def test_ray_gives_what_one_machine_gives(ray: Any, pages: Path, alone: Path, tmp_path: Path) -> None:
    ds = ray.data.read_json(str(pages), override_num_blocks=16)
    ds.map_batches(Repair(with_=ADDED), batch_format="pyarrow").write_parquet(str(tmp_path / "out"))
    assert same(pa.parquet.read_table(tmp_path / "out"), rows(alone))


def submitted(*arguments: object) -> Census:
    """What a script counts that is submitted to Spark, in a process of its own."""
    settings = [f"--conf={name}={value}" for name, value in {**SETTINGS, "spark.master": "local[2]"}.items()]
    command = [str(Path(sys.executable).with_name("spark-submit")), *settings, str(SCRIPT), *map(str, arguments)]
    environ = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(SERVICE)}
    done = subprocess.run(command, check=True, env=environ, stdout=subprocess.PIPE, text=True)
    return Census.from_json(json.loads(done.stdout.splitlines()[-1]))


def test_submitted_lines_are_those_of_one_machine(few: Path, tmp_path: Path) -> None:
    census = submitted("--format", "jsonl", "--with", "edits,doubts", few, tmp_path / "out")
    expected = repaired_alone(few, tmp_path / "alone", "--with", "edits,doubts", rejects=True)
    written = sorted((tmp_path / "out" / "kind=repaired").glob("*.txt"))
    assert b"".join(path.read_bytes() for path in written) == expected.read_bytes()
    refused = (tmp_path / "out" / "kind=rejected").glob("*.txt")
    rejects = [json.loads(line) for path in refused for line in path.read_text("utf-8").splitlines()]
    assert [reject["line"] for reject in rejects] == ['{"id":1,"text":', '{"id":2,"text":7}']
    listed = (tmp_path / "alone" / "rejects.jsonl").read_text("utf-8").splitlines()
    assert [reject["reason"] for reject in rejects] == [json.loads(line)["reason"] for line in listed]
    assert census.rejected == len(listed)


def test_submitted_rows_are_those_of_one_machine(few: Path, tmp_path: Path) -> None:
    """As Parquet, with a document that is too long, which stays."""
    table = pa.Table.from_pylist([json.loads(line) for line in few.read_bytes().splitlines() if b'"url"' in line])
    pa.parquet.write_table(table, tmp_path / "pages.parquet")
    census = submitted("--with", "faults", tmp_path / "pages.parquet", tmp_path / "out")
    repaired_alone(tmp_path / "pages.parquet", tmp_path / "alone", "--with", "faults")
    expected = pa.parquet.read_table(tmp_path / "alone" / "pages.parquet")
    assert pa.parquet.read_table(tmp_path / "out").drop_columns(REJECTED).to_pylist() == expected.to_pylist()
    assert census.documents == table.num_rows - table["text"].null_count


ROWS = [(1, "問題", b"\x86\x96\xee}", ["題", None]), (2, None, None, None), (3, "你" * 30, b"abc", [])]


def test_a_row_that_is_rejected_stays_as_it_is(spark: SparkSession) -> None:
    df = spark.createDataFrame(ROWS, "id int, `my.text` string, raw binary, tags array<string>")
    seen = Observation()
    out = repair(df, ["my.text", "raw", "tags"], with_=["chars_changed"], longest=80, observation=seen)
    assert [tuple(row)[:4] for row in out.collect()] == [
        (1, "问题", "问题".encode(), ["题", None]),
        *ROWS[1:],
    ]
    assert [row[REJECTED] for row in out.collect()] == [
        None,
        None,
        "my.text: it has 90 bytes, and a document may have 80",
    ]
    assert out.columns[4:-1] == [f"jiaokan.{name}.chars_changed" for name in ("my.text", "raw", "tags")]
    assert counted(seen).rejected == 1


def test_a_column_that_is_not_there_is_told_at_once(spark: SparkSession) -> None:
    df = spark.createDataFrame(ROWS, "id int, text string, raw binary, tags array<string>")
    with pytest.raises(InputError, match="no column 'body'; the columns are id, text, raw, tags"):
        repair(df, "body")
    with pytest.raises(InputError, match="'id' holds int32, not text"):
        repair(df, "id")
    with pytest.raises(ValueError, match="script is"):
        repair(df, script="traditional")


def test_a_worker_loads_the_tables_once(spark: SparkSession) -> None:
    """Eight tasks, one after the other on two cores, are done by two processes at most."""

    def loaded(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            before = "jiaokan.pipeline" in sys.modules
            import jiaokan

            assert jiaokan.repair("問題").text == "问题"
            yield pa.record_batch({"process": [os.getpid()] * batch.num_rows, "before": [before] * batch.num_rows})

    spark.range(64, numPartitions=8).mapInArrow(loaded, "process long, before boolean").collect()
    seen = spark.range(64, numPartitions=8).mapInArrow(loaded, "process long, before boolean").distinct().collect()
    assert len({row.process for row in seen}) <= 2
    assert all(row.before for row in seen)


def test_ray_repairs_in_actors_too(ray: Any) -> None:
    ds = ray.data.from_arrow(pa.table({"id": [1, 2], "text": ["問題", None]}))
    pool = ray.data.ActorPoolStrategy(size=1)
    options = {"with_": ["faults"], "script": "keep"}
    out = ds.map_batches(Repair, batch_format="pyarrow", fn_constructor_kwargs=options, compute=pool)
    assert out.take_all() == [
        {"id": 1, "text": "問題", "jiaokan.faults": [], REJECTED: None},
        {"id": 2, "text": None, "jiaokan.faults": None, REJECTED: None},
    ]


def test_the_examples_of_the_page_run(spark: SparkSession, ray: Any, tmp_path: Path) -> None:
    pa.parquet.write_table(pa.table({"text": ["現(xiàn)代", None]}), tmp_path / "pages.parquet")
    page = (SERVICE.parent / "docs" / "cluster.md").read_text("utf-8")
    for code in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        exec(code.replace('parquet("', f'parquet("{tmp_path}/'), {})
    for made in ("clean.parquet", "clean-ray.parquet"):
        assert pa.parquet.read_table(tmp_path / made)["text"].to_pylist() == ["现代", None]


def test_the_page_tells_of_every_column(spark: SparkSession) -> None:
    page = (SERVICE.parent / "docs" / "cluster.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `jiaokan\.(\w+)` \| ([\w ]+) \|", page, re.MULTILINE))
    added = repair(spark.createDataFrame([], "text string"), with_=ADDED).schema[1:]
    assert {field.name.removeprefix("jiaokan."): SAID[field.dataType.simpleString()[:12]] for field in added} == told


SAID = {"string": "string", "bigint": "long", "array<string": "array of strings", "array<struct": "array of structs"}
