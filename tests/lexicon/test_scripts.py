"""The two ways of counting scripts, against each other."""

from __future__ import annotations

from jiaokan.lexicon import scripts
from jiaokan.lexicon.scripts import Scripts

LETTERS = "現现問题的一〇々，a\n\ud800\udfff㐂"


def test_characters_of_two_code_units_are_counted() -> None:
    assert scripts.count_scripts("現𠀀𠮷") == Scripts(traditional=1, simplified=0, common=2)
