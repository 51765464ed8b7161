"""The page in a real browser, served by the real server: what the tests of this folder share.

Every test that opens a page is also a test that nothing was written to the console and that nothing was asked of
another host: see ``Watch``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

import jiaokan
from jiaokan.web import page as served

SAMPLES = Path(served.__file__).with_name("static") / "samples"
LISTED = {sample["name"]: sample for sample in json.loads((SAMPLES / "index.json").read_text("utf-8"))}
PATIENCE = 30_000  # milliseconds, on a machine that is busy with other tests
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# A server that is stopped or says no is written to the console by the browser itself.
NETWORK = re.compile("Failed to load resource")


Open = Callable[..., Page]


class Watch:
    """What went on in the pages of a test that a person would not see."""

    def __init__(self) -> None:
        self.console: list[str] = []
        self.hosts: set[str] = set()
        self.trouble = False  # whether the test makes the network fail

    def over(self, context: BrowserContext) -> None:
        context.on("console", lambda message: self.heard(message.text))
        context.on("weberror", lambda error: self.console.append(f"{error.error}"))
        context.on("request", lambda request: self.hosts.add(host(request.url)))

    def heard(self, text: str) -> None:
        if not (self.trouble and NETWORK.search(text)):
            self.console.append(text)


def host(url: str) -> str:
    return url.split("/")[2] if url.startswith("http") else "this page"


def paste(page: Page, text: str) -> None:
    """Paste into the field, as from the clipboard."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.locator("#given").focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.press("ControlOrMeta+V")


def answered(page: Page) -> Page:
    """Wait until the result is there and no question is under way."""
    expect(page.locator("#result[aria-busy='false'] #rows .row").first).to_be_visible(timeout=PATIENCE)
    return page


def sample(page: Page, name: str) -> Page:
    page.locator(f"[data-sample='{name}']").click()
    expect(page.locator("#document-name")).to_contain_text(LISTED[name]["file"])
    return answered(page)


def taken(page: Page, what: str) -> str:
    """What a download holds: ``text``, ``json`` or ``diff``."""
    with page.expect_download() as download:
        page.locator(f"#take-{what}").click()
    return Path(download.value.path()).read_bytes().decode()


def repaired(name: str, **options: Any) -> jiaokan.Repair:
    """The repair of a sample, by the library."""
    return jiaokan.repair((SAMPLES / LISTED[name]["file"]).read_bytes(), **options)


def refuse_once(page: Page, status: int, problem: dict[str, Any], **headers: str) -> None:
    """Answer the next question with a problem."""
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        if len(asked) == 1:
            kind = "application/problem+json"
            route.fulfill(status=status, content_type=kind, body=json.dumps(problem), headers=headers)
        else:
            route.continue_()

    page.route("**/v1/repair*", answer)
