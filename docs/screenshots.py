"""Take the screenshots that README.md shows, of the page and of a report: ``make screenshots``.

The service is started, a real page is opened as anybody would open it, and the colours are asked for as a browser does.
The report is that of a run over a small crawl made of the corpus of the tests, opened from its file.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, expect, sync_playwright
from tour import service

from crawl import crawl
from page.browser import launch

IMAGES: Final = Path(__file__).with_name("images")
# What is shown: the page that is cut open between bytes, as a visitor with an English browser sees it, the card of one
# such place included.
SAMPLE: Final = "#sample=out-of-step"
SIZE: Final = {"width": 1280, "height": 960}
REPORT_SIZE: Final = {"width": 1280, "height": 1620}  # what came in, and what was found


def main() -> None:
    """Write one image for each scheme of colours."""
    IMAGES.mkdir(exist_ok=True)
    with service() as address, sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser, report = launch(playwright), reported(Path(folder))
        for scheme in ("light", "dark"):
            path = IMAGES / f"page-{scheme}.png"
            take(browser, f"{address}/{SAMPLE}", scheme, path)
            print(path)
            path = IMAGES / f"report-{scheme}.png"
            take_report(browser, report.as_uri(), scheme, path)
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


def reported(folder: Path) -> Path:
    """The report of a run in ``folder``."""
    pages = folder / "crawl"
    for name, raw in crawl():
        path = pages / f"{name.removeprefix('https://')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    command = [sys.executable, "-m", "jiaokan.cli", "repair", "crawl", "-o", "clean", "--report", "report.html"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "report.html"


def take_report(browser: Browser, address: str, scheme: str, path: Path) -> None:
    """The beginning of a report in the colours of ``scheme``."""
    context = browser.new_context(viewport=REPORT_SIZE, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
