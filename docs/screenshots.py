"""Take the screenshots of the page that README.md shows: ``make screenshots``.

The service is started, a real page is opened as anybody would open it, and the colours are asked for as a browser does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, expect, sync_playwright
from tour import service

from page.browser import launch

IMAGES: Final = Path(__file__).with_name("images")
# What is shown: the page that is cut open between bytes, as a visitor with an English browser sees it, the card of one
# such place included.
SAMPLE: Final = "#sample=out-of-step"
SIZE: Final = {"width": 1280, "height": 960}


def main() -> None:
    """Write one image for each scheme of colours."""
    IMAGES.mkdir(exist_ok=True)
    with service() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for scheme in ("light", "dark"):
            path = IMAGES / f"page-{scheme}.png"
            take(browser, f"{address}/{SAMPLE}", scheme, path)
            print(path)
        browser.close()


def take(browser: Browser, address: str, scheme: str, path: Path) -> None:
    """The page at ``address`` in the colours of ``scheme``, with the card of the first place that was out of step."""
    context = browser.new_context(locale="en-GB", viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    mark = page.locator("#rows ins.alignment").first
    mark.click()
    expect(page.locator("#card")).to_be_visible()
    page.evaluate("() => scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
