"""A server, a browser, and a page that is watched. This folder is a package, so that there can be a second conftest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from page.browser import launch
from page.onpage import PATIENCE, WIDE, Open, Watch, host


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def watch(address: str) -> Iterator[Watch]:
    seen = Watch()
    yield seen
    assert seen.console == []
    assert seen.hosts <= {host(address), "this page"}


@pytest.fixture
def open_page(chromium: Browser, address: str, watch: Watch) -> Iterator[Open]:
    """Open the page in a browser of its own: ``at`` is what stands behind the address, the rest is of the browser."""
    with ExitStack() as contexts:

        def opened(at: str = "", address: str = address, **options: Any) -> Page:
            options = {"locale": "en-GB", "viewport": WIDE, **options}
            context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE)
            watch.over(context)
            page = context.new_page()
            page.goto(f"{address}/{at}")
            expect(page.locator("[data-sample]").first).to_be_attached(timeout=PATIENCE)
            return page

        yield opened


@pytest.fixture
def page(open_page: Open, watch: Watch) -> Page:
    watch.hosts.add("this page")
    return open_page()
