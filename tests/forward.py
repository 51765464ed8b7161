"""Pages made by ``bench.forward.damage``: what a site with these replacements shows of a clean text."""

from __future__ import annotations

from typing import Any, Final

from bench.forward import damage

EVERY_MARK: Final = dict.fromkeys("，。！？；：", "\x05\x08")


def page(clean: str, entries: str = "", **options: Any) -> damage.Page:
    """The page and its truth. ``entries`` are characters with their readings, as in 現xiàn 數shù."""
    table = tuple((entry[0], entry[1:]) for entry in entries.split())
    return damage.damage(clean, damage.Site(table, **options))
