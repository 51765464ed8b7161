"""Simplified and traditional forms of single characters, after the character tables of OpenCC.

``t2s`` of OpenCC leaves the forms of Hong Kong and Taiwan (衞, 枱, 著), the variants that the First Series of
Variant Characters (1955) replaced and the Table of General Standard Chinese Characters (2013) did not bring back
(姪, 菓, 砲), and Japanese forms (発, 対). Left out are variants that people bear in their names (珮, 祐, 喆) and those
that have several simplified forms.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

# The characters a GBK page can hold: the unified block and what GBK takes from the compatibility ideographs.
_CHARACTERS: Final = tuple(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))))


# Traditional characters that go back to more than one simplified one, and the simplified forms each of them may have.
# In the Table of General Standard Chinese Characters (2013) the character itself stays for one of its readings: 著 zhù,
# 乾 qián, 瞭 liào, 藉 jí, 徵 zhǐ, 夥 huǒ ("many"), 於 yū (a surname).
_HEIRS: Final = {"著": "着著", "乾": "干乾", "瞭": "了瞭", "藉": "借藉", "徵": "征徵", "夥": "伙夥", "於": "于於"}


def convert(text: str, config: str) -> str:
    """The text as OpenCC converts it under one of its configurations.

    >>> convert("乾隆乾淨", "t2s")
    '乾隆干净'

    Raises:
        UnicodeEncodeError: the text has a lone surrogate.
    """
    converted: str = _converter(config).convert(text)
    return converted


def simplify(text: str) -> str:
    """The text with each character in its simplified form, one by one: good for reading, too coarse for writing.

    >>> simplify("當地上門")
    '当地上门'
    """
    return text.translate(_simplified())


@cache
def simplified_forms() -> dict[str, str]:
    """For each traditional character the simplified ones it can go back to.

    >>> [simplified_forms().get(char) for char in "地當著"]
    [None, '当', '着著']
    """
    return {chr(code): char for code, char in _simplified().items()} | _HEIRS


def traditional_forms(char: str) -> tuple[str, ...]:
    """The traditional characters that ``char`` is the simplified form of, other than itself.

    >>> sorted(traditional_forms("发"))
    ['發', '髮']
    """
    return _traditional().get(char, ())


def differs_by_script(char: str) -> bool:
    """Whether the character is written otherwise in the other script.

    >>> [differs_by_script(char) for char in "現现你了"]  # 瞭 is a rarity, 了 serves both scripts
    [True, True, False, False]
    >>> differs_by_script("著")  # 着, most often
    True
    """
    return char in _twins() or char == "著"


@cache
def convertible() -> frozenset[str]:
    """The traditional characters: those that have a simplified form other than themselves."""
    return frozenset(map(chr, _simplified()))


@cache
def only_simplified() -> frozenset[str]:
    """The simplified characters that traditional text does not use: 现, not 了."""
    return _twins() - convertible()


@cache
def _converter(config: str) -> OpenCC:
    from opencc import OpenCC  # here, so that what converts nothing does not load it

    return OpenCC(config)


@cache
def _twins() -> frozenset[str]:
    converted = convert("\n".join(_CHARACTERS), "s2t").split("\n")
    simplified = (char for char, other in zip(_CHARACTERS, converted, strict=True) if char != other)
    return convertible() | frozenset(simplified)


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters and their simplified forms, where the two differ."""
    converted = convert("\n".join(_CHARACTERS), "t2s").split("\n")
    return {ord(char): other for char, other in zip(_CHARACTERS, converted, strict=True) if char != other}


@cache
def _traditional() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, char in _simplified().items():
        found[char] = (*found.get(char, ()), chr(code))
    return found


