"""An article as its page shows it: paragraphs with numbered marks, what repair has changed, how it is cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup, escape

from index.model import Article
from search.model import Part
from search.snippet import markable, marked, occurrences, spans
from web import citation
from web.pages.comparison import compared

TITLES = ("kicker", "title", "subtitle")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The kicker, title and subtitle (empty where there is none) and the paragraphs, as HTML; how many marks they have.

    A paragraph also says whether it is a sub-heading.
    """

    titles: dict[str, Markup]
    paragraphs: tuple[tuple[bool, Markup], ...]
    hits: int


def marked_text(article: Article, terms: tuple[str, ...]) -> MarkedText:
    """``article`` with the places of ``terms`` marked, each mark with links to the one before and after it."""
    titles = [getattr(article, name) or "" for name in TITLES]
    lines = article.body.split("\n")
    wanted = markable("\n".join((*titles, *lines)), terms)
    texts = [marked(text, spans(occurrences(text, wanted))) for text in (*titles, *lines)]
    total = sum(part.hit for parts in texts for part in parts)
    numbers = iter(range(1, total + 1))
    shown = [_numbered(parts, numbers, total) for parts in texts]
    paragraphs = zip((line in article.subheads for line in lines), shown[len(titles) :], strict=True)
    return MarkedText(dict(zip(TITLES, shown, strict=False)), tuple(paragraphs), total)


def _numbered(parts: Iterable[Part], numbers: Iterator[int], total: int) -> Markup:
    return Markup("").join(_mark(part.text, next(numbers), total) if part.hit else escape(part.text) for part in parts)


def _mark(text: str, number: int, total: int) -> Markup:
    """A mark that can be linked to, and the links that show up beside it then."""
    html = Markup('<mark id="hit-{}">{}</mark>').format(number, text)
    if total == 1:
        return html
    hop = Markup('<a class="hop {}" href="#hit-{}" aria-label="{}"></a>')
    before, after = (number - 2) % total + 1, number % total + 1
    return html + hop.format("before", before, gettext("上一处")) + hop.format("after", after, gettext("下一处"))


def printed_and_repaired(article: Article) -> tuple[Markup, Markup] | None:
    """The printed and the repaired text, in each marked what the other has not; None if they are the same."""
    if article.printed == article.body:
        return None
    bylines = " ".join(f"{byline.role} {byline.name}" for byline in article.bylines)
    above = "\n".join(filter(None, (article.kicker, article.title, article.subtitle, bylines)))
    repaired = "\n".join(filter(None, (above, article.body)))
    return _edited(compared(article.printed, repaired), "del"), _edited(compared(repaired, article.printed), "ins")


def _edited(parts: Iterable[Part], tag: str) -> Markup:
    edit = Markup("<{0}>{{}}</{0}>").format(tag)
    return Markup("").join(edit.format(part.text) if part.hit else escape(part.text) for part in parts)


def citations(article: Article, url: str) -> list[tuple[str, str]]:
    """The forms in which an article may be cited, each with its name."""
    return [
        ("GB/T 7714", citation.citation(article)),
        (gettext("文字"), citation.plain(article)),
        ("BibTeX", citation.bibtex(article, url)),
        ("RIS", citation.ris(article, url).strip().replace("\r\n", "\n")),
    ]
