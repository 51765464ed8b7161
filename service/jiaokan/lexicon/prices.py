"""What a character costs by itself: punctuation, letters, digits and signs, and every character at a glance.

The language model knows words and nothing else. A mark of punctuation is priced by the kind of character before
it, and by whether it closes what was opened: 。 is likelier at the end of a line than ·, and ” only where there
was “. A word in an alphabet is priced letter by letter, by how common its letters are and by where it has its
capitals: enough to tell a word from bytes of Chinese that were read as letters. ``unigram_score`` prices a whole
text so, a hundred times as fast as the language model: enough to see that a line is not language of any kind.
Which of two readings that look like language is the right one is for ``writing`` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final
from unicodedata import normalize

from jiaokan.lexicon.hanzi import HANGUL_CLASS, KANA_CLASS, is_han
from jiaokan.lexicon.trigrams import trigrams
from jiaokan.lexicon.variants import simplified_forms
from jiaokan.memo import Memo, remember

# log10 of how often a mark follows a character of a kind, and the marks. Counted in 146,000 characters of manuals
# (debian-handbook, debian-faq-zh-cn and installation-guide of Debian 12) and the gold pages, behind Han for each word
# and not for each character; marks they have too few of, or too many (「」), have a round number. What is not listed
# costs ``UNUSUAL``.
_AFTER: Final[dict[str, dict[float, str]]] = {
    "han": {
        -1.2: "，",
        -1.4: "。",
        -2.0: "\n",
        -2.2: "、",
        -2.4: "“",
        -2.5: "”：",
        -2.6: "（）",
        -2.8: '！；"',
        -3.0: "？《》",
        -3.2: "「」.",
        -3.4: "『』",
        -3.5: "</-",
        -3.8: "…·'>",
        -4.0: "—~&",
        -4.2: "‘’",
        -4.5: "【】",
        -5.0: "〈〉%",
    },
    "clause": {-2.0: "“", -2.5: "\n", -2.6: "《「", -2.8: "『", -3.6: "（", -3.8: "‘", -4.0: "—"},
    "sentence": {
        -0.4: "\n",
        -1.6: "”",
        -2.3: "“（",
        -2.5: "）…",
        -2.6: "」",
        -2.8: "『』《「",
        -3.0: "’",
        -3.2: "！？",
    },
    "opening": {-2.3: "“", -2.6: "《", -3.0: "（‘「…"},
    "closing": {
        -0.9: "，。",
        -1.2: "、\n",
        -2.0: "；（",
        -2.2: "：）”",
        -2.3: "“",
        -2.5: "》",
        -2.8: "？！—",
        -3.0: "…",
    },
    "latin": {
        -1.4: ".",
        -1.6: "/-",
        -1.7: "%",
        -1.8: "，",
        -2.0: "。_",
        -2.2: "、",
        -2.3: "”",
        -2.4: "）",
        -2.5: "·",
        -2.6: "（\n",
        -2.7: "：",
        -3.0: "》—",
        -3.2: "；",
        -3.5: "“",
        -3.6: "！？",
    },
    "other": {-1.0: "—…", -1.2: "\n", -1.8: "“", -2.3: "《，。", -2.5: "（", -2.6: "”）", -2.7: "："},
}
_MARKS: Final = frozenset("".join(marks for rows in _AFTER.values() for marks in rows.values()))
UNUSUAL: Final = -4.5
# A blank, which stands for other things too on a page that was scraped.
BLANK_MARK: Final = -1.6
# The same mark once more, as wide as the first: ！！！, ……, ——.
SAME_AGAIN: Final = {"—": -0.2, "…": -0.3, "！": -1.4, "？": -1.4, "。": -2.3, ".": -0.5}
# What was opened is closed within some fifteen characters; what was not opened is not closed, unless the page hides
# where it was; and few lines end within quotation marks.
CLOSES: Final = 0.9
CLOSES_NOTHING: Final = -1.5
LEFT_OPEN: Final = -1.0
# A colon follows words of speech, and quotation marks the colon.
COLON_AFTER_SPEECH: Final = -0.7
QUOTE_AFTER_COLON: Final = -0.7
# No line ends in the middle of an enumeration.
AFTER_ENUMERATION: Final = -1.5
# A clause does not end in a word that needs another one behind it.
AFTER_BOUND_WORD: Final = -1.5
# A clause asks more often if it has one of these: 谁, 哪 and what begins 怎么, 什么.
ASKING: Final = frozenset("吗嗎呢怎什谁誰哪")
QUESTION: Final = 1.6
# A letter or a digit that opens a run, and one that goes on with it. Runs make up one character in a hundred.
LETTER_FIRST: Final = -5.0
DIGIT_FIRST: Final = -3.2
LATIN_NEXT: Final = -1.0
LATIN_CHANGED: Final = -2.0  # 3D, iPhone
KANA_OR_HANGUL: Final = -4.5
# Greek, Cyrillic, Bopomofo, symbols, private use: one in ten thousand characters of the gold pages at most,
# spread over some hundreds of code points.
OTHER: Final = -7.0

_KANA_OR_HANGUL: Final = re.compile(f"[{KANA_CLASS}{HANGUL_CLASS}]")
_WIDE: Final = dict(zip(",;:!?()\r\t\u3000", "，；：！？（）\n  ", strict=True))
_CLOSED_BY: Final = dict(zip("“‘（《〈「『【", "”’）》〉」』】", strict=True))
_CLOSING: Final = frozenset(_CLOSED_BY.values())
# All that ``opened`` takes into account.
BRACKETS: Final = re.compile(f"[{''.join((*_CLOSED_BY, *_CLOSED_BY.values()))}()]")
_CLAUSE_ENDS: Final = frozenset("，、；：")
_SENTENCE_ENDS: Final = frozenset("。！？…")
_SPEECH: Final = frozenset("曰道说云问答称叫喊")
_BOUND: Final = frozenset("在和与把被对从向于以及或将跟给让使由")
# Answers remembered by each function, at most 200 bytes each: all fixtures together ask for 6,915 prices.
_REMEMBERED: Final = 8192
# How deep brackets within brackets are followed.
_DEEPEST: Final = 3


@lru_cache(maxsize=_REMEMBERED)
def mark_price(char: str, last: str, pending: str = "", asks: bool = False) -> float:
    """log10 of the probability of a character that is not Han, ``last`` the one before it, ``""`` at the start.

    ``pending`` are the brackets and quotation marks that are open, the innermost last; ``asks``, whether the clause has
    a word of those that ask.

    >>> mark_price("。", "了") > mark_price("·", "了"), mark_price("”", "。", "“") > mark_price("”", "。")
    (True, True)
    """
    if char.isascii() and char.isalnum():
        if last.isascii() and last.isalnum():
            return LATIN_NEXT if _goes_on(last, char) else LATIN_CHANGED
        return DIGIT_FIRST if char.isdigit() else LETTER_FIRST
    mark, before = _WIDE.get(char, char), _WIDE.get(last, last)
    if char == last and mark in SAME_AGAIN:
        return SAME_AGAIN[mark]
    if mark == " ":
        return BLANK_MARK
    if mark in _MARKS:
        return _price_of_mark(mark, before, pending) + (QUESTION if asks and mark == "？" else 0.0)
    return KANA_OR_HANGUL if _KANA_OR_HANGUL.fullmatch(char) else OTHER


def ends_clause(char: str) -> bool:
    """Whether a clause ends with a character.

    >>> ends_clause(","), ends_clause("”")
    (True, False)
    """
    return char == "\n" or _WIDE.get(char, char) in _CLAUSE_ENDS | _SENTENCE_ENDS


@lru_cache(maxsize=_REMEMBERED)
def opened(char: str, pending: str) -> str:
    """The brackets that are open after a character that is not Han.

    >>> opened("（", "“"), opened("）", "“（"), opened("\\n", "“")
    ('“（', '“', '')
    """
    mark = _WIDE.get(char, char)
    if mark == "\n":
        return ""
    if mark in _CLOSED_BY:
        return (pending + mark)[-_DEEPEST:]
    if pending and mark == _CLOSED_BY[pending[-1]]:
        return pending[:-1]
    return pending


def _goes_on(last: str, char: str) -> bool:
    """Whether a character of a run is of the kind of the one before it, or a small letter."""
    return last.isdigit() if char.isdigit() else last.isalpha() and (char.islower() or last.isupper())


def _price_of_mark(mark: str, last: str, pending: str) -> float:
    found = _prices_of_marks()[_kind(last)].get(mark, UNUSUAL)
    if mark == "：" and last in _SPEECH:
        return COLON_AFTER_SPEECH
    if mark == "“" and last == "：":
        return QUOTE_AFTER_COLON
    if last in _BOUND and mark in _CLAUSE_ENDS | _SENTENCE_ENDS:
        found += AFTER_BOUND_WORD
    if mark == "\n" and last == "、":
        found += AFTER_ENUMERATION
    if mark in _CLOSING:
        found += CLOSES if pending and mark == _CLOSED_BY[pending[-1]] else CLOSES_NOTHING
    return found + LEFT_OPEN if mark == "\n" and pending else found


@lru_cache(maxsize=_REMEMBERED)
def _kind(last: str) -> str:
    if last in _CLAUSE_ENDS:
        return "clause"
    if last in _SENTENCE_ENDS:
        return "sentence"
    if last in _CLOSED_BY:
        return "opening"
    if last in _CLOSING:
        return "closing"
    if last.isascii() and last.isalnum():
        return "latin"
    return "han" if last and is_han(last) else "other"


@cache
def _prices_of_marks() -> dict[str, dict[str, float]]:
    """By the kind of the character before: each mark with its price."""
    return {kind: {mark: price for price, marks in rows.items() for mark in marks} for kind, rows in _AFTER.items()}


# log10 of the share of a letter, counted in the manuals of the GNOME desktop (gnome-user-docs of Debian 12: 353,079
# Russian letters, 204,006 Greek, 134,328 hangul, 47,760 Japanese, whose kanji are half as many as elsewhere and count
# twice; Latin ones in seven languages of Europe alike, accented ones where they are commonest, Turkish and Vietnamese
# included), in steps of 0.2.
SHARES: Final[dict[str, dict[float, str]]] = {
    "cyrillic": {
        -1.0: "ое",
        -1.2: "иатнр",
        -1.4: "свлпкм",
        -1.6: "дуьы",
        -1.8: "зябчйж",
        -2.0: "юг",
        -2.2: "х",
        -2.4: "фшэщц",
        -2.6: "ёії",
        -3.6: "ъє",
    },
    "greek": {
        -1.0: "αετ",
        -1.2: "οινσ",
        -1.4: "ρπκμ",
        -1.6: "ηλςίυγ",
        -1.8: "ήέόάδχ",
        -2.0: "θωφύ",
        -2.2: "ώξ",
        -2.4: "β",
        -2.8: "ζ",
        -3.0: "ψ",
    },
    "latin": {
        -0.8: "e",
        -1.0: "a",
        -1.2: "ionstr",
        -1.4: "ludc",
        -1.6: "pmh",
        -1.8: "wfgby",
        -2.0: "vkzé",
        -2.4: "jqxàçèêñäöüáíóąćęłśżığşđưểạ",
        -3.0: "ªºìîïòôõùûúýßœæåøãâńźăơộấặảốụếậệềịổợắờầữứọớāēěīōūǎǐǒǔǚǜǘ",
        -3.6: "čďňřšťůžőűủửởựỉẩỏồằĩừëÿũỗẫẹẻ",
    },
    "kana": {
        -1.2: "ー",
        -1.4: "すのを",
        -1.6: "しるまにンイでッい",
        -1.8: "スてがクはとトルドなりウアフプ",
        -2.0: "たリタれきあこさァバ",
        -2.2: "かくキュィコうもデよらワシテピ",
        -2.4: "ラっやダメサネョレえロジカマだグおォペオど",
        -2.6: "ブそケばボつムパけせセザェめ",
        -2.8: "ビユチズんポわヤャへみ",
        -3.0: "ソびじべょずハニちミゴモヘホほヒぎツひエ",
    },
    "kanji": {
        -2.0: "使場合",
        -2.2: "定用動示表",
        -2.4: "選設押択作入変更能切面力電方画接印認続一行開要時確名",
        -2.6: "無刷替必次最法可有他数字上移前効除問大的題源",
        -2.8: "度文同間右量出音全別取線削性元付化手順機種覧内起常類正下自対利異保分中再",
        -3.0: (
            "置参共通新操見成単複号語部所関加存照配指特理外多意追報戻"
            "詳挿応安情生実検推以適容言解箱日当権速識立信残因何計限消"
        ),
        -3.2: (
            "完送空書本状側原長在先人態紙節小向左製明持調簡告連各真制細式子"
            "並後役固良警込索写記直番端現供期説復隠放点止困難提不管含御末位"
        ),
        -3.4: (
            "体拡様得費業逆高熱組楽般失決探整閉像非声発者半基換冊象任"
            "域備際低例話両型割停地誰白視色違弱転処頻個暗便身始抜矢訳集"
        ),
        -3.6: (
            "隔目読離待少片十了該扱注列知準近試遅充寿命冷却倍測返過代呼殊差"
            "覚障考修予刻規感標欄経断混雑求造翻繰鳴静物領聞害強回挙損閲気張区"
        ),
    },
    "hangul": {
        -1.4: "다니",
        -1.6: "을를이",
        -1.8: "에로하는일",
        -2.0: "있지기면합스수정서용가시습자터의파사그할",
        -2.2: "어인나보프한고설치리크드으선동상도키은장전",
        -2.4: "제대단우트누작입러게연해화램여결려바창른추라요아활모력택디거",
        -2.6: "때간부타오컴또퓨만음더식문개워확록네공않재소목내업원눌위경들데메과색마분계적행르무릅야열방",
        -2.8: "현템본름배관비호성와표주린션세두유없저접조당구했안형실폴진태알및절볼근미든영각십포",
        -3.0: "통명능역엽블처줄같운암며버신봅중꾸페톱측별후환쇄락잠검예찾림백움직히뉴체새항복필루량못놈번투패떤반따",
        -3.2: "집납콘카최살값넷생권레금령래법켜끌플펴쪽옵언온줍냅손커속올양편피렉등꿀브댑넣삭",
    },
}
# The rest of a script's letters, and those of scripts that were not counted: an alphabet of some thirty letters each.
_RARE: Final = {
    "cyrillic": -3.8,
    "greek": -4.0,
    "latin": -4.2,
    "kana": -3.6,
    "hangul": -5.6,
    "wide": -1.8,
    "other": -1.6,
}
_RANGES: Final = {
    "latin": "A-Zªºa-zÀ-ÖØ-öø-ɏḀ-ỿ",
    "cyrillic": "Ѐ-ԯ",
    "greek": "Ͱ-ϡἀ-῾",
    "kana": "ぁ-ゖゝゞァ-ヺー-ヾｦ-ﾟ",
    "wide": "＂-＇＊＋－-９＜-＞＠-～",
    "hangul": "가-힣",
    "other": "԰-\u1cff\u2c00-\u2ddf",
}
# Words of one script, one blank between each two.
WORDS: Final = re.compile("|".join(f"(?P<{name}>[{range_}]+(?: [{range_}]+)*)" for name, range_ in _RANGES.items()))
BLANK: Final = -0.8

# log10 of a capital at the beginning of a word, after a capital, and after a small letter (iPhone, МиГ). Counted in the
# same manuals: one word in seven to nine (German two in five), one letter in five to fifteen, one in a thousand. Whole
# words of capitals are priced better than their share, for they are sound.
CAPITAL_FIRST: Final = -1.0
CAPITAL_AGAIN: Final = -0.3
CAPITAL_WITHIN: Final = -2.8
# Kana in their halfwidth forms, which only tills and terminals write.
NARROW: Final = -0.3
# Kanji that were not counted, by the levels of JIS X 0208: some 2,600 of the first, which are common, those of the
# second, and characters that are none.
KANJI: Final = -4.2
RARE_KANJI: Final = -5.8
NO_KANJI: Final = -7.5
SECOND_LEVEL: Final = b"\x98\x9f"
# A second accented letter on end, and each further one: of a hundred accented letters nine follow another in Polish
# and in Vietnamese, two in German, none in French; three on end are one letter in ten thousand at most.
ACCENTED_AGAIN: Final = -0.6
ACCENTED_ON: Final = -1.8


def letter_price(letter: str, script: str) -> float:
    """log10 of the share of a letter in its script, capitals as often as words begin with one.

    >>> letter_price("о", "cyrillic") > letter_price("О", "cyrillic") > letter_price("Ў", "cyrillic")
    True
    """
    small = letter.lower()
    return _prices()[script].get(small, _RARE[script]) + (0.0 if letter == small else CAPITAL_FIRST)


@lru_cache(maxsize=8192)
def kanji_price(char: str) -> float:
    """log10 of the share of a Han character in Japanese.

    >>> kanji_price("転") > kanji_price("齟") > kanji_price("转")
    True
    """
    found = _prices()["kanji"].get(char)
    if found is not None:
        return found
    raw = char.encode("cp932", "ignore")
    if len(raw) < 2:
        return NO_KANJI
    return KANJI if raw < SECOND_LEVEL else RARE_KANJI


@remember(most=4096, longest=64)
def words_score(letters: str, script: str) -> float:
    """log10 of the probability of words of the length that they have, ``script`` one of the groups of ``WORDS``.

    >>> words_score("проверка", "cyrillic") > words_score("ІвКФІвКФ", "cyrillic")
    True
    """
    prices, rare = _prices()[script], _RARE[script]
    total, last, accented = 0.0, "", 0
    for letter in letters:
        if letter == " ":
            total, last, accented = total + BLANK, "", 0
            continue
        small = letter.lower()
        total += prices.get(small, rare)
        if letter != small:
            total += CAPITAL_FIRST if not last else CAPITAL_AGAIN if last.isupper() else CAPITAL_WITHIN
        if script == "latin":
            accented = 0 if letter.isascii() else accented + 1
            total += ACCENTED_AGAIN if accented == 2 else ACCENTED_ON if accented > 2 else 0.0
        last = letter
    return total


@cache
def _prices() -> dict[str, dict[str, float]]:
    found = {name: {letter: share for share, row in rows.items() for letter in row} for name, rows in SHARES.items()}
    found["kana"] |= {narrow: found["kana"].get(kana, _RARE["kana"]) + NARROW for narrow, kana in _narrow()}
    return {**found, "wide": {}, "other": {}}


def _narrow() -> Iterator[tuple[str, str]]:
    """The halfwidth kana and what they are short for."""
    return ((char, normalize("NFKC", char)) for char in map(chr, range(0xFF66, 0xFFA0)))


# log10 of how seldom a Han character that no word of the model has stands in a text, if it is Japanese.
_FOREIGN_HAN: Final = -1.0
# A letter of another script than the text's, averaged over a word: what its script costs the text once.
_FOREIGN_LETTER: Final[dict[str, float]] = {
    "latin": -0.3,
    "kana": -0.3,
    "hangul": -0.3,
    "cyrillic": -0.5,
    "greek": -0.6,
    "wide": -0.7,
}
_OTHER_SCRIPT: Final = -1.5
_DIGIT: Final = -2.0
_ASCII_MARK: Final = -2.6
# Signs that keep together: drawings, arrows, mathematics.
_DRAWN: Final = -3.2
_DRAWN_RANGE: Final = range(0x2190, 0x2600)
# Marks of European and Japanese punctuation, and of measures.
_FOREIGN_MARKS: Final = frozenset("’”»«°×±・〜")
_FOREIGN_MARK: Final = -3.0
# Superscripts and other small signs of mathematics.
_MATHEMATICAL: Final = frozenset("¬²³¹÷′″‴µªº")
_MATHEMATICAL_SIGN: Final = -4.0
# A combining mark, a symbol, a control or private-use character.
_ODD: Final = -6.0


def unigram_score(text: str) -> float:
    """log10 of the probability of a text if its characters had nothing to do with one another.

    >>> unigram_score("测试") > unigram_score("娴嬭瘯"), unigram_score("привет") > unigram_score("ІвКФ") * 6 / 4
    (True, True)
    """
    return sum(map(_PRICES.__getitem__, text))


def _price(char: str) -> float:
    if is_han(char):
        shares = (trigrams().share(heir) for heir in simplified_forms().get(char, char))
        return max((share for share in shares if share is not None), default=kanji_price(char) + _FOREIGN_HAN)
    if char.isdigit() and char.isascii():
        return _DIGIT
    word = WORDS.fullmatch(char)
    if word:
        script = word.lastgroup or ""
        return letter_price(char, script) + _FOREIGN_LETTER.get(script, _OTHER_SCRIPT)
    if ord(char) in _DRAWN_RANGE:
        return _DRAWN
    if char in _MATHEMATICAL or "⁰" <= char <= "⅏":
        return _MATHEMATICAL_SIGN
    if char in _FOREIGN_MARKS:
        return _FOREIGN_MARK
    found = mark_price(char, "是")  # behind a Han character, where marks stand most often
    if found <= UNUSUAL:
        return _ASCII_MARK if char.isascii() and char.isprintable() else _ODD
    return found


# Chinese text has some 9,000 different characters; each takes about 100 bytes.
_PRICES: Final = Memo(_price, most=20_000)
