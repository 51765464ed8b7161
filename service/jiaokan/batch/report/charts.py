"""The charts of a report: pygal draws them, as SVG without scripts that takes its colours and type from the page.

Rules of this file: labels are ours, never text from a document; each chart is one image to a screen reader, and the
page has its figures in words or in a table.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

import pygal  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

# To import pygal puts a finder of maps into every later import, one that Python calls legacy and warns of.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

# Width in units of the drawing; a page shows it at about as many pixels, on a telephone at three quarters.
WIDTH: Final = 440
# Height of a bar with the room around it, and of an axis with its labels.
_BAR: Final = 30
_UPRIGHT: Final = 190
# Type in the same units: page.css has it as well, for pygal measures labels by it.
_TYPE: Final = 13
_DIGIT: Final = 8  # about, of most fonts
_STYLE: Final = Style(label_font_size=_TYPE, major_label_font_size=_TYPE, value_font_size=_TYPE)
# From here on a histogram counts in thousands.
_THOUSANDS: Final = 10_000
# What pygal writes for a page of its own, or for its scripts.
_LEFT_OUT: Final = ("defs", "title", "desc")
_CLASSES_LEFT_OUT: Final = ("tooltip-overlay", "background", "legends", "overlay")


def bars(title: str, counts: Mapping[str, int], marks: Sequence[str] = ()) -> str:
    """One bar beside the other, each with its number; ``marks`` are classes for their colours.

    >>> "<script" in bars("Charsets", {"gb18030": 3}), 'aria-label="Charsets"' in bars("Charsets", {"gb18030": 3})
    (False, True)
    """
    names, numbers = [*counts][::-1], [*counts.values()][::-1]
    chart = _chart(pygal.HorizontalBar, _BAR * len(names), print_values=True, print_values_position="top")
    chart.x_labels = names
    chart.show_x_labels = False
    longest = max(numbers, default=0)
    plot = WIDTH - _DIGIT * (max(map(len, names), default=0) + 2)
    chart.range = (0, longest * plot / (plot - _DIGIT * (len(_whole(longest)) + 1)) or 1)  # with room for its number
    chart.add("", numbers)
    return _drawn(chart, title, marks[::-1])


def histogram(title: str, counts: Mapping[str, int]) -> str:
    """Upright bars, one for each class."""
    chart = _chart(pygal.Bar, _UPRIGHT, print_values=True, print_values_position="top", formatter=_short)
    chart.x_labels = [*counts]
    chart.show_y_labels = False
    chart.range = (0, max(counts.values(), default=0) * 1.15 or 1)
    chart.add("", [*counts.values()])
    return _drawn(chart, title)


def stacked(title: str, rows: Sequence[str], series: Mapping[str, Sequence[int]]) -> str:
    """A bar for each row, put together of the series; the page names their colours, ``color-0`` on."""
    chart = _chart(pygal.HorizontalStackedBar, _BAR * len(rows))
    chart.x_labels = [*rows][::-1]
    chart.show_x_labels = False
    for name, numbers in series.items():
        chart.add(name, [*numbers][::-1])
    return _drawn(chart, title)


def _chart(kind: Any, height: int, **options: Any) -> Any:
    return kind(
        width=WIDTH,
        height=height,
        style=_STYLE,
        css=[],
        js=[],
        margin=6,
        spacing=0,
        rounded_bars=2,
        show_legend=False,
        show_x_guides=False,
        show_y_guides=False,
        disable_xml_declaration=True,
        print_zeroes=False,
        **{"formatter": _whole, **options},
    )


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _short(number: float) -> str:
    """A count in the width of a bar, which is that of five digits.

    >>> _short(9999), _short(12034), _short(1234567), _short(300e6)
    ('9,999', '12k', '1.2M', '300M')
    """
    if number < _THOUSANDS:
        return _whole(number)
    for unit, name in ((1e9, "G"), (1e6, "M")):
        if number >= unit:
            return f"{number / unit:.{0 if number >= 10 * unit else 1}f}{name}"
    return f"{number / 1e3:.0f}k"


def _drawn(chart: Any, title: str, marks: Sequence[str] = ()) -> str:
    """The chart as an element of a page."""

    def as_image(root: Element) -> Element:
        _strip(root)
        frame = root.get("viewBox", "")
        root.attrib.clear()  # pygal draws with lxml where that is installed, whose attributes cannot be assigned
        root.attrib.update({"viewBox": frame, "class": "chart", "role": "img", "aria-label": title})
        of_bars = [each for each in root.iter() if each.get("class") == "bar"]
        for bar, mark in zip(of_bars, marks, strict=False):
            bar.set("class", f"bar {mark}")
        return root

    chart.add_xml_filter(as_image)
    return str(chart.render(is_unicode=True))


def _strip(element: Element) -> None:
    """Leave out what an image in a page has no use for, comments among it."""
    for child in list(element):
        if isinstance(child.tag, str) and not _is_left_out(child):
            _strip(child)
        else:
            element.remove(child)


def _is_left_out(element: Element) -> bool:
    name = element.tag.rpartition("}")[2]
    return name in _LEFT_OUT or not set(element.get("class", "").split()).isdisjoint(_CLASSES_LEFT_OUT)
