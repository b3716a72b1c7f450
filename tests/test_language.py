"""The pages in the reader's language: Chinese, English by the browser's wish or by a link."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from answers import Page, address
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

import web
from search.model import KIND_LABELS
from web import create_app
from web.pages import filters
from web.settings import Settings

ROOT = Path(web.__file__).parent.parent
MESSAGES = Path(web.__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
HAN = re.compile("[\u4e00-\u9fff]")
KEYWORDS = {**DEFAULT_KEYWORDS, "Sentence": None}
PLACE = re.compile(r"%\(\w+\)s|</?\w+[^>]*>")

PATHS = [
    "/", "/help", "/search?q=职工", "/search?q=劳模&expand=0&fuzzy=1&kind=news&from=2024", "/search?q=职工&page=99",
    '/search?q="南极洲鲸鱼观察站"', "/nothing",
]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with MESSAGES.open("rb") as file:
        return read_po(file, locale="en")


def asked(*, english: bool = True) -> dict[str, str]:
    return {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.1" if english else "zh-CN,zh;q=0.9,en;q=0.1"}


def test_every_message_is_translated(catalog: Catalog) -> None:
    """What the code and the templates say, and nothing else, stands in the catalogue, with the same places to fill."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: {"trimmed": "true"} for mapping in mappings}
    said = {found[2] for found in extract_from_dir(ROOT, methods, options, KEYWORDS)}
    assert said == {message.id for message in catalog if message.id}
    for message in filter(lambda message: message.id, catalog):
        assert message.string, message.id
        assert not message.fuzzy, message.id
        assert sorted(PLACE.findall(message.string)) == sorted(PLACE.findall(message.id)), message.id


def test_the_compiled_catalogue_is_the_one_that_people_edit(catalog: Catalog) -> None:
    """What ``pybabel compile`` makes of it is shipped, so that an installation needs no step for it."""
    with MESSAGES.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert {message.id: message.string for message in compiled if message.id} == {
        message.id: message.string for message in catalog if message.id
    }
    with (ROOT / "pyproject.toml").open("rb") as file:
        shipped = tomllib.load(file)["tool"]["setuptools"]["package-data"]["web"]
    assert "translations/*/LC_MESSAGES/*" in shipped


def test_kinds_have_the_same_names_everywhere() -> None:
    """The labels that are translated are those that queries know."""
    assert {kind: str(label) for kind, label in filters.KIND_LABELS.items()} == KIND_LABELS


@pytest.mark.parametrize("path", PATHS)
def test_the_browser_s_language_decides(client: FlaskClient, path: str) -> None:
    """English for who prefers it, Chinese for everybody else; caches are told."""
    english = client.get(path, headers=asked())
    assert english.headers["Content-Language"] == Page(english.text).one("html").attributes["lang"] == "en"
    for headers in (asked(english=False), {}, {"Accept-Language": "fr"}, {"Accept-Language": "zh-TW"}):
        chinese = client.get(path, headers=headers)
        assert chinese.headers["Content-Language"] == Page(chinese.text).one("html").attributes["lang"] == "zh-CN"
        assert "Accept-Language" in chinese.vary
        assert chinese.headers.get("ETag", "zh") != english.headers.get("ETag", "en")


@pytest.mark.parametrize("path", PATHS)
def test_a_link_changes_the_language_of_every_page(client: FlaskClient, path: str) -> None:
    """It shows the same page; from there on every link to a page keeps the language, and no cookie is needed."""
    for headers, lang in ((asked(english=False), "en"), (asked(), "zh")):
        page = Page(client.get(path, headers=headers).text)
        switch = next(a for a in page.all("a") if a.attributes.get("hreflang", "")[:2] == lang)
        other = client.get(switch.attributes["href"], headers=headers)
        changed = Page(other.text)
        assert changed.one("html").attributes["lang"][:2] == switch.attributes["lang"][:2] == lang
        assert "Set-Cookie" not in other.headers
        assert (page.one("input", name="q").attributes["value"] == changed.one("input", name="q").attributes["value"]
                or path == "/nothing")
        assert changed.one("input", name="lang").attributes["value"] == lang
        for link in changed.all("a"):
            target = urlsplit(link.attributes["href"])
            if "hreflang" not in link.attributes and is_page(target.path):
                assert ("lang", lang) in parse_qsl(target.query), link.attributes["href"]


