"""The sites that the bench makes up: which of the table a site replaces, in which order, and how its pages look.

The table: characters and readings seen on real pages first (``_SEEN``), then common characters that have another form
in simplified text, each with the first reading ``pypinyin`` gives. A real site uses one order; which one is not known,
so every site here has its own.

A site can also run the replacement over simplified text. No such page was seen whole; its table is taken to hold common
characters, whether or not they have another form: those of the table above, simplified, and as many of ``_SAME``.
The shares below say how often the bench shows a trait. They are chosen so that each
trait is measured by hundreds of documents, and are not estimates of how common it is on the web.
"""

from __future__ import annotations

import itertools
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from pypinyin import Style, pinyin

from bench.forward.damage import MARKS, SIMPLIFIED, Decoder, Folding, Site
from bench.forward.scripts import simplify, traditional

_SEEN: Final = (
    "網wǎng 發fā 聯lián 構gòu 業yè 規guī 據jù 優yōu 數shù 現xiàn 關guān 機jī 對duì 過guò 風fēng 權quán "
    "臺tái 應yīng 當dāng 來lái 務wù 險xiǎn 經jīng 環huán 結jié 戰zhàn 導dǎo 問wèn 進jìn 會huì 戶hù 內nèi "
    "術shù 個gè 節jié 門mén 點diǎn 強qiáng 統tǒng 態tài 動dòng 時shí 護hù 穩wěn 續xù 實shí 濟jì 產chǎn "
    "準zhǔn 絡luò 調diào 質zhì 見jiàn 譽yù 驗yàn 評píng 創chuàng 勢shì 標biāo 負fù 擔dān 線xiàn 請qǐng 場chǎng "
    "長zhǎng 轉zhuǎn 養yǎng 復fù 領lǐng 語yǔ 話huà 運yùn 無wú 稱chēng 計jì 執zhí 達dá 識shí 價jià 礎chǔ "
    "細xì 監jiān 設shè 學xué 夢mèng 嚴yán 訓xùn 報bào 預yù 驅qū 堅jiān 冊cè"
)
_COMMON: Final = (
    "國這為還書說間開電體總與員較區從種記樣華兩給題東讀將買資讓萬觀農車愛別裝幾黨軍熱"
    "認級單論難該張決議處氣選兒帶義圖頭費組辦隊滿團"
)
TABLE: Final[tuple[tuple[str, str], ...]] = (
    *((entry[0], entry[1:]) for entry in _SEEN.split()),
    *((char, pinyin(char, style=Style.TONE)[0][0]) for char in _COMMON),
)

_SAME: Final = (
    "人大上中下年月日生出成分行地用工方法同主合同民公司部本力政理化新能科高平水心市家文明天自作和重信金利安全路意"
    "表教通物加建原条件品道真正相向服技投融制度完目交老最提特北京南海城省月位名代反求百形少打手回接受造收流身起"
    "展快林色空近太失足根青助推快更此指改保包林增研究店世界基周使她他你们在有到也就很都不"
)
# Read in more ways than one; a table has one of them, and not always the one that comes first in a dictionary.
_OTHERWISE: Final = "长cháng 为wéi 行háng 重chóng 还huán 分fèn 相xiàng 应yìng 处chǔ 种zhòng 间jiàn 中zhòng"
SIMPLIFIED_TABLE: Final[tuple[tuple[str, str], ...]] = tuple(
    {
        **{simplify(char): reading for char, reading in TABLE},
        **{char: pinyin(char, style=Style.TONE)[0][0] for char in _SAME if simplify(char) == char},
    }.items()
)

