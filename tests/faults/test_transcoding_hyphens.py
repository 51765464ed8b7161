"""A soft hyphen that is gone puts the pairs behind it out of step; it is put back where that reads best."""

from __future__ import annotations

import pytest

from jiaokan import repair
from jiaokan.edits import apply
from jiaokan.faults.transcoding.channels import DECODERS, ENCODERS, Channel
from jiaokan.faults.transcoding.hypotheses import SOFT_HYPHEN, with_hyphens

GBK_AS_LATIN = Channel(ENCODERS["GBK"], DECODERS["Latin-1"])


def lossy(text: str) -> str:
    return text.encode("gbk").decode("latin-1").replace(SOFT_HYPHEN, "")


@pytest.mark.parametrize("text", ["打开机动画，设置参数", "请播放动画片并保存数据", "编号 12，动画和声音"])
def test_a_lost_hyphen_is_put_back(text: str) -> None:
    garbled = lossy(text)
    assert len(garbled) < 2 * len(text)
    assert repair(garbled, script="keep").text == text


def test_what_lost_none_is_left_to_others() -> None:
    assert with_hyphens("ÉèÖÃ²ÎÊý", GBK_AS_LATIN) is None
    assert with_hyphens("设置参数", GBK_AS_LATIN) is None
    assert with_hyphens(lossy("动画和参数"), Channel(ENCODERS["UTF-8"], DECODERS["Latin-1"])) is None
    assert with_hyphens(lossy("动画和参数"), Channel(ENCODERS["GBK"], DECODERS["KOI8-R"])) is None


def test_every_run_of_the_line_is_undone() -> None:
    line = f"ÉèÖÃ {lossy('动画和参数')} ok"
    found = with_hyphens(line, GBK_AS_LATIN)
    assert found is not None
    assert apply(line, found[0]) == "设置 动画和参数 ok"


@pytest.mark.parametrize("text", ["Où est-elle née ?", "«Äpfel» öäü", "ÀÉÎÕÜ and more"])
def test_sound_letters_stay(text: str) -> None:
    assert repair(text, script="keep").text == text
