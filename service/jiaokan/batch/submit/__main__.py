"""Repair Parquet or JSON Lines with Apache Spark, and print what was counted as a line of JSON.

    spark-submit SCRIPT --field text s3a://crawl/pages/*.parquet s3a://crawl/clean

Every machine needs Python with jiaokan. Of Parquet a row that is rejected stays as it is, with the reason in the column
jiaokan.rejected. Of JSON Lines the output has two folders: kind=repaired, byte for byte what jiaokan repair writes, and
kind=rejected, an object for each rejected line.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, get_args

from pyspark.sql import DataFrame, Observation, SparkSession

from jiaokan.batch.documents import ADDED
from jiaokan.batch.spark import counted, repair, repair_lines
from jiaokan.options import Punctuation, Script
from jiaokan.pipeline import ConsentName
from jiaokan.report import Fault

# Files that one task writes at once, without sorting its rows by kind first, which would change their order.
_WRITERS = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says."""
    asked = _asked(arguments)
    session = SparkSession.builder.appName("jiaokan").getOrCreate()
    observation = Observation()
    options = {name: getattr(asked, name) for name in ("script", "punctuation", "consent", "skip", "charset")}
    told: dict[str, Any] = {"with_": asked.added, "observation": observation, **options}
    if asked.format == "parquet":
        rows = repair(session.read.parquet(*asked.input), asked.field, **told)
        _compressed(rows, asked.compression).parquet(asked.output)
    else:
        session.conf.set("spark.sql.maxConcurrentOutputFileWriters", _WRITERS)
        rows = repair_lines(session.read.text(asked.input, lineSep="\n"), asked.field, **told)
        _compressed(rows, asked.compression).partitionBy("kind").text(asked.output, lineSep="\n")
    sys.stdout.write(json.dumps(counted(observation).to_json()) + "\n")


def _compressed(rows: DataFrame, compression: str | None) -> Any:
    return rows.write.option("compression", compression) if compression else rows.write


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("jiaokan", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("input", nargs="+", help="a path or a pattern, in any file system that Spark reads")
    parser.add_argument("output", help="a folder that does not exist")
    parser.add_argument("--format", choices=("parquet", "jsonl"), default="parquet")
    parser.add_argument("--field", action="append", help="column or path of the text; can be repeated (default text)")
    parser.add_argument("--with", dest="added", default=[], type=_names, help=f"of {','.join(ADDED)}")
    parser.add_argument("--compression", help="such as gzip or zstd (default: as Spark is set)")
    parser.add_argument("--script", choices=get_args(Script), default="simplified")
    parser.add_argument("--punctuation", choices=get_args(Punctuation), default="keep")
    parser.add_argument("--consent", choices=get_args(ConsentName), default="probable")
    parser.add_argument("--skip", choices=[*map(str, Fault)], action="append", default=[])
    parser.add_argument("--charset", help="the declared charset of columns of bytes")
    asked = parser.parse_args(arguments)
    asked.field = asked.field or ["text"]
    return asked


def _names(names: str) -> list[str]:
    wanted = names.split(",")
    if unknown := [name for name in wanted if name not in ADDED]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {','.join(ADDED)}")
    return wanted


if __name__ == "__main__":
    main()
