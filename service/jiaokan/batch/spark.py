"""Apache Spark: the kernel through ``mapInArrow``. Needs ``pip install 'jiaokan[spark]'`` and Java 17.

Rules of this file: what is here runs on the driver, but for ``_Mapper``; a worker loads the tables once, since Spark
lets it do one task after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's own examples have it
from pyspark.sql.pandas.types import from_arrow_type, to_arrow_schema
from pyspark.sql.types import LongType, StructField, StructType

from jiaokan.batch.census import Census
from jiaokan.batch.documents import LONGEST, Added, Repairer
from jiaokan.batch.kernel import REJECTED, added_names, repair_batches
from jiaokan.report import Fault
from jiaokan.rounds import repair as repaired

if TYPE_CHECKING:
    from pyspark import Broadcast

_COUNTS: Final = "jiaokan.counts"
_TOTALS: Final = ("documents", "bytes", "repaired", "doubtful")
# Every count of a census as a column can be called: edits by fault, doubts by fault.
_BY_FAULT: Final = {f"{kind}_{fault.value}": (kind, fault) for kind in ("edits", "doubts") for fault in Fault}


def repair(
    df: DataFrame,
    column: str | Sequence[str] = "text",
    *,
    with_: Sequence[Added] = (),
    observation: Observation | None = None,
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
        longest: bytes that a document may have.
        options: as for ``jiaokan.repair``; they are broadcast.

    Raises:
        InputError: there is no such column, or it holds no text.
        TypeError, ValueError: an option is none, or has a value that is not listed.
    """
    repaired("", **options)  # which looks at the options
    fields = (column,) if isinstance(column, str) else tuple(column)
    schema = _schema(df.schema, fields, with_)
    counted = observation is not None
    sent = df.sparkSession.sparkContext.broadcast(dict(options))
    mapper = _Mapper(tuple(df.columns), fields, tuple(with_), longest, counted, sent)
    # Spark takes a dot in a name for the way into a struct, so the columns have numbers on their way to the workers.
    numbered = df.toDF(*(f"_{number}" for number in range(len(df.columns))))
    if observation is None:
        return numbered.mapInArrow(mapper, schema)
    counts = StructType([StructField(name, LongType()) for name in (*_TOTALS, *_BY_FAULT)])
    passing = numbered.mapInArrow(mapper, StructType([*schema, StructField(_COUNTS, counts)]))
    return passing.observe(observation, *_aggregates()).drop(_COUNTS)


def counted(observation: Observation) -> Census:
    """What was counted while rows passed for the first time; it waits until they have.

    A stage that Spark had to run again, because a machine was lost, is counted as often as it ran.
    """
    seen = {name: number or 0 for name, number in observation.get.items()}
    census = Census(**{name: seen[name] for name in _TOTALS}, rejected=seen["rejected"])
    for name, (kind, fault) in _BY_FAULT.items():
        if seen[name]:
            getattr(census, kind)[fault.value] = seen[name]
    return census


def _aggregates() -> Iterator[Any]:
    yield F.count(F.col(f"`{REJECTED}`")).alias("rejected")
    for name in (*_TOTALS, *_BY_FAULT):
        yield F.sum(F.col(f"`{_COUNTS}`").getField(name)).alias(name)


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


@dataclass(frozen=True, slots=True)
class _Mapper:
    """What a worker does with the rows of a partition.

    Attributes:
        columns: their names.
        counted: whether each batch has a census of its own, in its first row.
    """

    columns: tuple[str, ...]
    fields: tuple[str, ...]
    wanted: tuple[Added, ...]
    longest: int
    counted: bool
    options: Broadcast[Mapping[str, Any]]

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The rows repaired."""
        census = Census()
        repairer = Repairer(self.options.value, wanted=self.wanted, longest=self.longest)
        if self.counted:
            repairer = replace(repairer, noted=lambda *noted: census.add(*noted))
        named = (batch.rename_columns(list(self.columns)) for batch in batches)
        for batch in repair_batches(named, self.fields, repairer, reasons=REJECTED):
            yield _with_counts(batch, census) if self.counted else batch
            census = Census()


def _with_counts(batch: pa.RecordBatch, census: Census) -> pa.RecordBatch:
    by_fault = {name: getattr(census, kind)[fault.value] for name, (kind, fault) in _BY_FAULT.items()}
    counts = {**{name: getattr(census, name) for name in _TOTALS}, **by_fault}
    kind = pa.struct(dict.fromkeys(counts, pa.int64()))
    return batch.append_column(_COUNTS, pa.array([counts, *[None] * batch.num_rows][: batch.num_rows], kind))
