"""What the letters cost that are not Han: words in the scripts that stand beside Chinese on the web.

A word is priced letter by letter, by how common its letters are and by where it has its capitals. That is little to
know of a language, and enough to tell a word from bytes of Chinese that were read as letters: those are as often
capital as small, and as often rare as common.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final
from unicodedata import normalize

from jiaokan.memo import remember

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
