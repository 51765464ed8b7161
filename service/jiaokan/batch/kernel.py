"""The kernel for Arrow: a record batch in, a record batch out. Parquet, Arrow files, Spark and Ray stand on it.

Rules of this file: whatever is not the text asked for keeps its values, its type, its order and its metadata; a column
in which nothing changes is not copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]

from jiaokan.batch.columns import Path, Texts, path_to, put, replaced, texts, with_columns
from jiaokan.batch.documents import Added, Place, Reject, Repaired, Repairer, added_name, too_long
from jiaokan.records import to_utf8

_FILLS: Final = pa.list_(pa.struct({"text": pa.string(), "confidence": pa.float64()}))
_RECORD: Final = {
    **dict.fromkeys(("start", "end"), pa.int32()),
    **dict.fromkeys(("before", "after", "fault", "consent"), pa.string()),
    "confidence": pa.float64(),
    "evidence": pa.string(),
}
# How what is told of a document is kept in a column.
TYPES: Final[Mapping[Added, pa.DataType]] = {
    "charset": pa.string(),
    "faults": pa.list_(pa.string()),
    "edits": pa.list_(pa.struct(_RECORD)),
    "doubts": pa.list_(pa.struct({**_RECORD, "fills": _FILLS})),
    "chars_changed": pa.int64(),
}

# Why a row was rejected, where rows cannot go to a file of their own.
REJECTED: Final = "jiaokan.rejected"
# Bytes of the rows that are repaired together, about: what is told of them takes up to fifty times as much.
_TOGETHER: Final = 1 << 20


def repair_batches(
    batches: Iterable[pa.RecordBatch], fields: Sequence[str], repairer: Repairer, *, reasons: str | None = None
) -> Iterator[pa.RecordBatch]:
    """The batches repaired like one by ``repair_batch``, and slice by slice, so that memory stays bounded.

    >>> batch = pa.record_batch({"text": ["問題", "你好"]})
    >>> [each.to_pydict() for each in repair_batches([batch], ["text"], Repairer())]
    [{'text': ['问题', '你好']}]

    Raises:
        InputError: as ``repair_batch``.
    """
    before = 0
    for batch in batches:
        for part in slices(batch):
            yield repair_batch(part, fields, repairer, before=before, reasons=reasons)
            before += part.num_rows


def slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in slices of about 1 MB; one without rows as it is.

    >>> [part.num_rows for part in slices(pa.record_batch({"text": ["你好" * 300_000] * 2}))]
    [1, 1]
    """
    rows = max(1, batch.num_rows * _TOGETHER // max(1, batch.nbytes))
    for start in range(0, batch.num_rows, rows) or [0]:
        yield batch.slice(start, rows)


def repair_batch(
    batch: pa.RecordBatch,
    fields: Sequence[str],
    repairer: Repairer,
    *,
    name: str = "-",
    before: int = 0,
    reasons: str | None = None,
) -> pa.RecordBatch:
    """The batch with the texts of some fields repaired; the very batch if there is nothing to change or to add.

    A text that is null stays null. Texts in a column of bytes may be in any charset, and come out in UTF-8. What is
    wanted of each document is added under ``added_name``; of a list of documents, as a list.

    Args:
        batch: the records.
        fields: the fields that hold text (strings, bytes, lists or dictionaries of them): the names of columns or, into
            structs, paths such as ``page.body``.
        repairer: what repairs.
        name: what the input is called.
        before: records of the piece that came before.
        reasons: a column for the reasons why rows are rejected; such rows then stay as they are. Without it they are
            left out.

    >>> batch = pa.record_batch({"id": [1, 2], "text": ["問題", "你好"]})
    >>> repair_batch(batch, ["text"], Repairer(wanted=["chars_changed"])).to_pylist()
    [{'id': 1, 'text': '问题', 'jiaokan.chars_changed': 2}, {'id': 2, 'text': '你好', 'jiaokan.chars_changed': 0}]

    Raises:
        InputError: there is no such field, or it holds no text.
    """
    found = [_Field(each, path_to(each, batch.schema), texts(batch, each)) for each in fields]
    why: dict[int, str] = {}
    for each in found:
        each.repair(repairer, _Places(name, before, len(found) > 1), why)
    out = with_columns(_rewritten(batch, found, why), dict(_added(found, batch.num_rows, repairer.wanted, why)))
    if reasons is not None:
        return with_columns(out, {reasons: pa.array([why.get(row) for row in range(out.num_rows)], pa.string())})
    return _without(out, sorted(why)) if why else out


def _without(batch: pa.RecordBatch, rows: Sequence[int]) -> pa.RecordBatch:
    """The batch without some rows. It is not filtered, since Arrow cannot filter strings that are views."""
    starts, ends = [0, *(row + 1 for row in rows)], [*rows, batch.num_rows]
    return pa.concat_batches([batch.slice(start, end - start) for start, end in zip(starts, ends, strict=True)])


def added_names(fields: Sequence[str], wanted: Sequence[Added]) -> list[str]:
    """All columns that are added for these fields.

    >>> added_names(["text", "title"], ["charset"])
    ['jiaokan.text.charset', 'jiaokan.title.charset']
    """
    return [added_name(name, each if len(fields) > 1 else None) for each in fields for name in wanted]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the records of a batch stand."""

    name: str
    before: int
    several: bool

    def of(self, row: int, field: str, listed: bool) -> Place:
        return Place(self.name, self.before + row + 1, field if self.several or listed else None)


@dataclass(slots=True)
class _Field:
    """A field of a batch: its texts, what is changed of them, and what is told of them."""

    name: str
    path: Path
    texts: Texts
    changed: dict[int, bytes] = field(default_factory=dict)
    told: dict[int, Mapping[Added, Any]] = field(default_factory=dict)

    def repair(self, repairer: Repairer, places: _Places, why: dict[int, str]) -> None:
        """Repair the texts of all rows but those rejected before; say of those now rejected why."""

        def rejected(reject: Reject) -> None:
            why[row] = f"{self.name}: {reject.reason}" if places.several else reject.reason
            repairer.rejected(reject)

        repairing = replace(repairer, rejected=rejected)
        for number, row in enumerate(self.texts.rows.tolist()):
            scalar = self.texts.values[number]
            if scalar.is_valid and row not in why:
                place = places.of(row, self.name, self.texts.listed)
                text, repaired = _repaired(scalar, repairing, place)
                if repaired is not None:
                    self.told[number] = repaired.added
                    if repaired.text is not text and (raw := to_utf8(repaired.text)) != text:
                        self.changed[number] = raw


def _repaired(scalar: Any, repairer: Repairer, place: Place) -> tuple[str | bytes | None, Repaired | None]:
    """A text, and what it becomes. One that is too long is not even taken out of the batch."""
    scalar = scalar.value if isinstance(scalar, pa.DictionaryScalar) else scalar
    size = scalar.as_buffer().size
    if size > repairer.longest:
        repairer.rejected(Reject(place, too_long(size, repairer.longest)))
        return None, None
    text: str | bytes
    try:
        text = scalar.as_py()
    except UnicodeDecodeError:  # a string that is not UTF-8, as not every writer looks
        text = scalar.as_buffer().to_pybytes()
    return text, repairer.repair(text, place)


def _rewritten(batch: pa.RecordBatch, found: Sequence[_Field], why: Mapping[int, str]) -> pa.RecordBatch:
    """The batch with the repaired texts of the rows that are not rejected."""
    for each in found:
        rows = each.texts.rows
        changed = {number: raw for number, raw in each.changed.items() if rows[number] not in why}
        if changed:
            number = each.path.column
            column = put(batch.column(number), each.path.steps, replaced(each.texts.values, changed))
            batch = batch.set_column(number, batch.schema.field(number), column)
    return batch


def _added(
    found: Sequence[_Field], rows: int, wanted: Sequence[Added], why: Mapping[int, str]
) -> Iterator[tuple[str, pa.Array]]:
    """The columns of what is told of the documents: null for a row that is rejected or has none."""
    for each in found:
        for name in wanted:
            values: list[Any] = [None] * rows
            for number, row in enumerate(each.texts.rows.tolist() if each.told else ()):
                if row in why:
                    continue
                told = each.told.get(number, {}).get(name)
                values[row] = [*(values[row] or ()), told] if each.texts.listed else told
            kind = pa.list_(TYPES[name]) if each.texts.listed else TYPES[name]
            yield added_name(name, each.name if len(found) > 1 else None), _array(values, kind)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # a lone surrogate, which UTF-8 cannot hold
        return pa.array(_without_surrogates(values), kind)


def _without_surrogates(value: Any) -> Any:
    """The value with U+FFFD for each lone surrogate."""
    match value:
        case str():
            return to_utf8(value).decode()
        case list():
            return [*map(_without_surrogates, value)]
        case dict():
            return {key: _without_surrogates(each) for key, each in value.items()}
    return value
