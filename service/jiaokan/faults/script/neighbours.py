"""Neighbours that decide by themselves which simplified form a character has: 瞭望 but 了解, 神祇 but 只是.

Tables and nothing else. Characters around are in either script, because a page may have both.
"""

from __future__ import annotations

import re
from typing import Final

# The hundred commonest surnames and some that precede the names met with 乾 and 著.
SURNAMES: Final = (
    "王李张張劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何林高羅罗鄭郑梁謝谢宋唐許许韓韩馮冯鄧邓曹彭曾蕭肖萧田董潘袁"
    "蔡蔣蒋余于杜葉叶程魏蘇苏呂吕丁任盧卢姚沈鍾钟姜崔譚谭陸陆范汪廖石金韋韦賈贾夏付方鄒邹熊白孟秦邱侯江尹薛閻阎段雷"
    "龍龙史陶賀贺毛郝顧顾龔龚邵萬万覃武錢钱戴莫孔向常"
)

_Decided = dict[str, tuple[tuple[re.Pattern[str], str], ...]]


def _table(rows: dict[str, tuple[tuple[str, str], ...]]) -> _Decided:
    return {char: tuple((re.compile(pattern), form) for pattern, form in row) for char, row in rows.items()}


# What decides before OpenCC's phrases do: the first pattern that matches at the character.
FIRST: Final = _table(
    {
        "甚": (("甚", "什"),),  # these three are open only beside 麼, 標, 陶 and their like
        "座": (("座", "坐"),),
        "薰": (("薰", "熏"),),
        "衹": (("衹", "只"),),
        "覆": (("覆(?=[興制習雜查原數合古])", "复"),),  # s2t cuts 上复兴 into 上复 and 兴
        "瞭": (("瞭(?=[望哨亮高台])", "瞭"), ("瞭", "了")),
        "麽": (("(?<=[幺么])麽", "麽"), ("麽", "么")),
        "祇": (("(?<=[神地天僧靈灵百])祇|祇(?=[園樹洹陀园树])", "祇"), ("祇", "只")),
        "夥": (("(?<=[甚頗繁益])夥(?![伴計])|夥(?=頤)", "夥"), ("夥", "伙")),
        "於": (
            ("(?<=樊)於(?=期)|於(?=菟|梨[華华]|[潛潜][縣县鎮镇])|(?<!\\w)於(?=[潛潜])", "於"),
            ("(?<=姓)於|(?<!\\w)於(?=姓|氏|某|先生|女士|小姐|老[師师]|教授|太太)", "於"),
            ("於", "于"),
        ),
        "麴": (("(?<![酒紅红大米黃黄神])麴(?![酒菌黴霉塵蘗])", "麴"), ("麴", "曲")),
        "藉": (("(?<=[慰狼枕蘊蕴醞藉])藉|藉(?=藉)", "藉"),),
        "么": (("(?<=老)么|么(?=[妹弟女兒叔姑舅蛾])", "幺"),),
        "甦": (("(?<=[復复])甦|甦(?=[醒生活])", "苏"),),
        "甯": (("(?<=[安康])甯|甯(?=[靜静願愿])", "宁"),),
    }
)

# Dry, where phrases know no name with it.
DRY: Final = re.compile(
    "乾(?=[淨净燥杯脆枯涸旱果糧粮洗貨爽酪草巴癟電裂屍柴冰咳嘔嚎笑癬娘爹媽親透硬瘦濕渴熱掉了的菜拌炒撈煸鍋麵鮑])"
    "|(?<=[餅葡萄烘曬晒晾吹擦烤風牙豆筍肉口陰涼抹擰絞哭喝榨魚蝦果梅杏柿薯外未半很不太都已燒蒸脫瀝焙凍冷眼])乾"
    "|(?<=洋李)乾"
)
# A name: behind a surname (孫乾), or with a character between and what a name goes on with (郭振乾率領).
QIAN: Final = re.compile(
    f"(?<=[{SURNAMES}])乾|(?<=[{SURNAMES}]\\w)乾(?=[說说曰等任和與与及在為为先乃率介表強强指])|(?<!\\w)乾(?=[曰乃言])"
)
# What can be the rest of a name that the page has in full.
MAYBE_QIAN: Final = re.compile("(?:(?<!\\w)|(?<=[問问命令使特遣與与和對对向及]))乾")

# Where 著 can be 著 at all: beside a character that it makes a word with, or at the end of a clause.
MAYBE_ZHU: Final = re.compile(
    "(?<=[執执無知])著|(?<=[雜杂])著(?=\\W)|(?<=所)著(?=[的之書书\\W])|(?<=合)著(?=[者的過过了本都等\\W]|$)|(?<=[編编])著(?![辮辫草竹筐織织毛歌瞎謊谎])|著(?=[名作稱称者述書书錄录文譯译]|有[《多數数大一二三四五六七八九十\\W]|的?《|\\W|$)"
)
# Where it is: nothing that ends like this goes on with 着, but for verbs (議論著, 彰顯著, 翻譯著), and 張 as a verb has
# its objects.
ZHU: Final = re.compile(
    "(?<=[土原專专昭巨鉅卓遺遗拙])著|(?<=[顯显])(?<![彰凸突]顯)(?<![彰凸突]显)著|(?<=[論论])(?<![議討談爭辯評]論)(?<![议讨谈争辩评]论)著"
    "|(?<=[譯译])(?<![翻口]譯)(?<![翻口]译)著|(?<=名)(?<![簽签署報报]名)著|(?<=[新撰])著(?=[\\W的和與与])|(?<=微知|而知)著"
    "|(?<=[素馨])著(?=\\W)|(?<=[義义])著(?=[於于])|(?<=[張张])著(?![嘴口眼大手臂翅開开雙双血兩两一小網网弓燈灯帆旗牙])"
)
# Where an author may be named: 《中国文学史》，刘大杰著.
BY_AUTHOR: Final = re.compile("著(?=的?《|\\W|$)")
