"""Text in alphabets that was read byte by byte: what is believed of ftfy, and what is not."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from jiaokan import Consent, Finding, repair
from jiaokan.faults import transcoding
from jiaokan.faults.transcoding.latin import fix_alphabet


def found(text: str) -> list[tuple[str, str, Consent]]:
    return [(f.edits[0].before, f.edits[0].after, f.consent) for f in transcoding.find(text)]


def read_wrongly(text: str, charset: str, times: int = 1) -> str:
    """A text written in UTF-8 and read in another charset, over and over."""
    for _ in range(times):
        text = text.encode().decode(charset)
    return text


def evidence(text: str) -> set[str]:
    return {finding.evidence for finding in transcoding.find(text)}


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("cp1252", "cp1252"),
        ("cp1250", "cp1250"),
        ("cp1251", "cp1251"),
        ("cp1253", "cp1253"),
        ("mac-roman", "Mac Roman"),
        ("cp437", "cp437"),
    ],
)
def test_the_evidence_names_the_charset(charset: str, name: str) -> None:
    garbled = read_wrongly("der schöne Käse", charset)
    assert repair(garbled).text == "der schöne Käse"
    assert evidence(garbled) == {f"read as {name}, was UTF-8"}


def test_every_time_is_named_and_undone() -> None:
    garbled = read_wrongly("l’été dernier", "cp1252", 2)
    assert repair(garbled).text == "l’été dernier"
    assert evidence(garbled) == {"read as cp1252, was UTF-8; before that read as cp1252, was UTF-8"}


def test_only_what_was_garbled_is_changed() -> None:
    assert found("“他在cafÃ©里写信”，ＯＫ？") == [("Ã©", "é", Consent.PROBABLE)]
    assert repair("Où est le cafÃ©, à Nîmes ?").text == "Où est le café, à Nîmes ?"


def test_several_characters_without_a_loss_are_certain() -> None:
    garbled = read_wrongly("ключ", "latin-1")
    assert found(garbled) == [(garbled, "ключ", Consent.CERTAIN)]


def test_what_was_lost_is_neither_certain_nor_invented() -> None:
    garbled = _garbled("der “größere” Käfig", "cp1252").replace("\x9d", "\ufffd")
    assert repair(garbled).text == "der “größere\ufffd Käfig"
    assert {f.consent for f in transcoding.find(garbled) if f.edits[0].start < 8} == {Consent.PROBABLE}


def test_nothing_is_restored_by_a_mark_alone() -> None:
    assert fix_alphabet("变\ufffdBΧ\ufffdG") is None


def test_a_text_that_is_mostly_lost_stays() -> None:
    """What is left of 还要给了 says something; four marks would not."""
    assert fix_alphabet("è¿\ufffdè¦\ufffdç»\ufffdäº\ufffd") is None


@pytest.mark.parametrize("text", ["ÒÍ³", "ÉÏº£", "±±¾©", "Ö±½Ó", "\x83e\x83b", "Æäʵ¶Ô"])
def test_chinese_bytes_never_become_letters(text: str) -> None:
    """ftfy makes Òͳ of the first and ɏº£ of the second; both are GBK."""
    assert fix_alphabet(text) is None


@pytest.mark.parametrize("text", ["Å²", "Å³ und Å²", "XÃ HỘI", "XÃ XÃ ", "“ĐÔNG Â”", "MANHÃ "])
def test_a_letter_and_a_sign_may_be_meant(text: str) -> None:
    assert fix_alphabet(text) is None


def test_the_same_letter_is_undone_beside_what_is_clear() -> None:
    assert repair("Ã DÃ‰JEUNER, où l’été naît").text == "à DÉJEUNER, où l’été naît"


@pytest.mark.parametrize(
    ("text", "charset", "times"),
    [
        ("אבגדהו", "cp1252", 1),
        ("μεγάλη", "cp1252", 1),
        ("télécharger", "mac-roman", 3),
        ("coração às crianças", "cp1252", 1),
    ],
)
def test_letters_are_not_taken_for_chinese_that_came_a_longer_way(text: str, charset: str, times: int) -> None:
    assert repair(_garbled(text, charset, times)).text == text


def _garbled(text: str, charset: str, times: int = 1) -> str:
    """Bytes that have no character in the charset are read as controls, as browsers do."""
    for _ in range(times):
        text = "".join(bytes((byte,)).decode(charset, "ignore") or chr(byte) for byte in text.encode())
    return text


def test_chinese_is_not_taken_for_letters() -> None:
    for text in ("测试数据", "配置", "今天的天气很好"):
        assert repair(read_wrongly(text, "latin-1")).text == text
        assert repair(text.encode("gbk").decode("latin-1")).text == text


def test_an_example_is_shown_and_kept() -> None:
    line = "把é按cp1252来读，就成了Ã©，大家都见过。"
    assert [consent for *_, consent in found(line)] == [Consent.SUGGESTED]
    assert repair(line).text == line


def test_control_characters_were_quotes() -> None:
    assert repair("\x93Guten Morgen\x94, sagte er\x85 leise.").text == "“Guten Morgen”, sagte er… leise."


def test_ftfy_is_not_loaded_for_clean_text() -> None:
    code = "import jiaokan; jiaokan.repair('在杭州，café 里有“测试”。'); sys.exit('ftfy' in sys.modules)"
    code = f"import sys; sys.path = {sys.path}; {code}"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def spans(findings: list[Finding]) -> list[tuple[int, int]]:
    return [tuple(finding.span) for finding in findings]


def test_findings_are_in_reading_order_and_do_not_overlap() -> None:
    text = "娴嬭瘯\ncafÃ© 锟斤拷\nnaÃ¯ve ï¿½ Ã©tÃ©"
    places = spans(transcoding.find(text))
    assert len(places) == 6
    assert all(one[1] <= other[0] for one, other in pairwise(places))
