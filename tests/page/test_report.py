"""The report of a run in a browser: from a file, in both schemes, with nothing asked for and nothing said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import jiaokan
from crawl import crawl
from jiaokan.batch import report
from jiaokan.batch.census import Census
from jiaokan.batch.documents import Place, Reject, Repairer

STEP = 7
HOSTILE = "</script></style><img src=x onerror=\"document.title='taken'\">"


def corpus() -> Census:
    """What a run over the corpus shows, and some of it hostile."""
    census = Census(detailed=True)
    repairer = Repairer(noted=census.add, rejected=census.reject)
    for number, (name, raw) in enumerate([*crawl()][::STEP], 1):
        repairer.repair(raw, Place("crawl.warc", number, name=name))
    census.add(Place(HOSTILE, 1, HOSTILE, HOSTILE), 9, jiaokan.repair(f"{HOSTILE}這個問題{HOSTILE}"), 0)
    census.reject(Reject(Place(HOSTILE), HOSTILE))
    return census


def vast() -> Census:
    """What a run over ten terabytes may show."""
    census = Census(10**9, 10**13, 10**8, 10**7, 10**6, 10**12, Counter(script=10**11), detailed=True)
    details = census.details
    assert details
    details.sizes.update({str(bits): 10**8 - bits for bits in range(25)})
    details.changes.update({str(bits): 10**8 - bits for bits in range(20)})
    details.charsets.update({"gb18030": 987_654_321, "utf-8": 1_234_567_890, "iso8859-15": 1})
    details.scripts.update(simplified=10**9, traditional=10**8, none=1)
    details.letters.update(simplified=10**12, common=10**13 - 1)
    details.applied["script certain"] = 10**11
    details.characters.update(all=10**13, changed=10**12)
    return census


@pytest.fixture(scope="module", params=[corpus, vast], ids=["corpus", "vast"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    census = request.param()
    path = tmp_path_factory.mktemp("report") / "report.html"
    report.write(census, report.Facts("1.2.3", ["crawl/", HOSTILE], "2026-11-22", 8.0, note=HOSTILE), path)
    return path


IN_BOTH_SCHEMES = pytest.mark.parametrize("shown", ["light", "dark"], indirect=True)


@pytest.fixture
def shown(request: pytest.FixtureRequest, chromium: Browser, written: Path) -> Iterator[Page]:
    scheme = getattr(request, "param", "light")
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 960})
    page = context.new_page()
    said, asked = list[str](), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(written.as_uri())
    yield page
    assert said == []
    assert asked == [written.as_uri()]
    context.close()


@IN_BOTH_SCHEMES
def test_anybody_can_read_it(shown: Page) -> None:
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()


@IN_BOTH_SCHEMES
def test_the_scheme_is_the_readers(shown: Page) -> None:
    dark = shown.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    paper = shown.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(20, 22, 23)" if dark else "rgb(250, 249, 245)")


def test_charts_are_drawn_within_their_frames(shown: Page) -> None:
    charts = shown.locator("svg.chart").all()
    assert len(charts) == 7
    for chart in charts:
        frame = chart.bounding_box()
        assert frame
        for label in chart.locator("text").all():
            box = label.bounding_box()
            assert box
            assert frame["x"] - 1 <= box["x"], label.text_content()
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, label.text_content()


def test_labels_of_a_chart_do_not_overlap(shown: Page) -> None:
    for chart in shown.locator("svg.chart").all():
        labels = [(label.bounding_box(), label.text_content()) for label in chart.locator("text").all()]
        for (box, text), (other, beside) in combinations(labels, 2):
            assert box
            assert other
            apart = box["x"] + box["width"] <= other["x"] or other["x"] + other["width"] <= box["x"]
            lower = box["y"] + box["height"] <= other["y"] + 3 or other["y"] + other["height"] <= box["y"] + 3
            assert apart or lower, (text, beside)


def test_hostile_text_does_nothing(shown: Page) -> None:
    assert shown.title().startswith("Repair report")
    assert shown.locator("img, script").count() == 0
    assert shown.get_by_text(HOSTILE).count() >= 1  # in the header, if nowhere else


def test_it_fits_a_telephone(shown: Page) -> None:
    shown.set_viewport_size({"width": 390, "height": 844})
    assert shown.evaluate("() => document.documentElement.scrollWidth") == 390
