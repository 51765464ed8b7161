"""Tab-separated values, quoted as Excel and pandas do it, so that a cell may hold line breaks: ``csv`` with tabs."""

from __future__ import annotations

from typing import Final

from jiaokan.batch.formats.cells import Delimited
from jiaokan.batch.formats.csv import Table

_TABLE: Final = Table(Delimited("\t"))
pieces, cut, rewrite = _TABLE.pieces, _TABLE.cut, _TABLE.rewrite
