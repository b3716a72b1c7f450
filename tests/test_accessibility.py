"""Every kind of page, by the rules of WCAG 2.2 as axe-core checks them, and at every size and zoom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from archive import indexed
from browsing import DESKTOP, PHONE, fits, needs_browser, served, visit
from format_files import PAPER, files, written

from web import create_app
from web.settings import Settings

pytestmark = needs_browser

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, ZOOMED = {"width": 3840, "height": 2160}, {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}
"""A 4K screen, and a desktop on which everything is shown at 200 %."""

PAGES = {
    "home": "/",
    "results": "/search?q=职工",
    "narrowed": "/search?q=职工&kind=news&from=2024-05&sort=newest&per_page=20",
    "partial": "/search?q=劳模 培训 2024年5月10日",
    "everything": "/search?sort=oldest&page=2",
    "tolerant": "/search?q=总工会~&fuzzy=1&expand=0&relax=0",
    "empty": '/search?q="南极洲鲸鱼观察站"&kind=news',
    "English": "/search?q=职工 培训&lang=en",
    "year": "/calendar",
    "month": "/calendar/2024-05",
    "day, English": "/calendar/2024-05-10?lang=en",
    "issue": "/issues/砚江工人周报/2024-05-10",
    "newspaper page": "/issues/砚江工人周报/2024-05-10/2",
    "sections": "/sections?sort=name",
    "section": "/sections/要闻",
    "people": "/people",
    "person": "/people/邝子衿",
    "trends": "/trends?q=职工&q=工会&q=劳动竞赛&show=share",
    "help": "/help",
    "API": "/api/v1/",
    "error": "/search?q=标题:",
    "not found": "/nothing",
}


def violations(page: Any) -> list[str]:
    """What axe-core objects to, with the first element it objects to."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed").Axe()
    found = axe.run(page, options={"runOnly": STANDARD, "resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:200]}" for rule in found]


def check(page: Any) -> None:
    """A page by both themes and at both layouts, and at every size."""
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], (size, scheme)
    for size in (WIDE, ZOOMED, PHONE):
        page.set_viewport_size(size)
        assert fits(page), size


def test_the_checks_find_something(browser: Any, site: str) -> None:
    """Text that is too faint, a picture without words and a button without a name are found out."""
    with visit(browser, site) as page:
        page.goto("/help")
        page.evaluate("""document.querySelector("main").insertAdjacentHTML("beforeend",
            "<p id=faint>faint</p><img src=/static/icon.svg><button></button>");
            document.getElementById("faint").style.color = "#bbb";""")
        found = {violation.partition(":")[0] for violation in violations(page)}
        assert {"color-contrast", "image-alt", "button-name"} <= found


@pytest.mark.parametrize("name", PAGES)
def test_every_kind_of_page_is_accessible_and_fits(browser: Any, site: str, name: str) -> None:
    """On a desk and a phone, by day and by night; from 360 pixels to 4K, and at twice the size."""
    expected = {"error": 400, "not found": 404}.get(name)
    with visit(browser, site, expected) as page:
        page.goto(PAGES[name])
        check(page)


def test_an_article_is_accessible_with_all_that_can_be_opened(browser: Any, site: str) -> None:
    """Marks and the links at them, the printed text beside the repaired one, citations."""
    with visit(browser, site) as page:
        page.goto("/search?q=算法 协商")
        page.locator(".hit h2 a").first.click()
        page.wait_for_url("**/articles/**")
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        page.evaluate("location.hash = 'hit-1'")
        page.locator(".hop").first.wait_for()
        check(page)


def test_a_scan_is_accessible(browser: Any, tmp_path: Path) -> None:
    """A newspaper page's picture with links to its articles, one of them followed by keyboard, and its place there."""
    picture = browser.new_page(viewport={"width": 400, "height": 600}).screenshot(type="jpeg")
    written(tmp_path / "pages", files() | {"images/2024-05/10/02/page.jpg": picture})
    indexed(tmp_path, tmp_path / "pages")
    with served(create_app(Settings(index=tmp_path / "index"))) as site, visit(browser, site) as page:
        page.goto(f"/issues/{PAPER}/2024-05-10/2")
        page.locator(".scan summary").click()
        page.locator(".sheet a").first.wait_for()
        check(page)
        page.locator(".sheet a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/articles/**")
        page.locator(".scan summary").click()
        page.locator(".sheet .shade").wait_for()
        check(page)


def test_the_report_on_the_archive_is_accessible(browser: Any, site: str) -> None:
    """Once it is made, with all its findings open."""
    with visit(browser, site, 202) as page:
        page.goto("/coverage")
        page.locator(".held").first.wait_for()
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        check(page)


def test_suggestions_are_accessible(browser: Any, site: str) -> None:
    """While the list is open and one of them is active."""
    with visit(browser, site) as page:
        page.goto("/")
        page.locator("#q:focus").wait_for()
        page.keyboard.type("劳")
        page.get_by_role("listbox", name="建议").wait_for()
        page.keyboard.press("ArrowDown")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == []
