"""Reading answers: HTML as elements, and problem documents as RFC 9457 has them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from werkzeug.test import TestResponse

VOID = {"meta", "link", "input", "br", "img", "hr"}
MEMBERS = {"type", "title", "status", "detail", "instance", "param", "position", "hint"}


@dataclass(slots=True)
class Element:
    """One element with all the text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    marked: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """A web page as its elements, in the order in which they begin."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements with a tag and with these attributes (``class_`` for class: one of its names)."""
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(value in element.attributes.get(name.strip("_"), "").split() for name, value in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only element of its kind."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × {tag} {attributes}"
        return found[0]

    def links(self) -> list[str]:
        """Where the page leads, but for itself in another language."""
        return [element.attributes["href"] for element in self.all("a") if "hreflang" not in element.attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].tag == "mark":
            for element in self._open[:-1]:
                element.marked.append(data)
        for element in self._open:
            element.text += data


def address(path: str, **parameters: str | int) -> str:
    """A path with parameters."""
    return path + "?" + "&".join(f"{name}={quote(str(value))}" for name, value in parameters.items())


def assert_problem(response: TestResponse, status: int, **members: Any) -> dict[str, Any]:
    """Check that an answer is a problem document as RFC 9457 has it; gives back its members."""
    assert response.status_code == status
    assert response.content_type == "application/problem+json; charset=utf-8"
    problem: dict[str, Any] = response.json
    assert problem.keys() <= MEMBERS
    assert problem["type"].startswith("/problems/")
    assert problem["status"] == status
    assert problem["title"]
    assert any("\u4e00" <= character <= "\u9fff" for character in problem["detail"])
    assert response.text == json.dumps(problem, ensure_ascii=False)
    for name, value in members.items():
        assert problem[name] == value
    return problem


def same_problem(page: TestResponse, problem: dict[str, Any]) -> None:
    """Check that a web page says what a problem document says."""
    assert page.status_code == problem["status"]
    assert page.content_type == "text/html; charset=utf-8"
    text = Page(page.text).one("main").text
    for member in ("title", "detail", "hint"):
        assert problem.get(member, "") in text
