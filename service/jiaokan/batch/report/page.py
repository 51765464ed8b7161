"""The report as a page: one file without scripts that asks for nothing, in the colours of the reader's system.

Rules of this file: the page says nothing that is not in the figures; whatever came out of a document is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from jiaokan.batch.census.excerpts import RESIDUE
from jiaokan.batch.report import charts
from jiaokan.batch.report.figures import CONSENTS, LETTERS, SCRIPTS

# What the figures call it, and what a reader does.
_SCRIPT_NAMES: Final = {
    "simplified": "simplified",
    "traditional": "traditional",
    "mixed": "both scripts",
    "either": "either: nothing tells",
    "none": "no Han characters",
    "common": "the same in both",
}
# What a line of a page cannot show as itself.
_SHOWN_AS: Final = {"\n": "⏎", "\r": "␍", "\t": "⇥", " ": "␣", "\u3000": "␣"}
_BLANKS: Final = "".join(_SHOWN_AS)
# Variation selectors, which Python counts among what can be printed.
_SELECTS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_STEP: Final = 1024
_UNITS: Final = ("B", "KB", "MB", "GB", "TB")
_MINUTE, _HOUR = 60, 3600
# Bars of a histogram at most, each as wide as its label.
_MOST_CLASSES: Final = 9
# A share below this would be shown as 0 %.
_LEAST_SHARE: Final = 0.0005


def page(told: Mapping[str, Any]) -> str:
    """The page that shows these figures."""
    return _environment().get_template("page.html").render(told=told, charts=_charts(told))


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("jiaokan.batch", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=number, size=size, share=share, duration=duration, seen=seen, blanks=blanks)
    environment.globals.update(residue=RESIDUE, place=place, used=used)
    return environment


def _charts(told: Mapping[str, Any]) -> dict[str, Markup]:
    """The drawings by name; none for what has no figures."""
    faults = [fault["fault"] for fault in told["faults"]]
    series = {
        "edits": {consent: [fault["edits"][consent] for fault in told["faults"]] for consent in CONSENTS},
        "doubts": {kind: [fault["doubts"][kind] for fault in told["faults"]] for kind in (*CONSENTS, RESIDUE)},
    }
    drawn = {
        "charsets": charts.bars("Documents by charset", {row["charset"]: row["documents"] for row in told["charsets"]}),
        "scripts": charts.bars(
            "Documents by script", {_SCRIPT_NAMES[name]: told["scripts"][name] for name in SCRIPTS}, SCRIPTS
        ),
        "letters": charts.bars(
            "Han characters by script", {_SCRIPT_NAMES[name]: told["letters"][name] for name in LETTERS}, LETTERS
        ),
        "sizes": charts.histogram("Documents by size", _classes(told["sizes"], size)),
        "changes": charts.histogram("Documents by number of changes", _classes(told["changes"], number)),
        "edits": charts.stacked("Changes by fault and consent", faults, series["edits"]),
        "doubts": charts.stacked("Doubts by fault and consent", faults, series["doubts"]),
    }
    return {name: Markup(drawing) for name, drawing in drawn.items()}


def _classes(rows: Sequence[Mapping[str, int]], name: Callable[[int], str]) -> dict[str, int]:
    """The classes of a histogram by where they start, neighbours together if they are too many for a drawing.

    >>> _classes([{"from": 1 << bit, "documents": 1} for bit in range(4)], str)
    {'1': 1, '2': 1, '4': 1, '8': 1}
    """
    together = -(-len(rows) // _MOST_CLASSES) or 1
    return {
        name(rows[first]["from"]): sum(row["documents"] for row in rows[first : first + together])
        for first in range(0, len(rows), together)
    }


def used(faults: Sequence[Mapping[str, Any]], what: str) -> list[str]:
    """The kinds of edits or doubts that there are, the surest first; the first kind at least."""
    kinds = [kind for kind in faults[0][what] if any(fault[what][kind] for fault in faults)]
    return kinds or [*faults[0][what]][:1]


def number(value: float) -> str:
    """A number for reading.

    >>> number(12034), number(177.7), number(2.25)
    ('12,034', '178', '2.2')
    """
    return f"{value:,.0f}" if isinstance(value, int) or value >= 100 else f"{value:,.1f}"


def size(count: float) -> str:
    """Bytes for reading.

    >>> size(512), size(1536), size(200 * 1024 * 1024)
    ('512 B', '1.5 KB', '200 MB')
    """
    unit = 0
    while count >= _STEP and unit < len(_UNITS) - 1:
        count /= _STEP
        unit += 1
    shown = f"{count:.1f}".removesuffix(".0") if count < 100 else f"{count:.0f}"
    return f"{shown} {_UNITS[unit]}"


def share(value: float) -> str:
    """A part of the whole for reading.

    >>> share(0.1234), share(0.00001), share(0)
    ('12.3 %', '< 0.1 %', '0 %')
    """
    if 0 < value < _LEAST_SHARE:
        return "< 0.1 %"
    return f"{value:.1%}".replace("%", " %").replace(".0 ", " ")


def duration(seconds: float) -> str:
    """A time for reading.

    >>> duration(3.21), duration(75), duration(7260)
    ('3.2 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{int(seconds) // _MINUTE} min {int(seconds) % _MINUTE} s"
    return f"{int(seconds) // _HOUR} h {int(seconds) % _HOUR // _MINUTE} min"


def seen(text: str) -> Markup:
    """The text with line breaks and what cannot be seen spelt out, escaped.

    >>> print(seen("<a>\\n\\u200b"))
    &lt;a&gt;<span class="unseen">⏎</span><span class="unseen">U+200B</span>
    """
    if text.isprintable() and not _SELECTS.search(text):  # as nearly everything is
        return escape(text)
    return Markup("").join(
        char
        if char.isprintable() and not _SELECTS.match(char)
        else _unseen(_SHOWN_AS.get(char) or f"U+{ord(char):04X}")
        for char in text
    )


def blanks(text: str) -> Markup:
    """The same, with blanks at either end spelt out as well.

    >>> print(blanks(" a b"))
    <span class="unseen">␣</span>a b
    """
    inner = text.strip(_BLANKS)
    first = text.find(inner) if inner else len(text)
    ends = text[:first], text[first + len(inner) :]
    before, after = (Markup("").join(map(_unseen, map(_SHOWN_AS.__getitem__, end))) for end in ends)
    return before + seen(inner) + after


def _unseen(name: str) -> Markup:
    return Markup('<span class="unseen">{}</span>').format(name)


def place(where: Mapping[str, Any], at: int | None = None) -> str:
    """A place in words.

    >>> place({"path": "in.jsonl", "document": 3, "field": "body", "name": None}, 120)
    'in.jsonl, document 3, body, character 121'
    """
    parts: Sequence[str | None] = (
        where["path"],
        f"document {where['document']:,}" if where["document"] else None,
        where["field"],
        where["name"],
        None if at is None else f"character {at + 1:,}",
    )
    return ", ".join(part for part in parts if part)
