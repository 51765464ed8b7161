"""Options are checked once, and what a user varies is kept in bounded room."""

from __future__ import annotations

import gc
import itertools
import pickle
import tracemalloc
from collections.abc import Callable

import pytest

import jiaokan
from jiaokan import Consent, Fault
from jiaokan.faults.transcoding import hypotheses
from jiaokan.lexicon.pinyin import has_tone
from jiaokan.lexicon.prices import mark_price, opened, unigram_score
from jiaokan.memo import Memo, remember
from jiaokan.options import LONGEST_DROPPED_WORD, MOST_DROPPED_WORDS, Options


def test_options_by_name_are_one_value() -> None:
    asked = Options.of("keep", "fullwidth", "certain", iter(["gaps", "script"]), ["电话", "微信", "电话"])
    faults = frozenset({Fault.GAPS, Fault.SCRIPT})
    assert asked == Options("keep", "fullwidth", Consent.CERTAIN, faults, ("电话", "微信"))
    assert hash(asked) == hash(Options.of("keep", "fullwidth", "certain", ["script", "gaps"], ["电话", "微信"]))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"script": "latin"}, "script is 'simplified' or 'simplified-cn' or 'keep', not 'latin'"),
        ({"consent": "sure"}, "consent is 'certain' or 'probable' or 'suggested', not 'sure'"),
        ({"skip": ["typos"]}, "no fault is called 'typos'"),
        ({"skip": "gaps"}, "skip is a list, not the string 'gaps'"),
        ({"dropped_words": "电话"}, "dropped_words is a list, not the string"),
        ({"dropped_words": ["电话", 5]}, "dropped_words is a list of strings"),
        ({"dropped_words": itertools.repeat("电话")}, "there are more than 2,000 dropped words"),
        ({"dropped_words": ["话" * (LONGEST_DROPPED_WORD + 1)]}, "a dropped word has 65 characters; 64 are allowed"),
        ({"dropped_words": ["电话", ""]}, "a dropped word is empty"),
        ({"dropped_words": map(str, range(MOST_DROPPED_WORDS + 1))}, "there are more than 2,000 dropped words"),
    ],
)
def test_what_an_option_cannot_be_is_told(options: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        jiaokan.repair("现代", **options)  # type: ignore[arg-type]


def test_words_are_checked_once() -> None:
    asked = Options.of(dropped_words=["电话", "微信"])
    assert Options.of(dropped_words=asked.dropped_words).dropped_words is asked.dropped_words
    assert Options.of(dropped_words=pickle.loads(pickle.dumps(asked.dropped_words))) == asked


def test_as_many_words_as_are_allowed_are_used() -> None:
    words = [*(f"{number}号" for number in range(MOST_DROPPED_WORDS - 1)), "问"]
    doubts = jiaokan.repair("通常采用 催收、短信催收。", dropped_words=words).doubts
    assert any(fill.text in words for doubt in doubts for fill in doubt.fills)


def vary_words(number: int) -> None:
    words = [f"{number}、{k}" for k in range(MOST_DROPPED_WORDS)]
    jiaokan.repair("找到了解决问的办法。", dropped_words=words)


def vary_marks(number: int) -> None:
    for mark in "，。：“”（）":
        mark_price(mark, chr(0x4E00 + number), "“" * (number % 3), False)
        opened(chr(0x2000 + number), "“")


def vary_characters(number: int) -> None:
    unigram_score("".join(map(chr, range(0xE000 + 100 * number, 0xE000 + 100 * number + 100))))


def vary_long_texts(number: int) -> None:
    text = "a" * 600_000 + str(number)
    hypotheses.price(text)
    has_tone(text)


# Each as often as it takes to fill what it may fill, then three times as often: 5 MB and more if all of it is kept.
@pytest.mark.parametrize(
    ("vary", "times"), [(vary_words, 12), (vary_marks, 1500), (vary_characters, 210), (vary_long_texts, 4)]
)
def test_what_is_remembered_is_bounded(vary: Callable[[int], None], times: int) -> None:
    for number in range(times):
        vary(number)
    gc.collect()
    tracemalloc.start()
    for number in range(times, 4 * times):
        vary(number)
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 4_000_000


def test_a_memo_forgets_and_takes_no_long_keys() -> None:
    memo = Memo(str.upper, most=3, longest=4)
    assert [memo[text] for text in ("a", "b", "c", "d", "eeeee")] == ["A", "B", "C", "D", "EEEEE"]
    assert dict(memo) == {"d": "D"}


def test_a_long_argument_is_not_remembered() -> None:
    asked: list[bytes] = []

    @remember(most=2, longest=3)
    def size(raw: bytes, *, more: int = 0) -> int:
        asked.append(raw)
        return len(raw) + more

    assert [size(b"abc"), size(b"abc"), size(b"abcd"), size(b"abcd"), size(b"abc", more=1)] == [3, 3, 4, 4, 4]
    assert asked == [b"abc", b"abcd", b"abcd", b"abc"]
