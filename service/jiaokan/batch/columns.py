"""Where the texts of an Arrow record batch stand, and the batch with other texts in their place.

Rules of this file: nothing is copied that does not change; it knows nothing of repair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from jiaokan.batch.pieces import InputError

Rows = npt.NDArray[np.int64]

_DOT: Final = re.compile(r"(?<!\\)\.")
_LISTS: Final = (pa.types.is_list, pa.types.is_large_list)
_TEXTS: Final = (
    *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
    *(pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view),
)
# What Arrow cannot replace single values of, and what it goes through instead.
_VIEWS: Final = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}


class Path(NamedTuple):
    """The way to a field: the number of its column, and the names of the fields of structs below it."""

    column: int
    steps: tuple[str, ...] = ()


class Texts(NamedTuple):
    """The texts of a field.

    Attributes:
        values: the texts: strings or bytes, some of them perhaps null.
        rows: the row of the batch that each stands in.
        listed: whether a row holds a list of them.
    """

    values: pa.Array
    rows: Rows
    listed: bool


def path_to(field: str, schema: pa.Schema) -> Path:
    """The way to a field: the column of that name or else, where the name has dots, the field of a struct. Lists on the
    way are gone through, whether ``[]`` behind a name says so or not.

    >>> schema = pa.schema({"id": pa.int64(), "page": pa.struct({"body": pa.string()})})
    >>> path_to("page.body", schema)
    Path(column=1, steps=('body',))

    Raises:
        InputError: there is no such column, or more than one.
    """
    columns = schema.get_all_field_indices(field)
    first, *steps = [field] if columns else [_name(step) for step in _DOT.split(field)]
    columns = columns or schema.get_all_field_indices(first)
    if len(columns) != 1:
        number = f"{len(columns)} columns" if columns else "no column"
        raise InputError(f"there is {number} {first!r}; the columns are {', '.join(schema.names)}")
    return Path(columns[0], tuple(steps))


def texts(batch: pa.RecordBatch, field: str) -> Texts:
    """The texts of a field, in the order of the rows.

    >>> found = texts(pa.record_batch({"tags": [["一", "二"], None, ["三"]]}), "tags")
    >>> found.values.to_pylist(), found.rows.tolist()
    (['一', '二', '三'], [0, 0, 2])

    Raises:
        InputError: there is no such field, or it holds no text.
    """
    column, steps = path_to(field, batch.schema)
    array, rows, listed = batch.column(column), np.arange(batch.num_rows), False
    while not is_text(array.type):
        if _is_list(array.type):
            rows, listed = np.repeat(rows, _lengths(array)), True
            array = array.flatten()
        else:
            number = _child(array.type, steps, field)
            array = array.flatten()[number]
            steps = steps[1:]
    if steps:
        raise InputError(f"{field!r} holds {array.type}: there is no {steps[0]!r} in it")
    return Texts(array, rows, listed)


def is_text(kind: pa.DataType) -> bool:
    """Whether values of this type are strings or bytes.

    >>> is_text(pa.large_string()), is_text(pa.dictionary(pa.int8(), pa.string())), is_text(pa.int8())
    (True, True, False)
    """
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(is_it(plain) for is_it in _TEXTS)


def replaced(values: pa.Array, changed: Mapping[int, bytes]) -> pa.Array:
    """The texts with others, in UTF-8, at some places; of the same type.

    >>> replaced(pa.array(["問", None, "答"]), {0: "问".encode()}).to_pylist()
    ['问', None, '答']
    """
    kind = values.type
    if not changed:
        return values
    if pa.types.is_dictionary(kind):
        return _encoded_anew(values, changed)
    if kind in _VIEWS:
        return replaced(values.cast(_VIEWS[kind]), changed).cast(kind)
    places = sorted(changed)
    mask = np.zeros(len(values), bool)
    mask[places] = True
    return pc.replace_with_mask(values, pa.array(mask), pa.array([changed[place] for place in places], kind))


def put(column: pa.Array, steps: Sequence[str], values: pa.Array) -> pa.Array:
    """The column with these texts in place of those that ``texts`` found there.

    >>> pages = pa.array([{"id": 1, "body": "問"}, None])
    >>> put(pages, ["body"], pa.array(["问", None])).to_pylist()
    [{'id': 1, 'body': '问'}, None]
    """
    kind = column.type
    if is_text(kind):
        return values
    if _is_list(kind):
        offsets = np.concatenate(([0], np.cumsum(_lengths(column))))
        whole = pa.LargeListArray if pa.types.is_large_list(kind) else pa.ListArray
        offsets = pa.array(offsets, pa.int64() if whole is pa.LargeListArray else pa.int32())
        return whole.from_arrays(offsets, put(column.flatten(), steps, values), type=kind, mask=column.is_null())
    children = column.flatten()
    number = kind.get_field_index(steps[0])
    children[number] = put(children[number], steps[1:], values)
    return pa.StructArray.from_arrays(children, fields=list(kind), mask=column.is_null())


def with_columns(batch: pa.RecordBatch, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """The batch with these columns: in place of those of the same name, or behind the others.

    >>> with_columns(pa.record_batch({"a": [1], "b": [2]}), {"a": pa.array(["x"]), "c": pa.array([3])}).to_pylist()
    [{'a': 'x', 'b': 2, 'c': 3}]
    """
    for name, values in columns.items():
        field, number = pa.field(name, values.type), batch.schema.get_field_index(name)
        batch = batch.set_column(number, field, values) if number >= 0 else batch.append_column(field, values)
    return batch


def _name(step: str) -> str:
    return step.removesuffix("[]").replace("\\.", ".")


def _is_list(kind: pa.DataType) -> bool:
    return any(is_it(kind) for is_it in _LISTS)


def _lengths(lists: pa.Array) -> Rows:
    """Of each list, how many values it has; null has none."""
    lengths: Rows = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    return lengths


def _child(kind: pa.DataType, steps: Sequence[str], field: str) -> int:
    """The number of the next field of a struct."""
    if not pa.types.is_struct(kind) or not steps:
        raise InputError(f"{field!r} holds {kind}, not text")
    number: int = kind.get_field_index(steps[0])
    if number < 0:
        names = ", ".join(each.name for each in kind)
        raise InputError(f"there is no {steps[0]!r} on the way to {field!r}; there are {names}")
    return number


def _encoded_anew(values: pa.Array, changed: Mapping[int, bytes]) -> pa.Array:
    """A dictionary array with other texts. Its indices suffice: like texts are repaired alike, so there are no more of
    them than there were."""
    encoded = replaced(values.dictionary_decode(), changed).dictionary_encode()
    indices = encoded.indices.cast(values.type.index_type)
    return pa.DictionaryArray.from_arrays(indices, encoded.dictionary, ordered=values.type.ordered)
