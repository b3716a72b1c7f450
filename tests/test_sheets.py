"""The picture of a printed page: on an article's page its place there, on the newspaper page's all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from answers import Page
from archive import indexed
from flask.testing import FlaskClient
from format_files import BOOKS, CONTEST, PAPER, files, written

from web import create_app
from web.settings import Settings

SITE = {"html/2024-05/10/node_2.htm", "html/2024-05/10/content_1_1001.htm", "html/2024-05/10/content_1_1002.htm"}
PICTURE = "images/2024-05/10/02/page.jpg"
ISSUE = f"/issues/{PAPER}/2024-05-10"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A saved e-paper page with two articles and its picture."""
    contents = {name: content for name, content in files().items() if name in SITE}
    written(tmp_path / "pages", {**contents, PICTURE: b"\xff\xd8"})
    indexed(tmp_path, tmp_path / "pages")
    return create_app(Settings(index=tmp_path / "index")).test_client()


def outlines(page: Page) -> list[tuple[float, ...]]:
    """The rectangles drawn on the picture: left, top, width and height."""
    return [tuple(float(rect.attributes[side]) for side in ("x", "y", "width", "height")) for rect in page.all("rect")]


def articles(page: Page) -> dict[str, str]:
    """Addresses of the articles that are listed, by their titles."""
    return {link.text: link.attributes["href"] for link in page.all("a") if link.text in (BOOKS[0], CONTEST[0])}


def test_an_article_shows_its_place_on_the_page(client: FlaskClient) -> None:
    """One outline on the picture of the whole page."""
    for title, outline in ((BOOKS[0], (0, 0, 0.5, 0.5)), (CONTEST[0], (0.5, 0.5, 0.5, 0.5))):
        url = articles(Page(client.get(f"{ISSUE}/2").text))[title]
        page = Page(client.get(url).text)
        assert page.one("img").attributes["src"] == url.replace("articles", "scans")
        assert outlines(page) == [outline]


def test_a_newspaper_page_leads_to_its_articles_from_the_picture(client: FlaskClient) -> None:
    """Each outline is a link with the article's title as its name, the same that the list below has."""
    page = Page(client.get(f"{ISSUE}/2").text)
    assert outlines(page) == [(0, 0, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)]
    drawn = [link.attributes for link in page.all("a") if "aria-label" in link.attributes]
    places = {link["aria-label"]: link["href"] for link in drawn}
    assert articles(page).items() <= places.items()


def test_without_the_picture_nothing_is_drawn(client: FlaskClient, tmp_path: Path) -> None:
    """Neither there nor on the article's page."""
    (tmp_path / "pages" / PICTURE).unlink()
    page = Page(client.get(f"{ISSUE}/2").text)
    assert not page.all("details", class_="scan")
    assert not Page(client.get(articles(page)[BOOKS[0]]).text).all("svg")


def test_the_picture_has_an_address_that_a_reader_can_open(client: FlaskClient) -> None:
    """The link above it leads to the very file."""
    page = Page(client.get(f"{ISSUE}/2").text)
    file = next(link.attributes["href"] for link in page.all("a") if link.text == "打开原版文件")
    answer = client.get(file, buffered=True)
    assert (answer.status_code, answer.data) == (200, b"\xff\xd8")
