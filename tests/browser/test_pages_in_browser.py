"""Every page as people meet it: narrow and wide, light and dark, by keyboard, without scripts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browser import chromium, hostile
from tests.browser.visiting import assert_fits, violations, visit
from tests.pages import demo as the_demo
from tests.pages.routes import PAGES, address

pytestmark = pytest.mark.looks

WIDTHS = (320, 1280)
DARK = "rgb(20, 25, 23)"

# Every page by its route, with what only these show: all verdicts, half an answer, two languages.
SEEN: dict[str, str] = {name: address(name) for name in PAGES} | {
    "not compatible": address("pair", other="cedar"),
    "not yet known": address("pair", other="dogwood"),
    "nominal": address("organisation", slug="cedar"),
    "half answered": address("organisation", slug="dogwood"),
    "Spanish": f"{address('criteria')}?lang=es",
    "nobody found": f"{address('organisations')}?q=zzz",
    "last page": f"{address('organisations')}?page=2",
    "hostile": address("organisation", slug="hostile"),
    "hostile pair": address("pair", other="hostile"),
    "not there": "/nothing/",
}


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo and one organisation that means harm, really stored, once for these tests.

    By this name pytest-django knows that a test needs a database. The tests here only read.
    """
    chromium.program()
    with django_db_blocker.unblock():
        the_demo.publish(hostile.entries(), the_demo.load())
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def site(db: None) -> Iterator[str]:
    """The address at which the app is served."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    """A browser that comes after the site and goes before it."""
    with chromium.started() as started:
        yield started


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SEEN)
def test_a_page_fits_is_accessible_and_stays_at_home(
    browser: Browser, site: str, name: str, width: int
) -> None:
    viewport = {"width": width, "height": 800}
    with visit(browser, site, viewport=viewport, color_scheme="light") as visiting:
        page = visiting.open(SEEN[name])
        assert_fits(page)
        # What is folded away is a part of the page, too.
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert_fits(page)
        assert violations(page) == []
        if width != WIDTHS[0]:
            return  # Its colours are those of the narrow one.
        # In the dark all but the colours is the same.
        page.emulate_media(color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == DARK
        assert violations(page, of_colour=True) == []


@pytest.mark.parametrize("name", SEEN)
def test_a_page_reads_without_scripts(browser: Browser, site: str, name: str) -> None:
    viewport = {"width": 320, "height": 800}
    with visit(browser, site, viewport=viewport, java_script_enabled=False) as visiting:
        page = visiting.open(SEEN[name])
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("main")).to_be_visible()
        folded = page.locator("main details:not([open])")
        for _ in range(folded.count()):
            folded.first.locator("> summary").click()
        expect(folded).to_have_count(0)
        for table in page.locator("main details table").all():
            expect(table).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_to_what_is_folded_opens_it(browser: Browser, site: str, scripts: bool) -> None:
    with visit(browser, site, java_script_enabled=scripts) as visiting:
        page = visiting.open(address("organisation"))
        page.locator(".reasons a").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Criteria")
        (slug,) = re.findall(r"#(criterion-.+)$", page.url)
        expect(page.locator(f"#{slug}")).to_be_in_viewport()
        expect(page.locator("main section > details[open]")).to_have_count(1)


def test_a_script_opens_it_where_the_browser_does_not(browser: Browser, site: str) -> None:
    with visit(browser, site) as visiting:
        page = visiting.open("/criteria/")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
        page.evaluate(
            "history.replaceState(null, '', '#' + document.querySelector('.criterion').id)"
        )
        page.evaluate("dispatchEvent(new Event('hashchange'))")
        expect(page.locator(".criterion").first).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_search_leads_from_the_first_page_to_the_reasons_of_a_pair(
    browser: Browser, site: str, scripts: bool
) -> None:
    with visit(browser, site, java_script_enabled=scripts) as visiting:
        page = visiting.open("/")
        page.get_by_role("searchbox").fill("ALDÉR advise")
        page.get_by_role("searchbox").press("Enter")
        page.get_by_role("link", name="Alder", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Alder")
        page.get_by_role("link", name="Who fits Alder").click()
        page.get_by_role("link", name="Birch Hosting").click()
        expect(page.locator(".verdict-sentence")).to_contain_text("Compatible.")
        page.get_by_role("link", name="Alder", exact=True).first.click()
        expect(page).to_have_url(site + address("organisation"))


_WHERE = """() => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const box = here.getBoundingClientRect(), style = getComputedStyle(here);
    return {
        name: here.tagName + ' ' + (here.getAttribute('href') || here.textContent).trim(),
        place: [...document.querySelectorAll('*')].indexOf(here),
        outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
            && box.top < innerHeight && box.left < innerWidth,
    };
}"""
_REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, summary')]
    .filter(one => one.checkVisibility() && !one.disabled)
    .map(one => [...document.querySelectorAll('*')].indexOf(one))"""


@pytest.mark.parametrize("name", [*PAGES, "not compatible", "not there"])
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    browser: Browser, site: str, name: str
) -> None:
    with visit(browser, site, viewport={"width": 800, "height": 600}) as visiting:
        visiting.page.emulate_media(reduced_motion="reduce")
        page = visiting.open(SEEN[name])
        expected = page.evaluate(_REACHABLE)
        reached: list[int] = []
        for _ in expected:
            page.keyboard.press("Tab")
            where = page.evaluate(_WHERE)
            assert where, f"Lost after {len(reached)} of {len(expected)}"
            assert where["outlined"], f"{where['name']} does not show that it is focused"
            assert where["seen"], f"{where['name']} is focused out of sight"
            reached.append(where["place"])
        assert reached == expected
        assert all(one < other for one, other in itertools.pairwise(reached))


def test_the_skip_link_is_first_and_leads_to_the_content(browser: Browser, site: str) -> None:
    with visit(browser, site) as visiting:
        for name in PAGES:
            page = visiting.open(SEEN[name])
            page.keyboard.press("Tab")
            skip = page.get_by_role("link", name="Skip to the content")
            expect(skip).to_be_focused()
            expect(skip).to_be_in_viewport()
            page.keyboard.press("Enter")
            expect(page.get_by_role("main")).to_be_focused()


def test_text_twice_as_large_still_fits_a_phone(browser: Browser, site: str) -> None:
    with visit(browser, site, viewport={"width": 640, "height": 800}) as visiting:
        for path in SEEN.values():
            page = visiting.open(path)
            page.evaluate(
                "() => { const sheet = new CSSStyleSheet();"
                "sheet.replaceSync('html { font-size: 200% }');"
                "document.adoptedStyleSheets = [sheet]; }"
            )
            assert_fits(page)


def test_a_page_prints_what_is_folded_away(browser: Browser, site: str) -> None:
    with visit(browser, site) as visiting:
        page = visiting.open(SEEN["pair"])
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        expect(page.locator(".verdict-sentence")).to_be_visible()
