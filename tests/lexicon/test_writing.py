"""Sound text of any language is likelier than what its bytes look like in another charset."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiaokan.lexicon
from jiaokan.lexicon.prices import kanji_price, letter_price, unigram_score, words_score
from jiaokan.lexicon.wordlists import SIGNS_FILE, signs, sole_signs
from jiaokan.lexicon.writing import text_score
from model.signs import found, garbled, shares

# A sentence, the charset it is written in, and those it is read in.
SENTENCES = [
    ("请把文件发给我", "gb18030", ("cp1252", "koi8-r", "cp1251", "big5hkscs", "cp949")),
    ("请把文件发给我", "utf-8", ("latin-1", "cp437", "mac-roman", "cp866")),
    ("請把檔案寄給我", "big5hkscs", ("latin-1", "gb18030", "cp437")),
    ("資料を送ってください", "cp932", ("latin-1", "gb18030", "koi8-r")),
    ("자료를 보내 주십시오", "cp949", ("latin-1", "gb18030", "big5hkscs")),
    ("Пришлите мне этот файл", "cp1251", ("latin-1", "gb18030", "koi8-r")),
    ("Vous êtes déjà réveillé", "cp1252", ("gb18030", "cp1251")),
    ("Gửi cho tôi tập tin", "utf-8", ("gb18030", "cp1251")),
    ("├── src\n│   └── main.c", "utf-8", ("gb18030",)),
    ("∀x ∈ ℝ: x² ≥ 0", "utf-8", ("gb18030",)),
]


@pytest.mark.parametrize(
    ("sound", "read"),
    [
        (text, read)
        for text, charset, codecs in SENTENCES
        for codec in codecs
        if (read := text.encode(charset).decode(codec, "replace")) != text
    ],
)
def test_a_sentence_is_likelier_than_its_bytes_in_another_charset(sound: str, read: str) -> None:
    assert text_score(sound) > text_score(read) + 3


def test_a_glance_sees_the_most_of_it() -> None:
    assert unigram_score("请把文件发给我") > unigram_score("璇锋妸鏂囦欢鍙戠粰鎴?") + 30
    assert unigram_score("请把文件发给我") > unigram_score("Çë°ÑÎÄ¼þ·¢¸øÎÒ") + 20


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_glance_at_two_texts_is_two_glances(one: str, other: str) -> None:
    assert unigram_score(one + other) == pytest.approx(unigram_score(one) + unigram_score(other))


@given(st.text(min_size=1, max_size=20))
def test_nothing_is_free(text: str) -> None:
    assert text_score(text) < 0.5
    assert unigram_score(text) < 0.0


def test_capitals_belong_to_the_beginning_of_a_word_or_to_all_of_it() -> None:
    assert words_score("Москва", "cyrillic") > words_score("мОсква", "cyrillic")
    assert words_score("МОСКВА", "cyrillic") > words_score("мОсКвА", "cyrillic")
    assert letter_price("т", "cyrillic") > letter_price("Т", "cyrillic")


def test_accented_letters_seldom_come_in_threes() -> None:
    assert words_score("était", "latin") > words_score("éèàit", "latin")


def test_kanji_are_told_by_how_common_they_are() -> None:
    assert kanji_price("定") > kanji_price("転") > kanji_price("唖") > kanji_price("齟") > kanji_price("们")


def test_the_shipped_signs_are_those_that_the_model_makes() -> None:
    assert set(signs()) == set(found())
    assert set(sole_signs()) < set(signs())


def test_the_signs_are_on_record() -> None:
    sources = Path(jiaokan.lexicon.__file__).with_name("SOURCES.md").read_text("utf-8")
    (digest,) = re.findall(r"`data/mojibake\.signs`, sha256 ([0-9a-f]{64})", sources)
    assert hashlib.sha256(SIGNS_FILE.read_bytes()).hexdigest() == digest


def test_a_sign_is_common_in_mojibake_and_not_in_text() -> None:
    read = garbled(shares("simplified"), "utf-8", "gb18030")
    assert sum(share for char, share in read.items() if char in signs()) > 0.7 * sum(read.values())
    assert sum(share for char, share in shares("simplified").items() if char in signs()) < 0.01
