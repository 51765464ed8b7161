"""Spark and Ray give what one machine gives, row for row."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet
import pytest
from pyspark.sql import Observation, SparkSession

from conftest import repaired_alone
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
    texts = expected.column("text").length() - expected.column("text").null_count
    assert census.documents == texts
    assert census.rejected == 0
    assert sum(census.edits.values()) == pa.compute.sum(pa.compute.list_value_length(expected["jiaokan.edits"])).as_py()


def test_ray_gives_what_one_machine_gives(ray: Any, pages: Path, alone: Path, tmp_path: Path) -> None:
    ds = ray.data.read_json(str(pages), override_num_blocks=16)
    ds.map_batches(Repair(with_=ADDED), batch_format="pyarrow").write_parquet(str(tmp_path / "out"))
    assert same(pa.parquet.read_table(tmp_path / "out"), rows(alone))
