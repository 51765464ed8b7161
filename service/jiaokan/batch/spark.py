"""Apache Spark: the kernel through ``mapInArrow``. Needs ``pip install 'jiaokan[spark]'`` and Java 17.

Rules of this file: what is here runs on the driver, but for ``_Mapper``, ``_Lines`` and what they call; a worker loads
the tables once, since Spark lets it do one task after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa  # type: ignore[import-untyped]
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's own examples have it
from pyspark.sql.pandas.types import from_arrow_type, to_arrow_schema
from pyspark.sql.types import LongType, StringType, StructField, StructType

from jiaokan.batch.census import Census
from jiaokan.batch.documents import LONGEST, Added, Reject, Repairer
from jiaokan.batch.formats import jsonl
from jiaokan.batch.kernel import REJECTED, added_names, repair_batches, slices
from jiaokan.batch.pieces import Piece, Shape
from jiaokan.pipeline import repair as repaired
from jiaokan.records import to_json
from jiaokan.report import Fault

if TYPE_CHECKING:
    from pyspark import Broadcast

_COUNTS: Final = "jiaokan.counts"
_TOTALS: Final = ("documents", "bytes", "repaired", "doubtful", "rejected")
# Every count of a census as a column can be called: edits by fault, doubts by fault.
_BY_FAULT: Final = {f"{kind}_{fault.value}": (kind, fault) for kind in ("edits", "doubts") for fault in Fault}
_NAMES: Final = (*_TOTALS, *_BY_FAULT)
_SHOWN: Final = 1000  # bytes of a rejected line


def repair(
    df: DataFrame,
    column: str | Sequence[str] = "text",
    *,
    with_: Sequence[Added] = (),
    observation: Observation | None = None,
    charset: str | None = None,
    longest: int = LONGEST,
    **options: Any,
) -> DataFrame:
    """The rows with their texts repaired, and ``jiaokan.rejected`` behind them: null, or why a row stays as it was.

    Names with a dot are written between backticks: ``df["`jiaokan.rejected`"]``.

    Args:
        df: rows with texts.
        column: the column or columns that hold text: strings, bytes in any charset, lists of them, or fields of structs
            by a path such as ``page.body``.
        with_: what to tell of each document, in columns such as ``jiaokan.edits``, an array of structs.
        observation: what counts while the rows are passing; ``counted`` reads it when they have.
        charset: the declared charset of bytes.
        longest: bytes that a document may have.
        options: as for ``jiaokan.repair``; they are broadcast.

    Raises:
        InputError: there is no such column, or it holds no text.
        TypeError, ValueError: an option is none, or has a value that is not listed.
    """
    fields = (column,) if isinstance(column, str) else tuple(column)
    repairer = _broadcast(df, with_, charset, longest, options)
    schema = _schema(df.schema, fields, with_)
    mapper = _Mapper(tuple(df.columns), fields, observation is not None, repairer)
    # Spark takes a dot in a name for the way into a struct, so the columns have numbers on their way to the workers.
    numbered = df.toDF(*(f"_{number}" for number in range(len(df.columns))))
    return _mapped(numbered, mapper, schema, observation)


def repair_lines(
    df: DataFrame,
    field: str | Sequence[str] = "text",
    *,
    with_: Sequence[Added] = (),
    observation: Observation | None = None,
    charset: str | None = None,
    longest: int = LONGEST,
    **options: Any,
) -> DataFrame:
    """Lines of JSON Lines with their texts repaired, byte for byte what ``jiaokan repair`` makes of them.

    ``df`` has the lines in its one column, as ``spark.read.text(path, lineSep="\\n")`` reads them; other arguments are
    as for ``repair``. The rows that come back have a column ``value``, and in ``kind`` they say whether that is a
    ``repaired`` line, or tells of one that was ``rejected``: an object of the reason and of the beginning of the line.

    Raises:
        TypeError, ValueError: as ``repair``.
    """
    fields = (field,) if isinstance(field, str) else tuple(field)
    repairer = _broadcast(df, with_, charset, longest, options)
    mapper = _Lines(("value",), fields, observation is not None, repairer)
    schema = StructType([StructField("value", StringType()), StructField("kind", StringType())])
    return _mapped(df.toDF("value"), mapper, schema, observation)


def counted(observation: Observation) -> Census:
    """What was counted while rows passed for the first time; it waits until they have.

    A stage that Spark had to run again, because a machine was lost, is counted as often as it ran.
    """
    seen = {name: number or 0 for name, number in observation.get.items()}
    census = Census()
    for name in _TOTALS:
        setattr(census, name, seen[name])
    for name, (kind, fault) in _BY_FAULT.items():
        if seen[name]:
            getattr(census, kind)[fault.value] = seen[name]
    return census


def _broadcast(
    df: DataFrame, wanted: Sequence[Added], charset: str | None, longest: int, options: Mapping[str, Any]
) -> Broadcast[_Settings]:
    """What every worker needs to know, once for all tasks."""
    repaired("", **options)  # which looks at the options
    return df.sparkSession.sparkContext.broadcast(_Settings(tuple(wanted), charset, longest, options))


def _mapped(df: DataFrame, mapper: _Mapper, schema: StructType, observation: Observation | None) -> DataFrame:
    """The rows as a worker makes them, counted in passing if that is asked for."""
    if observation is None:
        return df.mapInArrow(mapper, schema)
    counts = StructField(_COUNTS, StructType([StructField(name, LongType()) for name in _NAMES]))
    passing = df.mapInArrow(mapper, StructType([*schema, counts]))
    sums = (F.sum(F.col(f"`{_COUNTS}`").getField(name)).alias(name) for name in _NAMES)
    return passing.observe(observation, *sums).drop(_COUNTS)


def _schema(schema: StructType, fields: Sequence[str], wanted: Sequence[Added]) -> StructType:
    """What the rows are like when they are repaired: asked of the kernel, with no row."""
    none = pa.RecordBatch.from_pylist([], to_arrow_schema(schema))
    columns = list(schema.fields)
    (out,) = repair_batches([none], fields, Repairer(wanted=wanted), reasons=REJECTED)
    for name in (*added_names(fields, wanted), REJECTED):
        added = StructField(name, from_arrow_type(out.schema.field(name).type))
        if name in schema.names:
            columns[schema.names.index(name)] = added
        else:
            columns.append(added)
    return StructType(columns)


class _Settings(NamedTuple):
    """What makes a ``Repairer``."""

    wanted: tuple[Added, ...]
    charset: str | None
    longest: int
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Mapper:
    """What a worker does with the rows of a partition.

    Attributes:
        columns: their names.
        fields: those that hold text.
        counted: whether each batch has a census of its own, in its first row.
        settings: the same for all workers.
    """

    columns: tuple[str, ...]
    fields: tuple[str, ...]
    counted: bool
    settings: Broadcast[_Settings]

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The rows repaired."""
        census = Census()
        wanted, charset, longest, options = self.settings.value
        repairer = Repairer(
            options,
            charset,
            wanted,
            longest,
            noted=lambda *noted: census.add(*noted),  # which is another one for every batch
            rejected=lambda reject: census.reject(reject),
        )
        for batch in self.repaired((batch.rename_columns(list(self.columns)) for batch in batches), repairer):
            yield _with_counts(batch, census) if self.counted else batch
            census = Census()

    def repaired(self, batches: Iterable[pa.RecordBatch], repairer: Repairer) -> Iterator[pa.RecordBatch]:
        """The rows of the batches, repaired."""
        return repair_batches(batches, self.fields, repairer, reasons=REJECTED)