# Variants and what stands for them, in pairs.
_VARIANTS: Final = (
    "鼇鳌栢柏粺稗緥褓揹背俻备偪逼痺痹徧遍跴踩慙惭詧察塲场撦扯趂趁椉乘讐仇剏创躭耽櫈凳隄堤蜨蝶遯遁峩峨鵞鹅搤扼飜翻倣仿雰氛"
    "媍妇餻糕畊耕躳躬菓果圅函呌叫刼劫烱炯韮韭捄救肎肯敂叩袴裤餽馈瓈璃燐磷畱留霤溜畧略蔴麻楳梅瞇眯緜绵靣面玅妙拏拿煖暖"
    "砲炮掽碰缾瓶憇憩鎗枪琹琴坵丘毬球宂冗輭软蘂蕊饍膳佀似祘算墖塔牠它筩筒骽腿韈袜盌碗徃往朢望僊仙傚效効效壻婿諠喧硏研鴈雁"
    "燄焰騐验埜野迻移婬淫庽寓瘉愈寃冤搾榨阯址姪侄寘置呪咒甎砖槕桌椶棕伕夫疎疏踈疏攷考靑青郞郎戸户愼慎槪概淸清尙尚甁瓶竝并"
    "薙剃髣仿髴佛髩鬓鬂鬓珎珍皷鼓皼鼓賸剩賷赍勗勖勦剿蕚萼偺咱喒咱暱昵惪德愽博懽欢戞戛揑捏搥捶敺驱斲斫昬昏昻昂曡叠栞刊桮杯"
    "梹槟碁棋橜橛毧绒氷冰沍冱涖莅濶阔灋法烖灾菑灾熈熙煕熙觝抵甖罂罋瓮瘖喑皜皓睠眷瞖翳碪砧礟炮稺稚穉稚窻窗牕窗窓窗牎窗筯箸"
    "簷檐籐藤籨奁絏绁罸罚羇羁耡锄肐胳脇胁脗吻膓肠臈腊臯皋皐皋艢樯蔕蒂蕋蕊蘓苏蚘蛔蛕蛔蜋螂蟁蚊袵衽襃褒覩睹譌讹讙欢豓艳跥跺"
    "踁胫蹧糟躱躲迆迤迯逃逥回酧酬醻酬醕醇啣衔鑚钻閧哄陗峭隂阴隣邻霛灵鞌鞍頟额顋腮飃飘騣鬃髥髯鬀剃鼈鳖鹻碱麤粗龝秋"
    "衞卫敍叙枱台粧妆糭粽"
)
# Japanese forms that neither script of Chinese has, and what simplified text has for them. (円 is 圆 in names of
# currencies and shapes; 弁 and 芸 are characters of Chinese as well and stay.)
_JAPANESE: Final = (
    "両两乗乘亀龟亜亚仏佛仮假伝传価价倹俭児儿円圆処处剣剑剤剂剰剩労劳勅敕勧劝勲勋単单厳严収收営营噛啮団团囲围図图圏圈"
    "圧压塁垒塩盐増增壊坏壌壤壱壹売卖変变奨奖嬢娘実实寛宽対对専专尭尧巌岩巣巢巻卷帯带帰归庁厅広广廃废弐贰弾弹従从徳德徴征"
    "応应恵惠悩恼悪恶懐怀戦战戯戏戻戾払拂抜拔択择拝拜拠据拡扩挙举挿插捜搜掲揭掻搔揺摇摂摄撃击撹搅斉齐斎斋晩晚暁晓暦历曽曾"
    "栄荣桜樱桟栈検检楽乐様样権权歓欢歩步歯齿歳岁歴历毎每気气沢泽浄净涙泪渇渴済济渉涉渋涩渓溪満满滝泷瀬濑焼烧犠牺猟猎獣兽"
    "畳叠痩瘦発发県县砕碎稲稻穂穗穏稳穣穰竜龙粋粹粛肃経经絵绘継继続续総总縁缘縄绳縦纵繊纤繍绣聴听脳脑臓脏艶艳荘庄蔵藏薬药"
    "蛍萤蝋蜡覇霸覚觉覧览観观訳译読读譲让豊丰賛赞転转軽轻辺边逓递遅迟郷乡酔醉醤酱醸酿釈释鉄铁鉱矿銭钱鋳铸錬炼関关闘斗陥陷"
    "険险隠隐雑杂霊灵頼赖顕显駅驿駆驱騒骚験验髄髓髪发鴎鸥鶏鸡鹸碱黒黑黙默齢龄"
)
# Traditional characters, and simplified ones that traditional text has in another sense, with the simplified forms
# they may have: after OpenCC's TSCharacters and TSPhrases, the form that stands alone first.
_CHOICES: Final = {
    "著": "着著", "乾": "干乾", "瞭": "了瞭", "藉": "借藉", "徵": "征徵", "覆": "覆复", "於": "于於", "夥": "伙夥",
    "祇": "只祇", "衹": "只衹", "甯": "宁甯", "昇": "升昇", "陞": "升陞", "甦": "苏甦", "釐": "厘釐", "鍊": "炼链",
    "沈": "沈沉", "坏": "坏坯", "么": "么幺", "麽": "么麽", "逕": "径迳", "祕": "秘祕", "蒐": "搜蒐", "剋": "克剋",
    "鍾": "钟锺", "氾": "泛氾", "吒": "咤吒", "彷": "彷仿", "扞": "捍扞", "鉅": "巨钜", "脩": "修脩", "劄": "札劄",
    "薹": "苔薹", "袷": "夹袷", "谿": "溪谿", "噁": "恶噁", "濛": "蒙濛",
    "麴": "曲麴",
}  # fmt: skip


@cache
def to_simplified() -> dict[str, str]:
    """For each character that simplified text writes otherwise, what it has instead; Japanese forms are not among them.

    >>> to_simplified()["現"], to_simplified()["衞"], to_simplified()["姪"], "你" in to_simplified()
    ('现', '卫', '侄', False)
    """
    return {char: simplify(char) for char in convertible()} | _pairs(_VARIANTS)


@cache
def japanese_forms() -> dict[str, str]:
    """Japanese forms of characters and what simplified text has for them.

    >>> japanese_forms()["発"], "国" in japanese_forms()  # 国 is simplified as well
    ('发', False)
    """
    return _pairs(_JAPANESE)


def ambiguous_forms() -> dict[str, str]:
    """Characters with more than one simplified form, and these forms, the one to expect first.

    >>> ambiguous_forms()["乾"]
    '干乾'
    """
    return _CHOICES


@cache
def valid_in_simplified() -> frozenset[str]:
    """What has another form in simplified text although it is a simplified character as well: 著, 乾, 像.

    Those are the ones that GB 2312 has, less two that simplified text does not use all the same, and those that the
    Table of General Standard Chinese Characters of 2013 gave back to personal names (毕昇).
    """
    in_gb2312 = {char for char in {*convertible(), *ambiguous_forms()} if _is_in(char, "gb2312")}
    return frozenset({*"著昇陞甦氾勳颺甚像俱哩畫座薰", *in_gb2312} - {"後", "菸"})


def _is_in(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _pairs(text: str) -> dict[str, str]:
    return dict(zip(text[::2], text[1::2], strict=True))
