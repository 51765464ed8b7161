"""Many texts at once have the scores they have one by one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.lexicon import START, batch
from jiaokan.lexicon.batch import scores
from jiaokan.lexicon.variants import convert, simplified_forms

TEXTS = (
    "随着消费信贷的普及，催收问题也日益凸显。",
    "隨著消費信貸的普及，催收問題也日益凸顯。",
    "土著乾淨乾隆瞭望瞭解藉口狼藉徵求宮商角徵羽夥伴於是於夢",
    "帧kS著消費信貸的普",
    "我用Python 3.11写了2行代码（很短）！？。。",
    "東京へようこそ、カタカナ대한민국",
    "𠀀𪚥〇㐀龘靐",
    "龘靐龖",
    "嗰個人𠮶个人",
    "𠀀",
    "的",
    "著",
    "a",
    "，",
    "",
    "\n",
    "\ud800国\udfff",
    "中华人民共和国全国人民代表大会常务委员会",
    "的是了" * 40,
)
CHARACTERS = "的一是在不了有和人这中大国我他着著乾干瞭藉借徵征夥伙於于随土隆净龘㐀〇𠀀嗰𠮶，。a1 あ"


@pytest.fixture(params=[0, batch.STEP_COST], ids=["lockstep", "as is"], scope="module", autouse=True)
def _step_cost(request: pytest.FixtureRequest) -> Iterator[None]:
    """All in lockstep, for which these batches are too small to pay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "STEP_COST", request.param)
        yield


def one_by_one(texts: list[str], literal: bool) -> list[float]:
    return [START.extend(text, literal=literal).score for text in texts]


@pytest.mark.parametrize("literal", [False, True])
def test_scores_are_those_of_one_by_one_in_their_order(literal: bool) -> None:
    texts = [*TEXTS, *reversed(TEXTS)]
    assert scores(texts, literal=literal) == pytest.approx(one_by_one(texts, literal), abs=1e-6)


@pytest.mark.parametrize("text", TEXTS)
def test_a_batch_may_be_one_text(text: str) -> None:
    assert scores([text]) == pytest.approx(one_by_one([text], False), abs=1e-6)


def test_no_character_counts_as_more_than_two() -> None:
    assert max(map(len, simplified_forms().values())) == 2


def test_a_batch_may_be_empty() -> None:
    assert scores([]) == []


@given(st.lists(st.text(CHARACTERS, max_size=20), max_size=8), st.booleans())
def test_any_texts_have_the_scores_of_one_by_one(texts: list[str], literal: bool) -> None:
    assert scores(texts, literal=literal) == pytest.approx(one_by_one(texts, literal), abs=1e-6)


@given(st.text(max_size=60))
def test_any_text_can_be_scored(text: str) -> None:
    assert scores([text]) == pytest.approx(one_by_one([text], False), abs=1e-6)


@pytest.mark.parametrize("literal", [False, True])
def test_a_long_text_is_scored_like_a_short_one(literal: bool) -> None:
    page = convert("".join(TEXTS[:6]), "s2t") * 30
    han = "随着消費信貸的普及催收问题也日益凸显" * 170
    assert len(page) > 3000
    assert len(han) > 3000
    assert scores([page, han], literal=literal) == pytest.approx(one_by_one([page, han], literal), abs=1e-6)


def test_a_batch_of_many_parts_is_put_together_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_AT_ONCE", 10)
    assert scores(TEXTS) == pytest.approx(one_by_one(list(TEXTS), False), abs=1e-6)


def test_who_scores_no_batches_does_not_load_numpy() -> None:
    code = "import sys, jiaokan.lexicon; sys.exit('numpy' in sys.modules)"
    found = {**os.environ, "PYTHONPATH": str(Path(batch.__file__).parents[2])}
    assert subprocess.run([sys.executable, "-c", code], env=found, check=False).returncode == 0
