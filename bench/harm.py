"""What a repair changes in text that has nothing wrong with it: every place, by source and fault."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Final, Literal, NamedTuple
from unicodedata import category, normalize

from pypinyin import Style, pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from rich.console import Console
from rich.table import Table

import jiaokan
from corpus import SOURCES, documents, paragraphs
from harm_texts import harm_texts, typed
from scripts import simplify, traditional

# Fullwidth letters and digits, small forms, private use, references, a blank before a mark: a text with one of these is
# not clean.
_UNTIDY: Final = re.compile("[０-９Ａ-Ｚａ-ｚ\ufe10-\ufe19\ufe30-\ufe6b\ue000-\uf8ff]|&#?[a-z0-9]+;| [，。、！？；：]")
Script = Literal["simplified", "keep"]
_BATCH: Final = 200  # paragraphs a worker takes at a time
_CONTEXT: Final = 12
_LESSONS: Final = 400  # documents annotated as a lesson would be
_SHOWN: Final = 400  # places listed at most
_ENTRIES: Final = 100  # entries on a page of the dictionary
_FOLDED: Final = ("news", "reviews")  # sources that are repaired once more with fullwidth forms folded
_RARE: Final = 5  # a character the news use less often than this is given a reading
_LATIN: Final = ("app", "kg", "vs", "iOS", "url", "pH", "http", "x", "vip", "NaCl", "e4", "Nf3", "int", "sudo", "Vol")
# Lines of the kinds of text that look most like damage: games, formulas, code, addresses, menus, questions.
_NOTATION: Final = (
    "白方走 1. e4 e5 2. f4 exf4 3. Bc4 Qh4+? 4. Kf1 b5?! 5. Bxb5 Nf6!? 6. Nf3(好棋) Qh6",
    "2H₂O₂ → 2H₂O + O₂(g)，CaCO3(s) ⇌ CaO(s) + CO2(g)，铁(Fe)与铜(Cu)的离子：Fe(3+)、Cu(2+)",
    "设f(x)=x²+bx(a≠0)，若a?b:c为真，则sin(α)>0；当n(n≥2)为偶数时，P(A|B)=P(AB)/P(B)。",
    "if (x > 0) { return f(x)?1:0; } // 返回值(int)，否则抛出异常(Error)",
    "SELECT name, COUNT(*) FROM t WHERE a = ? AND b IN (?, ?); -- 查询条件?",
    "文件(F)、编辑(E)、查看(V)、格式(O)、工具(T)、帮助(H)；选择「格式(O) - 字符(C)...」",
    "红烧肉(小份)38元　宫保鸡丁(微辣)42元　可乐(can)6元　米饭(大/小)？",
    "http://example.com/?q=%E4%B8%AD&x=1#top 见网址(url)，或发信到 a.b+c@example.com（E-mail）",
    "真的吗???是吗?!为什么……不会吧？？？(笑)（汗）(T_T) ^_^",
    "【甲】(一)选择题：下列加点字读音正确的是( )　A. 对?　B. 错?　C. 不一定",
)


class Batch(NamedTuple):
    """Clean texts of one kind, and the script they are to stay in."""

    kind: str
    script: Script
    texts: list[str]


class Spoiled(NamedTuple):
    """A place that changed in clean text."""

    kind: str
    fault: str
    shown: str
    after: str


def report_harm(console: Console, workers: int | None, number: int | None = None) -> None:
    """Repair all clean text, or about ``number`` texts of each kind; print a table of the places that changed and the
    places themselves."""
    places: list[Spoiled] = []
    sizes: Counter[str] = Counter()
    with ProcessPoolExecutor(workers) as pool:
        for batch, found in pool.map(_repaired, _batches(number)):
            sizes[batch.kind] += sum(map(len, batch.texts))
            places += found
    _print_table(console, sizes, places)
    for place in places[:_SHOWN]:
        line = f"{place.kind} · {place.fault} · {place.shown} → {place.after}"
        console.print(line.replace("\n", "⏎"), markup=False, highlight=False, soft_wrap=True)


def _print_table(console: Console, sizes: Counter[str], places: list[Spoiled]) -> None:
    faults = sorted({place.fault for place in places})
    table = Table("clean text", title="Changed places per million characters", title_justify="left")
    for column in ("characters", "places", "per million", *faults):
        table.add_column(column, justify="right")
    for kind in [*sizes, "all"]:
        here = [place for place in places if kind in (place.kind, "all")]
        size = sizes[kind] if kind != "all" else sizes.total()
        by_fault = Counter(place.fault for place in here)
        rate = f"{len(here) * 1e6 / max(1, size):,.2f}"
        table.add_row(kind, f"{size:,}", f"{len(here):,}", rate, *(f"{by_fault[fault]:,}" for fault in faults))
    console.print(table)


def _repaired(batch: Batch) -> tuple[Batch, list[Spoiled]]:
    return batch, [place for text in batch.texts for place in _spoiled(text, batch)]


def _spoiled(text: str, batch: Batch) -> Iterator[Spoiled]:
    for change in jiaokan.repair(text, script=batch.script, skip=["gaps"]).changes:
        start, end = change.edit.span
        shown = f"{text[max(0, start - _CONTEXT) : start]}[{text[start:end]}]{text[end : end + _CONTEXT]}"
        yield Spoiled(batch.kind, change.fault.value, shown, change.edit.after or "nothing")


def _batches(number: int | None) -> Iterator[Batch]:
    for kind, script, every in _kinds():
        tidy = [text for text in every if not _UNTIDY.search(text)]
        texts = tidy[:: max(1, len(tidy) // number)] if number else tidy
        for at in range(0, len(texts), _BATCH):
            yield Batch(kind, script, texts[at : at + _BATCH])


def _kinds() -> Iterator[tuple[str, Script, list[str]]]:
    for source in SOURCES:
        texts = [text for text in paragraphs(source) if _is_clean(text)]
        yield f"{source}, simplified", "simplified", texts
        yield f"{source}, traditional", "keep", [traditional(text, "s2t") for text in texts]
        if source in _FOLDED:
            yield f"{source}, folded", "simplified", [normalize("NFKC", text) for text in texts]
    prose = documents("news")[:_LESSONS] + documents("reviews")[:_LESSONS]
    yield "lesson, every character", "simplified", [_lesson(text, 1) for text in prose]
    yield "lesson, words", "simplified", [_lesson(text, 2) for text in prose]
    yield "lesson, traditional", "keep", [_lesson(traditional(text, "s2t"), 1) for text in prose]
    yield "lesson, rare characters", "simplified", list(_hard_words(documents("novel")[:_LESSONS]))
    yield "notation", "simplified", [_noted(text, number) for number, text in enumerate(prose)]
    yield "dictionary", "keep", list(_dictionary())
    yield "Latin in parentheses", "simplified", [_abbreviated(text, number) for number, text in enumerate(prose)]
    yield "blanks as typed", "keep", [text for text in typed() if _is_clean(text)]
    yield from ((kind, "keep", texts) for kind, texts in harm_texts())


def _is_clean(text: str) -> bool:
    """Whether all of a text is simplified, and no control character shows that its package got it damaged."""
    return simplify(text) == text and not any(category(char) == "Cc" for char in text)


def _lesson(text: str, length: int) -> str:
    """The text with a reading behind every stretch of ``length`` characters, as in a reader for learners."""
    made = ""
    for at in range(0, len(text), length):
        piece = text[at : at + length]
        readings = [syllable[0] for syllable in pinyin(piece, style=Style.TONE, errors="ignore")]
        made += piece + (f"({''.join(readings)})" if len(readings) == len(piece) else "")
    return made


def _hard_words(texts: list[str]) -> Iterator[str]:
    """The texts with a reading behind characters that the news hardly use, as in an edition of an old novel."""
    used = Counter("".join(paragraphs("news")))
    for text in texts:
        yield "".join(_lesson(char, 1) if used[char] < _RARE and "一" <= char <= "鿿" else char for char in text)


def _abbreviated(text: str, number: int) -> str:
    """The text with a Latin word in parentheses in every sentence, none of them a reading."""
    word = _LATIN[number % len(_LATIN)]
    return text.replace("，", f"({word})，").replace("。", f" ({word.upper()})。")


def _noted(text: str, number: int) -> str:
    """The text with lines of notation between its own."""
    return "\n".join((_NOTATION[number % len(_NOTATION)], text, _NOTATION[(number + 1) % len(_NOTATION)]))


def _dictionary() -> Iterator[str]:
    """Pages of a dictionary: characters with all their readings, words with theirs."""
    chars = [f"{chr(code)}({listed.replace(',', '/')})" for code, listed in PINYIN_DICT.items()]
    words = [f"{word}({''.join(one[0] for one in listed)})" for word, listed in PHRASES_DICT.items()]
    for at in range(0, len(words), _ENTRIES):
        yield "；".join(chars[at : at + _ENTRIES]) + "\n" + "\n".join(words[at : at + _ENTRIES])