class _Lines(_Mapper):
    """What a worker does with the lines of a partition."""

    def repaired(self, batches: Iterable[pa.RecordBatch], repairer: Repairer) -> Iterator[pa.RecordBatch]:
        """The lines of the batches, repaired, and behind those of each batch what is told of the rejected ones."""
        for batch in chain.from_iterable(map(slices, batches)):
            lines = batch.column(0).cast(pa.binary()).to_pylist()
            good, refused = _rewritten(lines, Shape("-", self.fields), repairer)
            kinds = ["repaired"] * len(good) + ["rejected"] * len(refused)
            yield pa.record_batch({"value": pa.array([*good, *refused], pa.string()), "kind": kinds})


def _rewritten(lines: Sequence[bytes], shape: Shape, repairer: Repairer) -> tuple[list[bytes], list[bytes]]:
    """The lines repaired, through a file as any other input is, and what is told of those rejected."""
    refused: list[bytes] = []

    def rejected(reject: Reject) -> None:
        repairer.rejected(reject)
        beginning = numbered[reject.place.document - 1][:_SHOWN].decode("utf-8", "replace")
        refused.append(to_json({"reason": reject.reason, "line": beginning}))

    numbered = [line for line in lines if line.strip()]  # an empty line is no record
    with NamedTemporaryFile() as file:
        file.write(b"".join(line + b"\n" for line in lines))
        file.flush()
        target = BytesIO()
        piece = Piece(Path(file.name), 0, file.tell(), first=False)
        jsonl.rewrite(piece, target, shape, replace(repairer, rejected=rejected))
    return target.getvalue().split(b"\n")[:-1], refused


def _with_counts(batch: pa.RecordBatch, census: Census) -> pa.RecordBatch:
    """The batch with what it counted in its first row, where Spark adds it up."""
    counts = {name: getattr(census, kind)[fault.value] for name, (kind, fault) in _BY_FAULT.items()}
    counts |= {name: getattr(census, name) for name in _TOTALS}
    kind = pa.struct(dict.fromkeys(_NAMES, pa.int64()))
    return batch.append_column(_COUNTS, pa.array([counts, *[None] * batch.num_rows][: batch.num_rows], kind))
