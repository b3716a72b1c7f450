"""Leafing through the archive in a real browser, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import DESKTOP, PHONE, fits, needs_browser, visit

pytestmark = needs_browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_reader_leafs_from_the_calendar_to_an_article(
    browser: Any, site: str, size: dict[str, int], scripts: bool
) -> None:
    """Calendar, day, issue, page, next page, article, its reporter, and to a search: by links alone."""
    with visit(browser, site, viewport=size, java_script_enabled=scripts) as page:
        page.goto("/")
        page.get_by_role("link", name="日历").click()
        page.wait_for_url("**/calendar")
        page.get_by_role("link", name="2024年5月10日").click()
        page.wait_for_url("**/2024-05-10")
        assert page.locator("h1").inner_text().endswith("2024年5月10日")
        page.get_by_role("link", name="第1版").click()
        page.wait_for_url("**/1")
        page.get_by_role("link", name="下一版").click()
        page.wait_for_url("**/2")
        if scripts:
            assert fits(page)
        title = page.locator(".hit h2 a").first.inner_text()
        page.locator(".hit h2 a").first.click()
        page.wait_for_url("**/articles/**")
        assert page.locator("h1").inner_text() == title
        person = page.locator(".text .source a[href^='/people/']").first
        name = person.inner_text()
        person.click()
        page.wait_for_url("**/people/**")
        assert page.locator("h1").inner_text() == name
        page.locator(".heading p a").click()
        page.wait_for_url("**/search?**")
        assert name in page.locator(".chips").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_words_are_compared_and_a_point_leads_to_its_articles(browser: Any, site: str, scripts: bool) -> None:
    """The form works by itself; every point of the chart is within reach of a finger or a mouse."""
    with visit(browser, site, viewport=PHONE, java_script_enabled=scripts) as page:
        page.goto("/trends")
        fields = page.locator(".compare input[type=search]")
        fields.nth(0).fill("职工")
        fields.nth(1).fill("培训")
        page.locator(".compare select[name=show]").select_option("share")
        page.get_by_role("button", name="比较").click()
        page.wait_for_url("**/trends?**")
        assert page.locator(".legend li").count() == 2
        found = page.locator(".numbers tbody td").first.inner_text().split()[0]
        page.locator(".plot .line0 a").first.click()
        page.wait_for_url("**/search?**")
        assert page.locator("[role=status] strong").inner_text() == found
