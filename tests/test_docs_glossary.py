"""The glossary has an entry for every word that the public face uses, and one entry for each word."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import jiaokan

PAGE = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = [
    term
    for line in PAGE.splitlines()
    if (head := re.match(r"(\*\*[^—]+) — |\| (\*\*[^|]+\*\*) \|", line))
    for term in re.findall(r"\*\*([^*]+)\*\*", head[0])
]
HOUSE = re.findall(
    r"\w+",
    """source text fault finding evidence consent edit span round sweep doubt plausibility gain mojibake transcode
    pair slip realign resync annotation reading script variant gap residue loss change""",
)


def test_no_word_has_two_entries() -> None:
    twice = {term for term, times in Counter(ENTRIES).items() if times > 1}
    assert twice <= {fault.value for fault in jiaokan.Fault}


@pytest.mark.parametrize("term", [*HOUSE, "lead byte", "trail byte"])
def test_every_word_of_the_house_has_an_entry(term: str) -> None:
    assert term in ENTRIES


@pytest.mark.parametrize("value", [*jiaokan.Fault, *(level.value for level in jiaokan.Consent)])
def test_every_fault_and_every_consent_has_an_entry(value: str) -> None:
    assert str(value) in ENTRIES


@pytest.mark.parametrize("name", jiaokan.__all__)
def test_every_public_name_is_listed_and_leads_to_an_entry(name: str) -> None:
    assert f"`{name}`" in PAGE.partition("## Public names")[2]
    assert name.lower() in ENTRIES


def test_words_in_bold_have_an_entry() -> None:
    known = {*ENTRIES, *(f"{entry}s" for entry in ENTRIES)}
    assert {term.lower() for term in re.findall(r"\*\*([^*]+)\*\*", PAGE)} - {"bold"} <= known
