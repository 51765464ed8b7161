"""The two ways of counting scripts, against each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jiaokan.lexicon import scripts
from jiaokan.lexicon.scripts import Scripts

LETTERS = "現现問题的一〇々，a\n\ud800\udfff㐂"


@given(st.text(LETTERS, max_size=12) | st.text(max_size=20))
def test_looking_up_counts_what_a_search_counts(text: str) -> None:
    looked_up = scripts._looked_up(text)
    beyond = any("\ud800" <= char <= "\udfff" or char > "\uffff" for char in text)
    assert looked_up == (None if beyond else scripts._searched(text))


def test_characters_of_two_code_units_are_counted() -> None:
    assert scripts.count_scripts("現𠀀𠮷") == Scripts(traditional=1, simplified=0, common=2)
