"""Blanks: which a layout left, and which set apart what is apart."""

from __future__ import annotations

import pytest

from jiaokan.faults.codepoints import blanks
from jiaokan.faults.codepoints.spaced import spaced


def without(text: str) -> str:
    """The text without the blanks that are found in it."""
    starts = {finding.edits[0].start: finding.edits[0].end for finding in blanks.find(text)}
    made, at = "", 0
    for start in sorted(starts):
        made, at = made + text[at:start], starts[start]
    return made + text[at:]


@pytest.mark.parametrize(
    "text",
    [
        "我 们 的 产 品",
        "我\u3000们\u3000的\u3000产\u3000品",
        "第 一 章 总 则",
        "注 意 事 项",
        "民 事 判 决 书",
        "我们 的 产品 很 好",
        "会议 由 市长 主持 ， 并 作 了 重要 讲话 。",
        "姓 名：李明",
        "今天 天气 真 好 啊 ，我们 去 公园 玩 吧 ！",
        "北 京 市 海 淀 区 人 民 法 院",
        "这个借 款人",
        "不含早 餐的房价偏高",
    ],
)
def test_a_layout_is_undone(text: str) -> None:
    assert without(text) == text.replace(" ", "").replace("\u3000", "")


@pytest.mark.parametrize(
    "text",
    [
        "张 三",
        "张\u3000三\u3000李\u3000四",
        "李 小明",
        "通过 与借款人",
        "姓 名\u3000性 别",
        "春 夏 秋 冬",
        "大 小 多 少 上 下 来 去",
        "山 石 田 土 日 月",
        "一 二 三 四 五 六 七 八 九 十",
        "我 爱 你",
        "呵 呵 呵",
        "中 国 China 人 民",
        "价格便宜 下次还来 。",
        "首页 公司简介 产品中心 联系我们",
        "亲情 爱情 友情",
        "服务不错 价格便宜 下次还来",
        "3999的 价格 没得说",
        "東京 大学の学生は図書 館で",
        "人民 银行 工商 银行",
        "常用的 ，通过",
        "包括 。",
        "三 ： 一",
        "姓名 ：李明",
        "见 http://a.com/文件 ，或者",
        "Firefox ，很好用",
    ],
)
def test_what_is_apart_stays_apart(text: str) -> None:
    assert without(text) == text


@pytest.mark.parametrize("blank", [" ", "  ", "\u3000"])
def test_any_blanks_before_a_mark_go(blank: str) -> None:
    assert without(f"我们到了{blank}，你们呢{blank}？") == "我们到了，你们呢？"


def test_a_table_with_two_kinds_of_blanks_is_no_spaced_text() -> None:
    assert list(spaced("姓 名\u3000性 别\u3000年 龄")) == []
