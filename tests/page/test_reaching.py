"""Whoever comes, and whatever goes wrong: languages, keyboard, voices, phones, long texts, a server that is gone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from conftest import Start, free_port, serving
from page.onpage import (
    PATIENCE,
    PHONE,
    Open,
    Watch,
    answered,
    host,
    paste,
    refuse_once,
    sample,
    taken,
)

# All faults, with doubts.
EVERY = """及貸當(dāng)?shù)厣祥T催收
请打开²âÊÔ菜单，下\u200b载：\uf8f5
随之而来的催收问也日益突出。
催收人员通常通过 与借款人沟通，了解逾期的原因。
如果双方能找到解决问的办法，就不必走到诉讼这一步。
借款人也要保留好合同与 ，以便在需要的时候说明情况。
"""
LINE = "現(xiàn)代金融，請問：您的&nbsp;電\u200b話。"


def test_the_language_is_that_of_the_browser_until_one_is_chosen(open_page: Open) -> None:
    page = open_page(locale="zh-TW")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    hint = "把受损的文本粘贴到这里，或把任意字符集的文件拖到页面上。"
    expect(page.locator("#given")).to_have_attribute("placeholder", hint)
    expect(page).to_have_title("校勘 · 修复中文乱码")
    sample(page, "gaps").get_by_role("button", name="下一处存疑").click()
    expect(page.locator("#card")).to_contain_text("此处可能是")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#summary")).to_contain_text("Characters changed")
    expect(page.get_by_role("button", name="Dropped words")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#rows .flag[role=button]").first).to_have_attribute(
        "aria-label", "nothing → 题, Gaps, doubt, open"
    )
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert open_page(locale="fr-FR").locator("html").get_attribute("lang") == "en"


def test_every_word_is_there_in_both_languages(page: Page) -> None:
    keys = """async () => { const [{ en }, { zh }] = await Promise.all(
        ["en", "zh"].map((tag) => import(`/page/js/words-${tag}.js`)));
        const gaps = (words) => Object.entries(words).map(([key, text]) => [key, (text.match(/{\\w+}/g) ?? []).sort()]);
        return [gaps(en), gaps(zh)]; }"""
    english, chinese = page.evaluate(keys)
    assert english == chinese
    assert len(english) > 50


def test_texts_are_marked_with_their_language(page: Page) -> None:
    sample(page, "traditional")
    expect(page.locator("#rows .cell.source").first).to_have_attribute("lang", "zh-Hant")
    expect(page.locator("#rows .cell.text").first).to_have_attribute("lang", "zh-Hans")
    page.locator("select[name=script]").select_option("keep")
    expect(page.locator("#rows .cell.text").first).to_have_attribute("lang", "zh-Hant")


def test_one_mark_is_in_the_order_of_the_tab_key(page: Page) -> None:
    sample(page, "traditional")
    stops = page.locator("#rows [tabindex='0']")
    expect(stops).to_have_count(1)
    page.locator("#next-doubt").focus()
    page.locator("#next").click()
    expect(stops).to_be_focused()
    expect(stops).to_have_text("台风过后")
    page.keyboard.press("ArrowDown")
    expect(stops).to_have_text("里")
    page.keyboard.press("p")
    page.keyboard.press("p")  # round the end
    expect(stops).to_have_text("干")
    expect(stops).to_have_attribute("aria-describedby", "evidence")
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    page.locator("#given, #as-text").locator("visible=true").first.focus()
    page.keyboard.press("n")  # elsewhere, the key is not taken
    expect(page.locator("#card")).to_be_hidden()


def test_what_happened_is_said(page: Page) -> None:
    said = page.get_by_role("status")
    sample(page, "gaps")
    expect(said).to_have_text("Repaired: 1 edits, 3 doubts.")
    page.locator("#next-doubt").click()
    page.keyboard.press("a")
    expect(said).to_have_text("doubt, accepted")
    sample(page, "clean")
    expect(said).to_have_text("Nothing was found. This text is as it should be.")
    sample(page, "gbk-bytes")
    expect(page.locator("#clean")).to_have_text("There is nothing to repair, but some bytes could not be read.")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_serious(open_page: Open, locale: str, scheme: str, viewport: dict[str, int] | None) -> None:
    page = open_page(locale=locale, color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
    assert serious(page) == []
    paste(page, EVERY)
    expect(answered(page).locator("#legend input")).to_have_count(6)
    for keys in ("a", "nu", "r"):  # an accepted doubt, an edit undone, a refused doubt; a doubt stays open
        page.locator("#next-doubt").click()
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("#card")).to_be_visible()
    assert serious(page) == []
    if viewport:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= viewport["width"]


def test_axe_is_awake(page: Page) -> None:
    page.evaluate("() => document.querySelector('main').append(new Image())")
    assert [found.partition(":")[0] for found in serious(page)] == ["image-alt"]


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:200]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


def test_a_server_that_is_gone_is_told_and_tried_again(open_page: Open, start: Start, watch: Watch) -> None:
    port = free_port()
    watch.trouble = True
    with serving(start, port) as server:
        page = open_page(address=f"http://127.0.0.1:{port}")
        watch.hosts.discard(f"127.0.0.1:{port}")
        paste(page, "問題")
        expect(page.locator("#rows .cell.text")).to_have_text("问题", timeout=PATIENCE)
        server.terminate()
        server.wait(timeout=60)
        page.locator("#given").fill("問題與答案")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("The service does not answer. Your text is still here.")
        expect(page.locator("#given")).to_have_value("問題與答案")
        alert.get_by_role("button", name="Try again").click()
        expect(alert).to_contain_text("The service does not answer.")
    with serving(start, port):
        alert.get_by_role("button", name="Try again").click()
        expect(page.locator("#rows .cell.text")).to_have_text("问题与答案", timeout=PATIENCE)
        expect(alert).to_be_hidden()
        watch.hosts.discard(f"127.0.0.1:{port}")


def test_a_token_is_asked_for_and_kept_for_the_tab(page: Page, watch: Watch) -> None:
    watch.trouble = True
    refuse_once(page, 401, {"title": "Unauthorized", "status": 401, "detail": "A token is needed."})
    page.locator("#given").fill("問題")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This service asks for a token. A token is needed.")
    expect(page.locator("#given")).to_be_focused()  # whoever types is not interrupted
    assert serious(page) == []
    alert.get_by_label("Token").fill("secret")
    with page.expect_request("**/v1/repair") as asked:
        page.keyboard.press("Enter")
    assert asked.value.headers["authorization"] == "Bearer secret"
    expect(page.locator("#rows .cell.text")).to_have_text("问题")
    expect(alert).to_be_hidden()
    assert page.evaluate("() => Object.values({ ...localStorage }).concat(document.cookie)") == [""]
    assert page.evaluate("() => Object.values({ ...sessionStorage })") == ["secret"]


def test_a_problem_is_told_in_words(page: Page, watch: Watch) -> None:
    watch.trouble = True
    detail = "Too many <i>requests</i>."
    refuse_once(page, 429, {"title": "Too Many Requests", "status": 429, "detail": detail}, **{"Retry-After": "7"})
    page.locator("#given").fill("問題")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(f"The service answered 429: {detail} It asks to wait 7 seconds.")
    alert.get_by_role("button", name="Try again").click()
    expect(page.locator("#rows .cell.text")).to_have_text("问题")


def test_an_answer_that_is_none_is_told(page: Page) -> None:
    page.route("**/v1/repair", lambda route: route.fulfill(status=200, content_type="application/json", body="{"))
    page.locator("#given").fill("問題")
    expect(page.get_by_role("alert")).to_contain_text("The answer could not be read.")


def test_an_answer_that_is_overtaken_is_not_shown(page: Page) -> None:
    page.route("**/v1/repair", lambda route: route.fallback() if "乙" in route.request.post_data else None)
    with page.expect_request("**/v1/repair"):
        page.locator("#given").fill("甲")
    page.locator("#given").fill("乙")
    expect(page.locator("#rows .cell.text")).to_have_text("乙")


@pytest.mark.parametrize("length", ["lines", "line"])
def test_of_a_long_text_only_what_is_near_is_drawn(page: Page, length: str) -> None:
    # A megabyte: what the service makes of one is not the page's affair, so the answer is made here.
    count = (1 << 20) // len(LINE.encode())
    source = (f"{LINE}\n" if length == "lines" else LINE) * count
    place = LINE.index("電\u200b話")
    step = len(source) // count
    edits = [
        {"start": row * step + place, "end": row * step + place + 3, "before": "電\u200b話", "after": "电话"}
        | {"fault": "script", "consent": "certain", "confidence": 1.0, "evidence": "made up"}
        for row in range(count)
    ]
    told = {"charset": None, "charset_confidence": 1.0, "charset_evidence": "", "runner_up": None, "losses": []}
    told |= {"passages": [], "scripts": {"traditional": 1, "simplified": 0, "common": 1}, "doubts": [], "diff": ""}
    told |= {"text": source.replace("電\u200b話", "电话"), "edits": edits}
    page.route("**/v1/repair", lambda route: route.fulfill(json=told))
    paste(page, source)
    expect(page.locator("#document-name")).to_contain_text("Pasted text")
    expect(page.locator("#given")).to_have_value("")
    answered(page)
    window = page.viewport_size["height"]
    height = page.evaluate("() => document.documentElement.scrollHeight")
    assert height > 50 * window
    drawn = page.locator("#rows .row")
    assert drawn.count() < 300
    lengths = page.locator("#rows .cell").evaluate_all("cells => cells.map((cell) => cell.textContent.length)")
    assert max(lengths) < 1000
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    expect(page.locator("#rows .block").last.locator(".row").last).to_be_visible()
    expect(page.locator("#rows .block").first.locator(".row")).to_have_count(0)
    assert drawn.count() < 300
    page.locator("#previous").click()  # from the first mark round to the last
    expect(page.locator(f"[data-stop='{count - 1}']")).to_be_focused()
    page.keyboard.press("u")
    page.keyboard.press("n")
    expect(page.locator("[data-stop='0']")).to_be_focused()
    assert page.evaluate("() => scrollY") < window
    head, damage, tail = source.rpartition("電\u200b話")
    assert taken(page, "text") == head.replace(damage, "电话") + damage + tail


def test_the_policy_of_the_page_blocks_another_host(chromium: Browser, address: str) -> None:
    page = chromium.new_page()  # one that is not watched
    page.goto(f"{address}/")
    blocked = """() => new Promise((resolve) => {
        addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
        new Image().src = "http://127.0.0.2:9/"; })"""
    assert page.evaluate(blocked) == "img-src"
    page.close()


def test_what_a_page_does_is_watched(open_page: Open, watch: Watch, address: str) -> None:
    page = open_page()
    assert watch.hosts == {host(address)}
    page.evaluate("() => { console.log('seen'); setTimeout(() => { throw new Error('thrown'); }); }")
    page.wait_for_timeout(100)
    assert watch.console == ["seen", "thrown"]
    watch.console.clear()


def test_motion_is_only_for_those_who_want_it(open_page: Open) -> None:
    still = open_page(reduced_motion="reduce")
    assert still.locator("#file").evaluate("node => getComputedStyle(node.parentNode).transitionDuration") == "0s"
