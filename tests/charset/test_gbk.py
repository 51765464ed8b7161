"""The arithmetic of pairs, on the bytes that the field guide works out by hand."""

from __future__ import annotations

import pytest

from jiaokan.charset.gbk import LEADS, TRAILS, decode, encode


@pytest.mark.parametrize(
    ("char", "pair"),
    [("數", 0x94B5), ("當", 0xAE94), ("地", 0xB5D8), ("發", 0xB06C), ("業", 0x9849), ("預", 0xEE41), ("款", 0xBFEE)],
)
def test_a_character_is_its_lead_and_trail_byte(char: str, pair: int) -> None:
    lead, trail = divmod(pair, 0x100)
    assert encode(char) == (lead, trail)
    assert decode(lead, trail) == char


@pytest.mark.parametrize(("left", "right", "hit"), [("當", "地", "數"), ("因", "為", "驗"), ("款", "A", "預")])
def test_a_hit_can_straddle_two_characters(left: str, right: str, hit: str) -> None:
    trail = encode(left)[1]  # type: ignore[index]
    lead = right.encode("gbk")[0]
    assert decode(trail, lead) == hit


def test_encoding_and_decoding_undo_each_other() -> None:
    known = [(lead, trail, char) for lead in LEADS for trail in TRAILS if (char := decode(lead, trail))]
    assert len(known) == 23_940
    assert all(encode(char) == (lead, trail) for lead, trail, char in known)


def test_pairs_agree_with_the_codec() -> None:
    for lead in LEADS:
        for trail in TRAILS:
            assert (decode(lead, trail) or "\ufffd") == bytes((lead, trail)).decode("gb18030", "replace")[:1]


@pytest.mark.parametrize("char", ["A", "(", "\n", "é" * 2, "", "\u3400", "\U00020000", "\udc80", "數據"])
def test_what_has_no_pair_is_none(char: str) -> None:
    assert encode(char) is None


@pytest.mark.parametrize(("lead", "trail"), [(0x94, 0x28), (0x80, 0x40), (0xFF, 0xA1), (0x94, 0x7F), (0x94, 0xFF)])
def test_what_is_no_pair_is_none(lead: int, trail: int) -> None:
    assert decode(lead, trail) is None


def test_a_private_use_character_of_the_web_has_a_pair() -> None:
    assert encode("\ue30a") == (0xFA, 0xBB)
