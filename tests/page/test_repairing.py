"""A text is given, its repair is shown, decided about, and taken along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import jiaokan
from page.onpage import LISTED, SAMPLES, Open, answered, paste, repaired, sample, taken
from page.unified import patched

DAMAGED, CLEAN = "及貸當(dāng)?shù)厣祥T催收", "及贷当地上门催收"


COLUMN = """cells => cells.map((cell) => {
    const copy = cell.cloneNode(true);
    for (const flag of copy.querySelectorAll(".flag")) flag.remove();
    return copy.textContent;
})"""


def shown(page: Page, side: str) -> str:
    """All of one column, line by line; what is in it stands there as it is, whatever it looks like."""
    return "\n".join(page.locator(f"#rows .cell.{side}").evaluate_all(COLUMN))


def test_what_is_pasted_is_repaired(page: Page) -> None:
    paste(page, DAMAGED)
    answered(page)
    assert (shown(page, "source"), shown(page, "text")) == (DAMAGED, CLEAN)
    assert page.locator(".cell.source del.mark").count() == page.locator(".cell.text ins.mark").count() == 3
    assert page.locator("[data-field=charset] dd").inner_text() == "came as text"
    assert page.locator("[data-field=changed] dd strong").inner_text() == f"16 of {len(DAMAGED)}"


def test_what_is_typed_is_repaired_once_nothing_is_typed_any_more(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/v1/" in request.url else None)
    page.locator("#given").press_sequentially("現代金融", delay=20)
    expect(page.locator("#rows .cell.text")).to_have_text("现代金融")
    assert len(asked) == 1
    page.locator("#given").fill("")
    expect(page.locator("#result")).to_be_hidden()


@pytest.mark.parametrize("name", LISTED)
def test_a_sample_shows_what_the_library_makes_of_it(page: Page, name: str) -> None:
    repair = repaired(name)
    sample(page, name)
    if len(repair.source.text) < 500:  # all of it is drawn
        assert shown(page, "source") == repair.source.text.rstrip("\n")
        assert shown(page, "text") == repair.text.rstrip("\n")
    assert taken(page, "text") == repair.text
    counts = page.locator("#legend .count:not(.open)").all_inner_texts()
    assert sum(int(count.replace(",", "")) for count in counts) == len(repair.edits)
    charset = page.locator("[data-field=charset] dd strong").inner_text()
    assert charset.lower().split() == [repair.source.charset, "100%"]


def test_a_file_in_gbk_is_read_by_the_service(page: Page, tmp_path: Path) -> None:
    text = "春眠不覺曉，處處聞啼鳥。\r\n夜來風雨聲，花落知多少。\r\n𠮷野家與𠮷田。\r\n"
    path = tmp_path / "孟浩然 詩.txt"
    path.write_bytes(text.encode("gb18030"))
    page.locator("#file").set_input_files(path)
    answered(page)
    expect(page.locator("#document-name")).to_have_text(f"孟浩然 詩.txt · {path.stat().st_size} bytes")
    assert page.locator("[data-field=charset] strong").inner_text().startswith("GB18030")
    told = json.loads(taken(page, "json"))
    # The answer has no source text: the page undoes the edits, which count code points, amid astral characters.
    assert told["source"] == text
    assert told["text"] == taken(page, "text") == jiaokan.repair(text).text


def test_a_file_can_be_dropped(page: Page) -> None:
    data = page.evaluate_handle(
        "() => { const data = new DataTransfer();"
        "data.items.add(new File([new Uint8Array([0xce, 0xca, 0xee, 0x7d])], 'gbk.txt')); return data; }"
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": data})
    expect(page.locator("#drop")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": data})
    expect(page.locator("#drop")).to_be_hidden()
    answered(page)
    expect(page.locator("#document-name")).to_have_text("gbk.txt · 4 bytes")


def test_what_was_typed_is_still_there_after_a_sample(page: Page) -> None:
    page.locator("#given").fill("問題")
    sample(page, "gaps")
    assert page.url.endswith("/#sample=gaps")
    page.locator("#remove").click()
    expect(page.locator("#rows .cell.text")).to_have_text(["问题"])
    assert "#" not in page.url
    sample(page, "gbk-bytes").locator("#as-text").click()
    expect(page.locator("#given")).to_have_value(repaired("gbk-bytes").source.text)


def test_options_are_those_of_the_service(page: Page) -> None:
    sample(page, "traditional")
    page.locator("select[name=script]").select_option("keep")
    expect(page.locator("[data-field=edits] strong")).to_have_text("0")
    assert taken(page, "text") == repaired("traditional", script="keep").text
    page.locator("select[name=script]").select_option("simplified-cn")
    expect(page.locator("#rows")).to_contain_text("硬盘")
    page.locator("[name=punctuation]").select_option("fullwidth")
    page.locator("[name=consent]").select_option("certain")
    page.locator("[name=look-gaps]").uncheck()
    expect(page.locator("#legend [data-fault=script] .count.open")).to_be_visible()
    told = json.loads(taken(answered(page), "json"))
    options = {"script": "simplified-cn", "punctuation": "fullwidth", "consent": "certain", "skip": ["gaps"]}
    assert told["options"] == options
    assert told["text"] == repaired("traditional", **options).text


def test_unseen_characters_are_named_in_both_columns(page: Page) -> None:
    sample(page, "unseen")
    found = ("U+200B ZWSP", "U+202D LRO", "U+F8F5 PUA")
    for side, name in (*(("source", name) for name in found), ("text", "U+F8F5 PUA")):
        box = page.locator(f".cell.{side} .token[data-name='{name}']").first
        assert box.evaluate("node => getComputedStyle(node, '::before').content") == f'"{name}"'
        assert box.bounding_box()["width"] > 30  # pixels: it is seen
    page.locator("#remove").click()
    paste(page, "甲\u0378乙\U000e0100丙\x85丁\ud7ff\u3000戊\n\t")
    answered(page)
    names = page.locator(".cell.source .token").evaluate_all("nodes => nodes.map(node => node.dataset.name)")
    assert names == ["U+0378 N/A", "U+E0100 VS", "U+0085 NEL", "U+D7FF N/A"]


def test_a_doubt_is_accepted_and_refused_by_mouse(page: Page) -> None:
    doubt = repaired("gaps").doubts[1]
    assert [fill.text for fill in doubt.fills[:2]] == ["电话", "方法"]
    flag = sample(page, "gaps").locator(".cell.text .flag").nth(1)
    flag.hover()
    card = page.locator("#card")
    expect(card).to_contain_text(doubt.evidence)
    card.get_by_role("button", name="方法").click()
    expect(page.locator("#rows .cell.text").nth(1)).to_contain_text("催收人员通常通过✓方法与借款人沟通")
    expect(page.locator("[data-field=doubts] .aside")).to_have_text("2 open · 1 accepted · 0 refused")
    assert "通过方法与借款人沟通" in taken(page, "text")
    flag.hover()
    card.get_by_role("button", name="Refuse").click()
    expect(page.locator("[data-field=doubts] .aside")).to_have_text("2 open · 0 accepted · 1 refused")
    assert taken(page, "text") == repaired("gaps").text
    flag.hover()  # the card closes a while after the mouse has left for the button that copies
    card.get_by_role("button", name="Refuse").click()  # taken back
    expect(page.locator("[data-field=doubts] .aside")).to_have_text("3 open · 0 accepted · 0 refused")


def test_a_doubt_is_accepted_and_refused_by_keyboard(page: Page) -> None:
    sample(page, "gaps").locator("#next-doubt").press("Enter")
    page.keyboard.press("a")
    expect(page.locator("#rows .cell.text").first).to_contain_text("随之而来的催收问✓题也日益突出")
    page.locator("#next-doubt").press("Enter")
    page.keyboard.press("2")
    expect(page.locator("#rows .cell.text").nth(1)).to_contain_text("通过✓方法与借款人")
    page.keyboard.press("n")  # an edit: it is undone and made again
    for text in ("解决问的办法", "解决问题的办法"):
        page.keyboard.press("u")
        expect(page.locator("#rows .cell.text").nth(2)).to_contain_text(text)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("r")
    expect(page.locator("[data-field=doubts] .aside")).to_have_text("0 open · 2 accepted · 1 refused")
    page.keyboard.press("Enter")  # into the card
    expect(page.locator("#card .choice").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    expect(page.locator("#rows .flag").nth(5)).to_be_focused()
    told = json.loads(taken(page, "json"))
    assert told["decisions"] == [
        {"doubt": 0, "state": "accepted", "after": "题"},
        {"doubt": 1, "state": "accepted", "after": "方法"},
        {"doubt": 2, "state": "refused"},
    ]
    assert told["doubts"] == {"open": 0, "accepted": 2, "refused": 1}


def test_an_edit_is_undone_and_made_again(page: Page) -> None:
    paste(page, DAMAGED)
    answered(page).locator("ins.alignment").click()
    page.locator("#card").get_by_role("button", name="Undo").click()
    assert shown(page, "text") == "及贷当?shù)厣祥T催收"
    assert taken(page, "text") == "及贷当?shù)厣祥T催收"
    expect(page.locator("[data-field=edits] dd")).to_contain_text("1 not made")
    page.locator("#card").get_by_role("button", name="Make it again").click()
    assert shown(page, "text") == CLEAN


def test_a_card_says_what_why_and_how_sure(page: Page) -> None:
    paste(page, DAMAGED)
    answered(page).locator("del.alignment").hover()
    change = jiaokan.repair(DAMAGED).changes[-1]
    card = page.locator("#card")
    expect(card.locator(".change")).to_have_text("?shù)厣祥T→地上门")
    expect(card.locator(".evidence")).to_have_text(change.evidence)
    expect(card.locator(".evidence")).to_have_attribute("lang", "en")
    expect(card.locator(".head")).to_contain_text("Alignmentprobable · ")
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_the_legend_filters_what_is_marked_and_what_keys_reach(page: Page) -> None:
    sample(page, "out-of-step")
    marks = page.locator("#rows .annotation")
    assert marks.count()
    text = taken(page, "text")
    page.locator("#legend input[name=annotation]").uncheck()
    page.locator("#legend input[name=script]").uncheck()
    assert marks.count() == page.locator("#rows .mark.script").count() == 0
    page.locator("#next").click()
    expect(page.locator("#card .head")).to_contain_text("Alignment")
    assert taken(page, "text") == text
    page.locator("#legend input[name=annotation]").check()
    assert marks.count()


def test_what_is_copied_is_the_text(page: Page) -> None:
    sample(page, "gaps").locator("#next-doubt").click()
    page.keyboard.press("a")
    page.locator("#copy").click()
    expect(page.locator("#copy")).to_have_text("Copied.")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == taken(page, "text") != repaired("gaps").text


@pytest.mark.parametrize("name", ["out-of-step", "annotated", "mojibake", "unseen", "gaps"])
def test_the_diff_is_one_that_patch_takes(page: Page, name: str, tmp_path: Path) -> None:
    sample(page, name)
    if name == "gaps":
        page.locator("#next-doubt").click()
        page.keyboard.press("a")
    check_diff(page, tmp_path, repaired(name).source.text)


@pytest.mark.parametrize(
    "text", ["問題", "甲\n乙\n問題", "無\n\n\n\n\n\n\n\n\n是\n\n", "問題\r\n您好\r\n", "我\u200b\n\u200b們"]
)
def test_a_diff_minds_line_ends(page: Page, text: str, tmp_path: Path) -> None:
    page.locator("#file").set_input_files({"name": "a b.txt", "mimeType": "text/plain", "buffer": text.encode()})
    check_diff(answered(page), tmp_path, text)


def check_diff(page: Page, folder: Path, source: str) -> None:
    """Take the diff and apply it to the source: the text comes out."""
    assert patched(source, taken(page, "diff"), folder) == taken(page, "text") != source


def test_a_link_brings_the_view_back(page: Page, open_page: Open) -> None:
    sample(page, "gaps")
    page.locator("[name=consent]").select_option("certain")
    page.locator("[name=look-script]").uncheck()
    answered(page).locator("#next-doubt").click()
    page.keyboard.press("r")
    page.locator("#next-doubt").click()
    page.keyboard.press("2")
    page.locator("#legend input[name=gaps]").uncheck()
    page.locator("#copy-link").click()
    expect(page.locator("#copy-link")).to_have_text("Copied.")
    link = page.evaluate("() => navigator.clipboard.readText()")
    other = answered(open_page(f"#{link.partition('#')[2]}"))
    for part in ("text", "json"):
        assert taken(other, part) == taken(page, part)
    assert "方法" in taken(other, "text")
    expect(other.locator("#legend input[name=gaps]")).not_to_be_checked()
    expect(other.locator("[name=consent]")).to_have_value("certain")
    expect(other.locator("[name=look-script]")).not_to_be_checked()


def test_a_link_to_nothing_says_so(open_page: Open) -> None:
    page = open_page("#sample=<b>none</b>")
    expect(page.get_by_role("alert")).to_have_text("There is no sample called <b>none</b>.")
    page.evaluate("() => { location.hash = 'sample=clean&script=nonsense'; }")
    expect(answered(page).locator("#clean")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_text_never_becomes_markup(page: Page) -> None:
    paste(page, "<img src=x onerror=alert(1)>問題&lt;script&gt;<\u200bb>")
    answered(page)
    assert page.locator("#rows img, #rows b, #rows script").count() == 0
    assert "<img src=x onerror=alert(1)>问题" in shown(page, "text")


def test_every_sample_is_listed() -> None:
    assert {sample["file"] for sample in LISTED.values()} == {path.name for path in SAMPLES.glob("*.txt")}