_ENTRIES: Final = (5, 80)
_SCRIPTS: Final = {"site": 0.5, "s2t": 0.25, "s2tw": 0.25}
_DECODERS: Final = {"swallow": 0.5, "replace": 0.25, "drop": 0.25}
_FOLDINGS: Final = {"none": 0.45, "width": 0.45, "nfkc": 0.1}
_CONTROLS_MOST: Final = 5
# Of all sites; of a site's marks; of sites with the second rule; and so on.
_SECOND_RULE, _A_MARK, _BLANK, _PRIVATE, _CONVERTED, _TAGGED = 0.3, 0.8, 0.3, 0.5, 0.15, 0.3
# Straddling hits are rare. In this share of documents the site is given an entry that straddles there, if one does.
_STRADDLED = 0.6
_TONELESS, _FULLWIDTH, _TWICE = 0.05, 0.05, 0.05
# Of all sites; of the entries with another reading.
_UNCONVERTED, _READ_OTHERWISE = 0.1, 0.5


def draw(seed: object, text: str = "") -> Site:
    """A site; the same seed and text give the same one. See ``_STRADDLED`` for what the text does."""
    rng = random.Random(repr(seed))
    site = _converting(rng, text)
    return _unconverted(rng, site, text) if rng.random() < _UNCONVERTED else site


def unconverted(rng: random.Random, text: str = "") -> Site:
    """A site that runs its replacement over simplified text."""
    return _unconverted(rng, _converting(rng, text), text)


def straddling(text: str, table: Sequence[tuple[str, str]] = TABLE) -> list[tuple[str, str]]:
    """The entries of the table that two neighbouring characters of ``text`` spell between them."""
    raw = [char.encode("gb18030") for char in text]
    pairs = {before[-1:] + after[:1] for before, after in itertools.pairwise(raw)}
    return [entry for entry in table if entry[0].encode("gb18030") in pairs]


def _converting(rng: random.Random, text: str) -> Site:
    size = rng.randint(*_ENTRIES)
    entries = rng.sample(TABLE, size)
    if rng.random() < _TONELESS:
        entries = [(char, toneless(reading)) for char, reading in entries]
    script = _one(rng, _SCRIPTS)
    if rng.random() < _STRADDLED and (hits := straddling(traditional(text, script))):
        entries.insert(rng.randint(0, size), rng.choice(hits))
    return Site(
        tuple(dict(entries).items()),
        script=script,
        decoder=cast(Decoder, _one(rng, _DECODERS)),
        controls=_controls(rng) if rng.random() < _SECOND_RULE else {},
        blank=rng.random() < _BLANK,
        private=rng.random() < _PRIVATE,
        folding=cast(Folding, _one(rng, _FOLDINGS)),
        converted=rng.random() < _CONVERTED,
        tagged=rng.random() < _TAGGED,
        fullwidth=rng.random() < _FULLWIDTH,
        runs=2 if rng.random() < _TWICE else 1,
    )


def _unconverted(rng: random.Random, site: Site, text: str) -> Site:
    """The site with a table for simplified text; all else as it is."""
    others = {entry[0]: entry[1:] for entry in _OTHERWISE.split() if rng.random() < _READ_OTHERWISE}
    table = [(char, others.get(char, reading)) for char, reading in SIMPLIFIED_TABLE]
    size = rng.randint(*_ENTRIES)
    entries = rng.sample(table, size)
    if rng.random() < _STRADDLED and (hits := straddling(text, table)):
        entries.insert(rng.randint(0, size), rng.choice(hits))
    if is_toneless(site):
        entries = [(char, toneless(reading)) for char, reading in entries]
    return replace(site, entries=tuple(dict(entries).items()), script=SIMPLIFIED, converted=False)


def toneless(reading: str) -> str:
    """
    >>> toneless("lǜ"), toneless("xiàn")
    ('lü', 'xian')
    """
    apart = unicodedata.normalize("NFD", reading)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c) or c == "\u0308"))


def _controls(rng: random.Random) -> dict[str, str]:
    marks = [mark for mark in MARKS if rng.random() < _A_MARK]
    rng.shuffle(marks)
    return {mark: "".join(rng.choices("\x05\x06\x07\x08", k=rng.randint(1, _CONTROLS_MOST))) for mark in marks}


def _one(rng: random.Random, shares: dict[str, float]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def is_toneless(site: Site) -> bool:
    """Whether a site writes readings without tone marks."""
    return all(toneless(reading) == reading for _, reading in site.entries)