def is_page(path: str) -> bool:
    """Whether a path is a web page, not a file for programs or a place on the same page."""
    return bool(path) and not path.startswith(("/api/v1/", "/search."))


def test_the_english_pages_are_english(client: FlaskClient) -> None:
    """What stands on every page and around the results is translated; the newspaper's own words are not."""
    page = Page(client.get(address("/search", q="劳模", kind="news", lang="en")).text)
    assert page.one("p", role="status").text.strip().startswith("Articles found: ")
    for element in (page.one("a", class_="skip"), page.one("nav", class_="sort"), page.one("label")):
        assert not HAN.search(element.text)
    assert page.one("ul", class_="chips").text.strip().startswith("Kind: News")


def test_programs_are_answered_the_same_in_every_language(client: FlaskClient) -> None:
    """JSON and feeds do not depend on the language, nor say that they do."""
    for path in ("/api/v1/status", "/search.atom?q=职工", "/api/v1/search?q=标题:"):
        english = client.get(path, headers=asked())
        assert english.text == client.get(path).text
        assert "Accept-Language" not in english.vary
        assert "Content-Language" not in english.headers
    assert client.get("/api/v1/search?q=职工&lang=en").status_code == 400


@pytest.mark.parametrize("path", [
    "/search?q=a AND", '/search?q="a', "/search?q=(a", "/search?q=color:a", "/search?q=a*", "/search?q=date:soon",
    "/search?q=a&per_page=0", "/search?q=a&sort=best", "/search?q=a&from=soon", "/search?q=a&limit=2", "/nothing",
    "/articles/nothing", "/issues/Herald/1990-01-01", "/people/Nobody", "/sections/Nothing", "/calendar/1990-01",
    "/search?q=a&page=2&generation=old", "/sitemap-99.xml", "/help?q=" + "a" * 9000,
])
def test_errors_are_said_in_the_reader_s_language(client: FlaskClient, path: str) -> None:
    """Title, sentence and hint are English on an English page; the document for programs is Chinese for all."""
    page = client.get(path, headers=asked())
    assert page.status_code >= 400
    error = Page(page.text).one("div", class_="error").text
    assert not HAN.search(re.sub("标题|正文|作者|记者|通讯员|摄影|版名|版次|报纸|类型|日期", "", error)), error
    documents = [client.get(path, headers={**asked(english=english), "Accept": "application/json"}).get_json()
                 for english in (True, False)]
    assert documents[0] == documents[1]
    assert HAN.search(documents[0]["detail"])


def test_a_missing_index_is_said_in_the_reader_s_language(tmp_path: Path) -> None:
    """So are the sentences that tell the operator what to run."""
    client = create_app(Settings(index=tmp_path / "none")).test_client()
    answer = client.get("/", headers=asked())
    assert answer.status_code == 503
    assert "There is no index in" in answer.text
    assert "unionnews reindex" in answer.text


@pytest.mark.parametrize("lang", ["xx", "", "zh-CN' onclick=", "../../etc"])
def test_an_unknown_language_is_none(client: FlaskClient, lang: str) -> None:
    """Another ``lang`` than those there are changes nothing, and is not carried along."""
    page = client.get(address("/search", q="职工", lang=lang), headers=asked())
    assert Page(page.text).one("html").attributes["lang"] == "en"
    assert "lang=" not in re.sub(r'(hre)?f?lang="[^"]*"|[?&]amp;lang=zh"|lang=(zh|en)"', "", page.text)
