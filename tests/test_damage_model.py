"""The forward model of ``bench.forward.damage`` makes, to the character, every damaged piece the field guide shows."""

import re
from pathlib import Path

import pytest

from bench.forward import damage, sites
from bench.forward.scripts import simplify


def table(entries):
    """'現xiàn 數shù' as entries, in this order."""
    return tuple((entry[0], entry[1:]) for entry in entries.split())


def page(clean, entries="", **options):
    return damage.damage(clean, damage.Site(table(entries), **options))


# Clean text, the entries of the table that took part, in their order, and a piece of the page.
FIRST_RULE = [
    ("现代", "現xiàn", "現(xiàn)代"),
    ("数据", "數shù 據jù", "數(shù)據(jù)"),
    ("发展", "發fā", "發(fā)展"),
    ("当地上门", "數shù", "當?shù)厣祥T"),
    ("不当的催收方式可能引发借款人", "數shù 發fā", "不當?shù)拇呤辗绞娇赡芤l(fā)借款人"),
    ("因为各种原因", "驗yàn", "因?yàn)楦鞣N原因"),
    ("能够为从业者", "驗yàn 業yè", "能夠?yàn)閺臉I(yè)者"),
    (
        "了解这些原因对于制定有效的催收策略至关重要",
        "驅qū",
        "了解這些原因?qū)τ谥贫ㄓ行У拇呤詹呗灾陵P重要",
    ),
    ("恰当的语言", "數shù 當dāng", "恰當(dāng)?shù)恼Z言"),
    ("一款App", "預yù", "一款A(yù)pp"),
    ("到YouTube", "結jié", "到Y(jié)ouTube"),
    ("”Ortenburger", "監jiān", "”O(jiān)rtenburger"),
    ("能够以Open", "設shè", "能夠以O(shè)pen"),
    ("张咏棋,汤", "堅jiān", "張?jiān)伷?湯"),
    ("充实公司&nbsp;", "嵐lán", "充實?lán)?nbsp;"),
    ("流畅库。</span>", "硯yàn", "流暢?yàn)臁?/span>"),
]


@pytest.mark.parametrize(("clean", "entries", "damaged"), FIRST_RULE)
def test_first_rule(clean, entries, damaged):
    assert page(clean, entries).text == damaged


def test_a_site_that_converts_nothing():
    assert page("新能源科学", "新xīn 能néng 学xué", script="simplified").text == "新(xīn)能(néng)源科学(xué)"


def test_private_character_kept_or_vanished():
    clean = "人们日常生活中不可或缺的一部分。随着"
    assert page(clean, "內nèi", private=True).text == "人們?nèi)粘I\ue30a钪胁豢苫蛉钡囊徊糠帧kS著"
    assert page(clean, "內nèi").text == "人們?nèi)粘I钪胁豢苫蛉钡囊徊糠帧kS著"


SECOND_RULE = [
    ("借款人。快速的贷款", "。？", "width", "", "借款人??焖俚馁J款"),
    ("形式。“我从中", "。！", "none", "", "形式?！拔覐"),
    ("协作。现在", "。，", "none", "現xiàn", "協作?，F(xiàn)在"),
    ("环保科技", "？", "none", "", "環?？萍"),
    ("振动小；", "。", "none", "", "振動?。?"),
]


@pytest.mark.parametrize(("clean", "marks", "folding", "entries", "damaged"), SECOND_RULE)
def test_second_rule(clean, marks, folding, entries, damaged):
    controls = dict.fromkeys(marks, "\x06")
    assert page(clean, entries, controls=controls, folding=folding).text.startswith(damaged)


def test_blank_for_control_characters():
    options = {"controls": {"，": "\x05\x08\x07"}, "folding": "none"}
    assert page("拍摄，“从", blank=True, **options).text == "拍攝 ，“從"
    assert page("拍摄，“从", **options).text == "拍攝，“從"


@pytest.mark.parametrize(
    ("decoder", "shown"), [("swallow", "當?shù)厣祥T"), ("replace", "當\ufffd(shù)厣祥T"), ("drop", "當(shù)厣祥T")]
)
def test_lost_byte(decoder, shown):
    assert page("当地上门", "數shù", decoder=decoder).text == shown


def test_spot_of_a_straddling_hit():
    (spot,) = page("当地上门", "數shù").spots
    made = page("当地上门", "數shù")
    assert spot.kinds == {damage.Kind.STRADDLING}
    assert (made.text[spot.start : spot.end], made.clean[spot.clean_start : spot.clean_end]) == (
        "?shù)厣祥T",
        "地上门",
    )


def test_spots_are_the_whole_difference():
    """Put the clean side of every spot in its place, simplify the rest, and the clean text is back."""
    clean = "随着互联网金融的发展，数据分析在催收中的应用越来越普遍。\n一款App当地上门，快速的贷款！"
    for seed in range(300):
        made = damage.damage(clean, sites.draw(seed))
        pieces, at = [], 0
        for spot in made.spots:
            pieces += [made.text[at : spot.start], made.clean[spot.clean_start : spot.clean_end]]
            at = spot.end
        rest = simplify("".join([*pieces, made.text[at:]]))
        assert rest.replace("著", "着") == simplify(made.clean).replace("著", "着")


def test_table_is_what_the_guide_says():
    assert len(sites.TABLE) == len(dict(sites.TABLE)) == 155
    assert all(simplify(char) != char for char, _ in sites.TABLE)
    assert all(simplify(char) == char for char, _ in sites.SIMPLIFIED_TABLE)


# The entries whose hits straddle on the seeds; their characters stand nowhere on the page. They ran before the others.
STRADDLED = table("數shù 驗yàn 驅qū 內nèi 冊cè")
SEEDS = sorted((Path(__file__).parents[1] / "fixtures" / "seeds").glob("*.source.txt"))


def test_there_are_five_seeds():
    assert len(SEEDS) == 5


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name[:3])
def test_real_pages_to_the_character(seed):
    """The gold text, damaged with the entries read off the page, is the page."""
    real = seed.read_text(encoding="utf-8")
    clean = Path(str(seed).replace(".source.", ".clean.")).read_text(encoding="utf-8")
    straddled = {char: reading for char, reading in STRADDLED if f"?{reading})" in real}
    entries = straddled | dict(re.findall(r"([\u4e00-\u9fff])\(([^)]+)\)", real))
    # One page shows that its site ran the second rule on ？ alone, or that no other mark was straddled there.
    controls = {"？": "\x05"} if "??" in real else {}
    site = damage.Site(tuple(entries.items()), controls=controls, private="\ue30a" in real)
    assert damage.damage(clean, site).text == real
