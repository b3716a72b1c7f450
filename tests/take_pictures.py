"""Take the pictures of the README from the sample newspaper: ``python tests/take_pictures.py``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from archive import SAMPLE
from browsing import CHROMIUM, served
from playwright.sync_api import sync_playwright

from index.reindex import reindex
from web import create_app
from web.settings import Settings

PICTURES = Path(__file__).parent.parent / ".github"
SIZE = {"width": 1120, "height": 760}


def results(page: Any) -> None:
    page.goto("/search?q=劳模")


def article(page: Any) -> None:
    page.goto("/search?q=算法")
    page.locator(".hit h2 a").first.click()
    page.get_by_text("对照识别原文").click()
    page.locator(".printed").evaluate("element => element.scrollIntoView({block: 'start'})")


def take() -> None:
    """Each picture, by day the results and by night the article."""
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        reindex([SAMPLE], Path(directory))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with served(create_app(Settings(index=Path(directory)))) as site:
            for name, visit, scheme in (("search", results, "light"), ("article", article, "dark")):
                page = browser.new_page(viewport=SIZE, color_scheme=scheme, locale="zh-CN", base_url=site)
                visit(page)
                page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    take()
