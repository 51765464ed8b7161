"""The private-use tables, against what the standards say of single characters."""

from __future__ import annotations

import pytest

from jiaokan.faults.codepoints import find
from jiaokan.faults.codepoints.private import _of_hong_kong, _of_the_mainland
from jiaokan.lexicon.hanzi import is_han

CANTONESE = "佢喺度等咗好耐，"


def meant(text: str) -> list[tuple[str, str]]:
    return [(finding.edits[0].after, finding.consent.value) for finding in find(text)]


@pytest.mark.parametrize(
    ("private", "standard"),
    [("\ue5e5", "\u3000"), ("\ue7c7", "ḿ"), ("\ue816", "𠂇"), ("\ue81e", "龴"), ("\ue864", "龻"), ("\ue815", "⺁")],
)
def test_what_the_mainland_moved(private: str, standard: str) -> None:
    assert _of_the_mainland()[private] == standard


@pytest.mark.parametrize(
    ("private", "standard", "pair"),
    [
        ("\uecd4", "𨋢", b"\x9d\xf2"),
        ("\uecd0", "㗎", b"\x9d\xee"),
        ("\ue000", "𠕇", b"\xfa\x40"),
        ("\uf266", "䏰", b"\x87\x40"),
    ],
)
def test_what_hong_kong_moved(private: str, standard: str, pair: bytes) -> None:
    assert _of_hong_kong()[private] == standard
    assert pair.decode("big5hkscs") == standard or pair[0] == 0x87  # of 2008, which Python's codec has not


def test_the_tables_lead_from_private_use_to_characters() -> None:
    assert len(_of_the_mainland()) == 106
    assert len(_of_hong_kong()) == 4_662
    assert all("\ue000" <= private <= "\uf8ff" for private in (*_of_the_mainland(), *_of_hong_kong()))
    assert all(is_han(standard) for standard in _of_hong_kong().values())
    assert not any("\ue000" <= standard <= "\uf8ff" for standard in _of_the_mainland().values())


def test_cantonese_letters_speak_for_hong_kong() -> None:
    assert meant(f"{CANTONESE}坐\uecd4落去") == [("𨋢", "probable")]
    assert meant("他坐\uecd4下去") == []


def test_a_code_point_of_both_is_the_mainland_s_without_them() -> None:
    assert _of_hong_kong()["\ue81e"] != "龴"
    assert meant("罕用字\ue81e的") == [("龴", "probable")]
    assert meant(f"{CANTONESE}\ue81e的") == [(_of_hong_kong()["\ue81e"], "probable")]


def test_beside_a_blank_it_may_be_an_icon() -> None:
    assert meant("设置\ue81e 首页") == [("龴", "suggested")]
