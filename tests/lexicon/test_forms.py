"""Forms of characters: the tables say what they claim, and the shipped words are those on record."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import jiaokan.lexicon
from jiaokan.lexicon.scripts import count_scripts, simplified_alone, traditional_alone
from jiaokan.lexicon.variants import (
    ambiguous_forms,
    convert,
    japanese_forms,
    simplify,
    to_simplified,
    valid_in_simplified,
)
from jiaokan.lexicon.wordlists import REGIONAL_FILE, mainland_words, regional_words

# What ``t2s`` has no form for once ``jp2t`` made it traditional.
WITHOUT_FORM = set("挙渋郷鉱闘")


def in_gb2312(char: str) -> bool:
    return char.encode("gb2312", "ignore") != b""


def test_what_stands_for_a_variant_is_simplified_and_the_variant_is_not() -> None:
    own = {char: form for char, form in to_simplified().items() if simplify(char) == char}
    assert len(own) == 234
    assert all(in_gb2312(form) and simplify(form) == form for form in own.values())
    assert not any(map(in_gb2312, own))


def test_japanese_forms_agree_with_opencc() -> None:
    forms = japanese_forms()
    assert len(forms) == 191
    differing = {char for char, form in forms.items() if simplify(convert(char, "jp2t")) != form}
    assert differing == WITHOUT_FORM
    assert forms.keys().isdisjoint(to_simplified())
    assert not any(map(in_gb2312, forms))


def test_a_choice_has_two_different_forms() -> None:
    assert all(len(set(forms)) == 2 for forms in ambiguous_forms().values())


def test_no_character_is_of_both_scripts_alone() -> None:
    assert traditional_alone().isdisjoint(simplified_alone())
    assert traditional_alone().isdisjoint(valid_in_simplified())
    assert {*"现说会"} < simplified_alone()
    assert simplified_alone().isdisjoint("后里面只系台松著乾你好")


def test_foreign_passages_count_for_neither_script() -> None:
    assert count_scripts("「東京へようこそ」现在") == (0, 1, 1)
    assert count_scripts("") == (0, 0, 0)
    assert count_scripts("").share == 0.5


def test_the_shipped_words_are_those_on_record() -> None:
    sources = Path(jiaokan.lexicon.__file__).with_name("SOURCES.md").read_text("utf-8")
    (digest,) = re.findall(r"`data/regional\.words`, sha256 ([0-9a-f]{64})", sources)
    assert hashlib.sha256(REGIONAL_FILE.read_bytes()).hexdigest() == digest


def test_words_are_simplified_on_both_sides_and_the_longest_is_found() -> None:
    words = mainland_words()
    assert len(words) == 864
    assert all(convert(each, "t2s") == each for pair in words.items() for each in pair)
    assert regional_words().findall("软体动物和软体") == ["软体动物", "软体"]
