"""Readings: what the quick ways of looking them up and finding them promise."""

from __future__ import annotations

from importlib import import_module

from hypothesis import given
from hypothesis import strategies as st

from jiaokan.lexicon.pinyin import _marks_in, _table, find_inserted_readings


def test_the_table_is_the_one_the_package_loads() -> None:
    package = import_module("pypinyin.pinyin_dict")
    assert {ord(char): listed for char, listed in _table().items()} == package.pinyin_dict


@given(st.text("現代絡當é?\ufffd (（)）luòshù.\n", max_size=24))
def test_marks_are_found_wherever_the_pattern_finds_them(text: str) -> None:
    assert find_inserted_readings(text) == list(_marks_in(text, 0, len(text)))
