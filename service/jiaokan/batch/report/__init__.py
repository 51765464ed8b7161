"""The report of a run: what came in, what was found, what stays, for a person and for a machine.

``figures`` makes one dictionary of a census, with ``groups`` for what recurs; ``report.json`` is that dictionary.
``charts`` draws some of it, and ``page`` shows all of it: whatever stands in the page stands in the JSON too.
"""

from __future__ import annotations

from pathlib import Path

from jiaokan.batch.census import Census
from jiaokan.batch.files import write as write_whole
from jiaokan.batch.report.figures import Facts, figures
from jiaokan.records import to_json, to_utf8

__all__ = ["Facts", "write"]


def write(census: Census, facts: Facts, html: Path) -> None:
    """Write the report as a page that needs nothing beside it, and its figures as JSON under the same name.

    Args:
        census: what was seen, ``detailed``.
        facts: how the run went.
        html: where the page goes; its suffix becomes ``.json`` for the figures.

    Raises:
        OSError: one of the two could not be written.
        ValueError: the census has no details, or the page would have the name of the figures.
    """
    from jiaokan.batch.report.page import page  # it takes longer to load than a small run

    beside = html.with_suffix(".json")
    if beside == html:
        raise ValueError(f"{html} is the name of the figures; the page needs another, such as report.html")
    told = figures(census, facts)
    write_whole(beside, to_json(told) + b"\n")
    write_whole(html, to_utf8(page(told)))
