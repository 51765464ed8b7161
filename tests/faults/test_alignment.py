"""The search for what bytes can have been: what bounds it, and what a page shows of its history."""

from __future__ import annotations

import pytest

from jiaokan import Consent
from jiaokan.faults import alignment
from jiaokan.faults.alignment.channel import Budget, spell, stripped
from jiaokan.faults.alignment.search import realign
from jiaokan.faults.alignment.traces import Page

CUT = "及貸當?shù)厣祥T催收的流程"


@pytest.mark.parametrize("unit", ["當?shù)", "當?shù)厣祥T", "??焖俚馁J款", "\ufffd", "好?。"])
def test_a_text_of_nothing_but_cuts_costs_a_bounded_effort(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Budget] = []

    def counted(left: int) -> Budget:
        made.append(Budget(left))
        return made[-1]

    monkeypatch.setattr(alignment, "Budget", counted)
    alignment.find(unit * 300)
    one_place = 60_000  # the search looks at its purse after each place of the page, not after each hypothesis
    assert all(effort.left > -one_place for effort in made)
    assert made


def test_without_effort_nothing_is_restored_and_the_cut_is_reported() -> None:
    page = Page.read(CUT)
    assert realign(page, CUT.index("?"), Budget(0)) is None
    assert realign(page, CUT.index("?"), Budget(10_000)) is not None


def test_a_cut_that_cannot_be_restored_is_reported_where_it_is() -> None:
    [finding] = alignment.find("朋友?shù)◎✿")
    assert finding.consent is Consent.SUGGESTED
    assert finding.edits[0].before == finding.edits[0].after == "?shù)"


@pytest.mark.parametrize(
    ("text", "folded"), [("当然,好", True), ("当然，好", False), ("当然、好", None), ("当然，好,是", False)]
)
def test_a_page_shows_whether_it_was_folded(text: str, folded: bool | None) -> None:
    assert Page.read(text).folded is folded


def test_a_page_shows_whether_a_lost_byte_swallowed_the_next() -> None:
    assert Page.read("當?shù)厣祥T").swallows
    assert not Page.read("當?(shù)厣祥T").swallows


def test_readings_are_left_out_of_what_stands_before_a_cut() -> None:
    text = "恰當(dāng)?shù)恼Z言"
    page = Page.read(text)
    assert page.shown(text.index("?"), 6) == "恰當"
    assert page.tails(text.index("?")) == [(0xAE, 0x94)]


def test_bytes_spell_what_gbk_says() -> None:
    assert list(spell((0xB5,), (0xD8,))) == [("地", (), (0xB5, 0xD8))]
    assert list(spell((), (0x41, 0xB5))) == [("A", (0xB5,), (0x41,))]
    assert {text for text, _, _ in spell((0xB5,), (None,))} >= {"地", "的", "等"}


def test_what_stood_before_a_stripped_pair_ends_in_a_lead_byte_of_the_user_defined_rows() -> None:
    before = dict(stripped((0xD2,)))
    assert 0xB0 in before["引"]  # 引發 = D2 FD B0 6C
    for char, seconds in before.items():
        _, first = char.encode("gb18030")
        assert all("\ue000" <= bytes((first, second)).decode("gb18030") <= "\uf8ff" for second in seconds)
