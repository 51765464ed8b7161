"""Ray Data: the kernel as a callable for ``map_batches``. Needs ``pip install 'jiaokan[ray]'`` for Ray itself, which is
not imported here: what calls it has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from jiaokan.batch.documents import LONGEST, Added, Repairer
from jiaokan.batch.kernel import REJECTED, repair_batches
from jiaokan.pipeline import repair


class Repair:
    """Repairs the texts of a table, and says in ``jiaokan.rejected`` why a row stays as it was; null otherwise.

    ``ds.map_batches(Repair(column="text"), batch_format="pyarrow")`` repairs a data set. A worker process of Ray loads
    the tables with its first batch and keeps them.

    >>> Repair(with_=["faults"])(pa.table({"text": ["現(xiàn)代"]})).to_pylist()
    [{'text': '现代', 'jiaokan.faults': ['annotation', 'script'], 'jiaokan.rejected': None}]
    """

    def __init__(
        self,
        column: str | Sequence[str] = "text",
        *,
        with_: Sequence[Added] = (),
        charset: str | None = None,
        longest: int = LONGEST,
        **options: Any,
    ) -> None:
        """A repair of these columns, each of strings, of bytes in any charset, of lists of them, or the field of a
        struct by a path such as ``page.body``.

        Args:
            column: the column or columns that hold text.
            with_: what to tell of each document, in columns such as ``jiaokan.edits``.
            charset: the declared charset of bytes.
            longest: bytes that a document may have.
            options: as for ``jiaokan.repair``.

        Raises:
            TypeError, ValueError: an option is none, or has a value that is not listed.
        """
        repair("", **options)  # which looks at the options
        self.fields = (column,) if isinstance(column, str) else tuple(column)
        self.repairer = Repairer(options, charset, tuple(with_), longest)

    def __call__(self, table: pa.Table) -> pa.Table:
        """The rows with their texts repaired.

        Raises:
            InputError: there is no such column, or it holds no text.
        """
        batches = table.to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]
        return pa.Table.from_batches(repair_batches(batches, self.fields, self.repairer, reasons=REJECTED))
