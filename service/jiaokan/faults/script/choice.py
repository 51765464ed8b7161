"""Which simplified form a character has that may have several: by phrase, by word, by the language model.

Phrases are those of OpenCC. Where they are silent, the words around the place decide, and where these are silent, what
stands alone most often. Rules of this file: it speaks of traditional passages, where nobody chose the character as it
stands among several; the result is one of ``choices()`` or the character itself.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from jiaokan.lexicon import START
from jiaokan.lexicon.forms import choices
from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.plausibility import word_price
from jiaokan.lexicon.variants import convert, only_simplified, simplify

# Longer words are compounds of shorter ones or titles and decide nothing.
LONGEST_WORD: Final = 4
_REACH: Final = LONGEST_WORD - 1  # how many characters to either side one word with this character can take in
NO_WORD: Final = float("-inf")
# OpenCC's phrases with an open character have seven characters at most, but for one.
_PHRASE: Final = 6
# At the end of a clause 着 is at least this probable, log10, behind what is a verb: 闲聊 -2.0, 等待 -1.7, 微笑 -0.4;
# behind the names of authors it has -3.9 to -4.1.
BEHIND_VERB: Final = -3.0
# A page that writes 着 too means 著 by 著. It has to read better as 着 by this much, log10, to count as a slip.
_TOLD_APART: Final = 2.0
# How much better, log10, it has to read as the second form, which the model takes to be the commoner or the rarer word.
_LEAD: Final = {"乾": 0.0, "沈": 1.0, "像": 0.0, "畫": 0.0, "么": 0.0, "徵": 0.5, "藉": 0.5, "鍊": 1.0}
# Names keep these but in the words that the other form makes.
_NAMES: Final = {
    "甦": re.compile("(?<=[復复])甦|甦(?=[醒生活])"),
    "甯": re.compile("(?<=[安康])甯|甯(?=[靜静願愿])"),
}
_SECOND: Final = {"像": "像象", "畫": "画划"}
# What decides by itself: 瞭望, 神祇, 甚夥.
_STAYS: Final = {
    "瞭": re.compile("瞭(?=[望哨亮高台])"),
    "麽": re.compile("(?<=[幺么])麽"),
    "祇": re.compile("(?<=[神地天僧靈灵百])祇|祇(?=[園樹洹陀园树])"),
    "夥": re.compile("(?<=[甚頗繁益])夥(?![伴計])|夥(?=頤)"),
    "於": re.compile(
        "(?<=樊)於(?=期)|於(?=[潛菟]|梨華)|(?<=姓)於|(?<!\\w)於(?=姓|氏|某|先生|女士|小姐|老師|教授|太太)"
    ),
    "藉": re.compile("(?<=[慰狼枕蘊蕴醞])藉|藉(?=藉)|(?<=藉)藉"),
}
_SURNAMES: Final = (
    "王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何林高羅罗鄭郑梁謝谢宋唐許许韓韩馮冯鄧邓曹彭曾蕭肖萧田董潘袁蔡蔣蒋余于杜葉叶"
    "程魏蘇苏呂吕丁任盧卢姚沈鍾钟姜崔譚谭陸陆范汪廖石金韋韦賈贾夏付方鄒邹熊白孟秦邱侯江尹薛閻阎段雷龍龙史陶賀贺毛郝顧顾龔龚邵萬万覃武錢钱戴莫孔向常"
)
# 孫乾, 郭振乾: behind a surname, and with one character between at the end of the name.
_QIAN: Final = re.compile(
    f"(?<=[{_SURNAMES}])(?<!洋李)乾|(?<=[{_SURNAMES}]\\w)乾(?=[說说曰等任和與与及在為为先乃率介表強强指])|(?<!\\w)乾(?=[曰乃言])"
)
_DRY: Final = re.compile(
    "乾(?=[淨净燥杯脆枯涸旱果糧粮洗貨爽酪草巴癟瘪電裂屍柴冰咳嘔嚎笑癬娘爹媽親透硬瘦濕渴熱掉了的癟菜拌炒撈煸鍋麵鮑])"
    "|(?<=[餅葡萄烘曬晒晾吹擦烤風牙豆筍肉口陰涼抹擰絞哭喝榨魚蝦果梅杏柿薯外未半很不太都已燒蒸脫瀝焙凍冷眼])乾|(?<=洋李)乾"
)


# What can be the rest of a name that the page has in full.
_MAYBE_QIAN: Final = re.compile("(?:(?<!\\w)|(?<=[問问命令使特遣與与和對对向及]))乾")
_YOUNGEST: Final = re.compile("(?<=老)么|么(?=[妹弟女兒叔姑舅蛾雞雞])")


def form(text: str, at: int, told_apart: bool) -> str:
    """The simplified form of the character at ``at`` of a traditional passage; ``told_apart``: the page writes 着 too.

    >>> form("乾隆年間，天氣乾燥", 0, False), form("乾隆年間，天氣乾燥", 7, False)
    ('乾', '干')
    """
    char = text[at]
    if char == "著":
        return zhe_or_zhu(text, at, told_apart)
    if char == "甚":
        return "什"
    if char in _STAYS:
        return char if _STAYS[char].match(text, at) else choices()[char][0]
    if char == "衹":
        return "只"
    if char == "么" and _YOUNGEST.match(text, at):
        return "幺"
    phrase = _by_phrase(text, at)
    if phrase == simplify(char) and char in _NAMES:
        return choices()[char][0] if _NAMES[char].match(text, at) else char
    if phrase != simplify(char) or char not in _LEAD:
        return phrase
    if char == "乾" and _DRY.match(text, at):
        return "干"
    if char == "乾" and (_QIAN.match(text, at) or (_MAYBE_QIAN.match(text, at) and _QIAN.search(text))):
        return "乾"
    first, second = _SECOND.get(char) or choices()[char]
    return second if _leads(text, at, first, second) > _LEAD[char] else first


def zhe_or_zhu(text: str, at: int, told_apart: bool) -> str:
    """着 or 著, whichever reads better where the page has 著."""
    if not told_apart and not _may_be_zhu().match(text, at):
        return "着"
    if not is_han(text[at + 1 : at + 2]) and follows_author(text, at):
        return "著"
    return "着" if _leads(text, at, "著", "着") > _TOLD_APART * told_apart else "著"


def follows_author(text: str, at: int) -> bool:
    """Whether the 著 that ends a clause at ``at`` makes no word and follows no verb."""
    if best_word(text, at, "着") > NO_WORD or best_word(text, at, "著") > NO_WORD:
        return False
    before = START.extend(text[max(0, at - _REACH) : at])
    return before.extend("着", literal=True).score - before.score < BEHIND_VERB


def best_word(text: str, at: int, char: str) -> float:
    """The price of the commonest word of two characters or more that has ``char`` at ``at``."""
    left, right = simplify(text[max(0, at - _REACH) : at]), simplify(text[at + 1 : at + 1 + _REACH])
    words = (
        left[len(left) - i :] + char + right[:j]
        for i in range(len(left) + 1)
        for j in range(len(right) + 1)
        if 0 < i + j < LONGEST_WORD
    )
    return max((price for word in words if (price := word_price(word)) is not None), default=NO_WORD)


def _leads(text: str, at: int, first: str, second: str) -> float:
    """log10 of how much likelier the words around ``at`` are with ``second`` there than with ``first``."""
    before, after = START.extend(text[max(0, at - _REACH) : at]), text[at + 1 : at + 1 + _REACH]
    one, other = (before.extend(char, literal=True).extend(after).score for char in (first, second))
    return other - one


def _by_phrase(text: str, at: int) -> str:
    """The character at ``at`` as OpenCC converts it where it stands, also where the text around it is simplified by now."""
    plain = simplify(text[at])
    before, after = text[max(0, at - _PHRASE) : at], text[at + 1 : at + 1 + _PHRASE]
    found = _converted(before, text[at], after)
    if found == plain and any(char in only_simplified() for char in before + after):
        found = _converted(convert(before, "s2t"), text[at], convert(after, "s2t"))
    return found or plain


def _converted(before: str, char: str, after: str) -> str:
    window = before + char + after
    converted = convert(window, "t2s")
    return converted[len(before)] if len(converted) == len(window) else ""


@cache
def _may_be_zhu() -> re.Pattern[str]:
    """Where 著 can be 著: beside a character that it makes a word with, or at the end of a clause."""
    left, right = (
        "顯土原編名合專執昭巨論卓譯撰無雜新遺拙知所大张張劉显编专执论译杂遗",
        "名作稱有者述書錄文成於權譯称书录权译",
    )
    return re.compile(f"(?<=[{left}])著|著(?=[{right}]|\\W|$)")
