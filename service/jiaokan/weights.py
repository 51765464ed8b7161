"""The numbers that decide: thresholds, prices, widths and limits, each with what is known of it.

A number of the core that somebody chose, rather than one that a standard or an algorithm defines, is made by ``weight``
where it is used. The call is its record: the value, the unit, what it decides, how it was found, and a case that comes
out otherwise if it is moved. ``python -m bench numbers`` lists and counts them, ``python -m bench sweep`` moves each by
half and shows what changes. A number without a record does not pass the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeVar

Unit = Literal["log10", "log10 a character", "share", "confidence", "characters", "bytes", "count", "steps"]
"""``log10``: of a probability or of odds. ``share``: from 0 to 1, of something counted. ``confidence``: an estimated
probability that is shown to users. ``steps``: of a search. The others count what they say."""

ESTIMATE: Final = "estimate"

Number = TypeVar("Number", int, float)
Key = TypeVar("Key")


def weight(value: Number, unit: Unit, decides: str, evidence: str, *, pinned_by: str = "") -> Number:
    """The value, as it is.

    Args:
        value: the number.
        unit: what it counts.
        decides: what happens from this value on, or what the number is the price of.
        evidence: the measurement it rests on, with the command and the figure; or ``ESTIMATE``.
        pinned_by: the fixture (``folder/file: label``) or test (``path::name``) that fails if the value moves by half.

    >>> weight(6.0, "log10", "gain from which a line counts as garbled", "bench harm: 3 places in 41 million")
    6.0
    """
    return value


def weights(
    values: Mapping[Key, Number], unit: Unit, decides: str, evidence: str, *, pinned_by: str = ""
) -> Mapping[Key, Number]:
    """A table of numbers of one kind, as it is; arguments as for ``weight``.

    >>> weights({"kana": -0.3}, "log10", "price of a letter of another script", ESTIMATE)["kana"]
    -0.3
    """
    return values
