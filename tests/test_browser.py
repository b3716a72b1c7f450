"""A reader's journey in a real browser: large and small, light and dark, without scripts, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from browsing import DESKTOP, PHONE, fits, needs_browser, visit

CONTRAST = 4.5
"""Least contrast of text to its ground, WCAG 2.2, 1.4.3."""

pytestmark = needs_browser

CONTRASTS = """() => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const linear = c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const luminance = colour => colour.slice(0, 3).map(c => linear(c / 255))
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = channels(getComputedStyle(element).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const hasText = element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  return [...document.querySelectorAll("body *")].filter(hasText).map(element => {
    const colours = [channels(getComputedStyle(element).color), ground(element)];
    const [lighter, darker] = colours.map(luminance).sort((a, b) => b - a);
    return [(lighter + .05) / (darker + .05), element.outerHTML.slice(0, 80)];
  });
}"""


def total(page: Any) -> int:
    """How many results the page says there are."""
    return int(page.locator("[role=status] strong").inner_text())


def journey(page: Any, at_each_step: Callable[[], None]) -> None:
    """Home, a search, a filter, its second page, an article with marks, and back."""
    page.goto("/")
    at_each_step()
    page.locator("#q:focus").wait_for()  # the browser gives the focus after the page is loaded
    page.keyboard.type("职工")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    at_each_step()
    assert page.title().startswith("职工 – ")
    found = total(page)

    choice = page.locator(".facets a", has_text="新闻")
    expected = int(choice.locator(".count").inner_text())
    choice.click()
    page.wait_for_url("**kind=news*")
    at_each_step()
    assert 10 < total(page) == expected < found
    assert page.locator(".chips").inner_text().startswith("类型：新闻")

    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**page=2*")
    at_each_step()
    assert page.locator("ol.results").get_attribute("start") == "11"
    second = page.url

    title = page.locator(".hit h2 a").first.inner_text()
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/articles/**")
    at_each_step()
    assert page.locator("h1").inner_text() == title
    assert set(page.locator("mark").all_inner_texts()) == {"职工"}
    page.locator(".body mark, h1 mark").first.scroll_into_view_if_needed()

    page.go_back()
    assert page.url == second
    assert page.locator("#q").input_value() == "职工"
    at_each_step()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_reader_gets_from_home_to_an_article_and_back(
    browser: Any, site: str, size: dict[str, int], scheme: str
) -> None:
    """On a desk and on a phone, by day and by night: every step works, fits the screen and can be read."""
    with visit(browser, site, viewport=size, color_scheme=scheme) as page:

        def readable() -> None:
            assert fits(page)
            faint = [found for found in page.evaluate(CONTRASTS) if found[0] < CONTRAST]
            assert not faint

        journey(page, readable)


def test_a_reader_without_scripts_gets_there_too(browser: Any, site: str) -> None:
    """Nothing depends on JavaScript."""
    with visit(browser, site, viewport=PHONE, java_script_enabled=False) as page:
        journey(page, lambda: None)


def test_the_keyboard_alone_is_enough(browser: Any, site: str) -> None:
    """From the box to the results past the header, to an article, with a visible focus all the way."""
    with visit(browser, site, viewport=DESKTOP) as page:
        page.goto("/")
        page.keyboard.type("劳动竞赛")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"
        assert page.locator(".skip").bounding_box()["x"] >= 0
        page.keyboard.press("Enter")
        assert urlsplit(page.url).fragment == "main"
        for _ in range(12):
            page.keyboard.press("Tab")
            style = page.evaluate("(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])"
                                  "(getComputedStyle(document.activeElement))")
            assert style[0] != "none"
            assert style[1] != "0px"
            if page.evaluate("document.activeElement.matches('.hit h2 a')"):
                break
        title = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        page.wait_for_url("**/articles/**")
        assert page.locator("h1").inner_text() == title


def test_assistive_software_finds_its_way(browser: Any, site: str) -> None:
    """Language, title, landmarks and the announced number of results, as the browser understands them."""
    with visit(browser, site, viewport=DESKTOP) as page:
        page.goto("/search?q=职工")
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        assert page.get_by_role("search").count() == 1
        assert page.get_by_role("main").count() == 1
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.get_by_role("status").inner_text() == f"找到 {total(page)} 篇"
        assert page.get_by_role("combobox", name="查找的词语").input_value() == "职工"
        pages = page.get_by_role("navigation", name="翻页").get_by_role("link")
        assert pages.all_inner_texts()[-1] == "下一页"
        assert page.locator(".paging [aria-current=page]").inner_text() == "1"
        assert page.get_by_role("article").count() == 10


@pytest.mark.parametrize(
    "path",
    ["/help", "/api/v1/", "/search?q=标题:", '/search?q="南极洲鲸鱼观察站"', "/search?q=" + "会" * 200, "/nothing"],
)
def test_the_other_pages_fit_a_phone(browser: Any, site: str, path: str) -> None:
    """Help, an error, an empty result and a very long query need no scrolling sideways."""
    visitor = browser.new_context(viewport=PHONE, base_url=site)
    page = visitor.new_page()
    page.goto(path)
    assert fits(page)
    visitor.close()


def test_a_phone_gets_from_the_results_to_the_filters_at_once(browser: Any, site: str) -> None:
    """The filters stand below the results there; a link leads to them."""
    with visit(browser, site, viewport=PHONE) as page:
        page.goto("/search?q=职工")
        page.get_by_role("link", name="筛选").click()
        assert page.locator(".facets").bounding_box()["y"] < PHONE["height"] / 2


def test_an_article_prints_without_navigation(browser: Any, site: str) -> None:
    """On paper there is the article, not the search box."""
    with visit(browser, site, viewport=DESKTOP) as page:
        page.goto("/search?q=劳动竞赛")
        page.locator(".hit h2 a").first.click()
        page.emulate_media(media="print")
        assert page.locator("h1").is_visible()
        assert not page.locator("form").is_visible()
        assert not page.locator("footer").is_visible()
        assert not page.locator("details").first.is_visible()
        assert page.url.partition("?")[0] in page.locator(".colophon").inner_text()


# ------------------------------------------------------------------------------- suggestions


def suggested(page: Any, typed: str) -> list[str]:
    """What the list below the box shows once something was typed."""
    page.locator("#q:focus").wait_for()
    page.keyboard.type(typed)
    page.get_by_role("listbox", name="建议").wait_for()
    return list(page.locator("[role=option] span").all_inner_texts())


def chosen(page: Any) -> str | None:
    """The suggestion that the box says is active."""
    text: str | None = page.evaluate("""() => {
      const id = document.getElementById("q").getAttribute("aria-activedescendant");
      return id && document.getElementById(id).matches("[aria-selected=true]")
        ? document.querySelector(`#${id} span`).textContent : null;
    }""")
    return text


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_suggestions_are_chosen_with_the_keyboard(browser: Any, site: str, size: dict[str, int]) -> None:
    """Arrows go through the list and back to the box, Enter searches for the active one."""
    with visit(browser, site, viewport=size) as page:
        page.goto("/")
        box = page.get_by_role("combobox", name="查找的词语")
        assert box.get_attribute("aria-expanded") == "false"
        offered = suggested(page, "劳")
        assert box.get_attribute("aria-expanded") == "true"
        assert len(offered) > 2
        assert fits(page)
        assert not [found for found in page.evaluate(CONTRASTS) if found[0] < CONTRAST]
        assert chosen(page) is None
        page.keyboard.press("ArrowDown")
        assert chosen(page) == offered[0]
        page.keyboard.press("ArrowUp")
        assert chosen(page) is None
        page.keyboard.press("ArrowUp")
        assert chosen(page) == offered[-1]
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert chosen(page) == offered[1]
        assert box.input_value() == "劳"
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        assert page.locator("#q").input_value() == offered[1]
        assert total(page) > 0


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(browser: Any, site: str) -> None:
    """Enter then searches for what was typed; so it does while nothing in the list is active."""
    with visit(browser, site, viewport=DESKTOP) as page:
        page.goto("/")
        suggested(page, "劳")
        page.keyboard.press("Escape")
        assert page.get_by_role("listbox").count() == 0
        assert page.locator("#q").input_value() == "劳"
        page.keyboard.press("ArrowDown")
        page.get_by_role("listbox", name="建议").wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        assert page.locator("#q").input_value() == "劳"


def test_suggestions_are_chosen_with_the_mouse_and_go_when_the_box_is_left(browser: Any, site: str) -> None:
    """A click searches; Tab, or emptying the box, closes the list."""
    with visit(browser, site, viewport=DESKTOP) as page:
        page.goto("/search?q=职工")
        page.locator("#q").fill("")
        suggested(page, "gonghui")
        page.keyboard.press("Tab")
        page.get_by_role("listbox").wait_for(state="hidden")
        page.locator("#q").fill("")
        page.locator("#q").focus()
        offered = suggested(page, "工会")
        page.locator("[role=option]").nth(1).click()
        page.wait_for_url(lambda url: "q=%E8%81%8C" not in url)
        assert page.locator("#q").input_value() == offered[1]


def test_a_slash_leads_to_the_box(browser: Any, site: str) -> None:
    """From anywhere on the page, but in the box a slash is a slash."""
    with visit(browser, site, viewport=DESKTOP) as page:
        page.goto("/search?q=职工")
        page.locator("h2 a").first.focus()
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.press("End")
        page.keyboard.type("/")
        assert page.locator("#q").input_value() == "职工/"


def test_single_keys_can_be_switched_off(browser: Any, site: str) -> None:
    """A button does so for good, and another press of it takes that back."""
    with visit(browser, site, viewport=DESKTOP) as page:
        page.goto("/help")
        page.get_by_role("button", name="关闭快捷键").click()
        page.goto("/search?q=职工")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") != "q"
        page.get_by_role("button", name="打开快捷键").click()
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"


def test_n_and_p_lead_from_mark_to_mark(browser: Any, site: str) -> None:
    """Forwards and backwards, round and round; in the box they are letters."""
    with visit(browser, site, viewport=DESKTOP) as page:
        page.goto("/search?q=职工")
        page.locator(".hit h2 a").first.click()
        page.wait_for_url("**/articles/**")
        last = page.locator("mark").count()
        for key, number in (("n", 1), ("n", 2), ("p", 1), ("p", last), ("n", 1)):
            page.keyboard.press(key)
            page.wait_for_url(f"**#hit-{number}")
            page.locator(f"#hit-{number}:target").wait_for()
        page.locator("#q").focus()
        page.keyboard.press("End")
        page.keyboard.type("np")
        assert page.locator("#q").input_value() == "职工np"
        assert urlsplit(page.url).fragment == "hit-1"


def test_marks_lead_to_one_another_without_scripts(browser: Any, site: str) -> None:
    """The first is one click away; where one has gone to, links to the one before and after it appear."""
    with visit(browser, site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/search?q=职工")
        page.locator(".hit h2 a").first.click()
        page.wait_for_url("**/articles/**")
        assert not page.locator(".hop").first.is_visible()
        page.get_by_role("link", name="第一处").click()
        page.locator("#hit-1:target").wait_for()
        page.get_by_role("link", name="下一处").click()
        page.locator("#hit-2:target").wait_for()
        assert page.get_by_role("link", name="下一处").count() == 1


def test_a_citation_is_copied(browser: Any, site: str) -> None:
    """A button beside each form puts exactly its text on the clipboard and says so."""
    with visit(browser, site, viewport=DESKTOP, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("/search?q=劳动竞赛")
        page.locator(".hit h2 a").first.click()
        page.get_by_text("引用", exact=True).click()
        section = page.locator(".citing section", has_text="BibTeX")
        section.get_by_role("button", name="复制").click()
        section.get_by_role("button", name="已复制").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").split() == section.locator("pre").inner_text().split()


def test_the_printed_text_stands_beside_the_repaired_one(browser: Any, site: str) -> None:
    """Side by side on a desk, one above the other on a phone; closed until it is asked for."""
    with visit(browser, site, viewport=DESKTOP, java_script_enabled=False) as page:
        page.goto("/search?q=劳动竞赛")
        page.locator(".hit h2 a").first.click()
        printed, repaired = page.locator(".versions section").all()
        assert not printed.is_visible()
        page.get_by_text("对照识别原文").click()
        assert printed.bounding_box()["y"] == repaired.bounding_box()["y"]
        assert page.locator("del").count()
        page.set_viewport_size(PHONE)
        assert printed.bounding_box()["y"] < repaired.bounding_box()["y"]
        assert fits(page)
