"""Pages made by the forward model of ``bench/damage.py``: what a site with these replacements shows of a clean text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import damage

EVERY_MARK: Final = dict.fromkeys("，。！？；：", "\x05\x08")


def page(clean: str, entries: str = "", **options: Any) -> damage.Page:
    """The page and its truth. ``entries`` are characters with their readings, as in 現xiàn 數shù."""
    table = tuple((entry[0], entry[1:]) for entry in entries.split())
    return damage.damage(clean, damage.Site(table, **options))
