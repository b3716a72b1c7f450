"""How an article is cited: in words, and for programs that collect references."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

from index.model import Article
from index.schema import page_number

_KEY = re.compile(r"[^\w:.-]+")
_TEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}
"""What TeX would not print as it stands."""

_NAMED = 3
"""So many authors are named before "等" (GB/T 7714, 8.1.2)."""


def citation(article: Article) -> str:
    """A reference in the form of GB/T 7714: 作者. 篇名[N]. 报纸, 日期(版次). What is not known is left out."""
    title = ": ".join(filter(None, (article.title, article.subtitle))) or "无题"
    page = page_number(article.page_no) if article.page_no else ""
    where = ", ".join(filter(None, (article.newspaper, day(article))))
    where += f"({page})" if page else ""
    return _line(". ".join(filter(None, (_authors(article), f"{title}[N]", where))) + ".")


def plain(article: Article) -> str:
    """A reference in running text: 李明：《篇名》，《报纸》2024年5月1日，第1版。"""
    date = article.date and f"{article.date.year}年{article.date.month}月{article.date.day}日"
    printed = (f"《{article.newspaper}》" if article.newspaper else "") + (date or "")
    page = f"第{page_number(article.page_no)}版" if article.page_no else ""
    where = "，".join(filter(None, (f"《{article.title or '无题'}》", printed, page)))
    return _line("：".join(filter(None, ("、".join(writers(article)), where))) + "。")


def bibtex(article: Article, url: str) -> str:
    """A reference for BibTeX and BibLaTeX."""
    fields = [
        ("title", article.title), ("subtitle", article.subtitle), ("author", " and ".join(writers(article))),
        ("journal", article.newspaper), ("date", day(article)), ("year", day(article)[:4]),
        ("number", article.issue_no), ("pages", page_number(article.page_no) if article.page_no else None),
        ("entrysubtype", "newspaper"), ("url", url), ("langid", "chinese"),
    ]
    lines = [f"  {name} = {{{_tex(_line(text))}}}," for name, text in fields if text]
    return "\n".join([f"@article{{{_KEY.sub('-', article.id)},", *lines, "}"])


def ris(article: Article, url: str) -> str:
    """An article as a reference in RIS."""
    tags: list[tuple[str, str | None]] = [
        ("TY", "NEWS"),
        ("TI", article.title),
        *(("AU", name) for name in writers(article)),
        ("T2", article.newspaper),
        ("PY", day(article)[:4]),
        ("DA", day(article).replace("-", "/")),
        ("IS", article.issue_no),
        ("SP", article.page_no and page_number(article.page_no)),
        ("SE", article.section),
        ("LA", "zh"),
        ("UR", url),
        ("ID", article.id),
    ]
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in tags if text]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def _authors(article: Article) -> str:
    names = writers(article)
    return ", ".join((*names[:_NAMED], "等") if len(names) > _NAMED else names)


def writers(article: Article) -> tuple[str, ...]:
    """Who wrote an article; of a picture alone, who took it."""
    wrote = [byline.name for byline in article.bylines if "摄" not in byline.role]
    return tuple(dict.fromkeys(wrote or [byline.name for byline in article.bylines]))


def day(article: Article) -> str:
    """The day of an article as 2024-05-01, empty if it is not known."""
    return article.date.isoformat() if article.date else ""


def meta_tags(article: Article, url: str) -> list[tuple[str, str]]:
    """Names and contents of the elements that reference managers read.

    With ``citation_journal_title`` alone, Zotero would take the article for one of a journal; ``DC.type`` says more.
    """
    tags: list[tuple[str, str | None]] = [
        ("DC.type", "newspaperArticle"),
        ("citation_title", article.title),
        *(("citation_author", name) for name in writers(article)),
        ("citation_publication_date", day(article).replace("-", "/")),
        ("citation_journal_title", article.newspaper),
        ("citation_issue", article.issue_no),
        ("citation_firstpage", page_number(article.page_no) if article.page_no else None),
        ("citation_language", "zh"),
        ("citation_public_url", url),
    ]
    return [(name, line) for name, content in tags if (line := _line(content or ""))]


def json_ld(article: Article, url: str) -> Markup:
    """The article as schema.org's ``NewsArticle``, to stand in a script element."""
    members: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "alternativeHeadline": article.subtitle,
        "author": [{"@type": "Person", "name": name} for name in writers(article)],
        "datePublished": day(article),
        "isPartOf": _issue(article),
        "printSection": article.section,
        "printPage": article.page_no,
        "inLanguage": "zh",
        "url": url,
    }
    text = json.dumps({name: value for name, value in members.items() if value}, ensure_ascii=False)
    # inside a script element only "<" can end it or begin a comment
    return Markup(text.replace("<", "\\u003c"))


def _issue(article: Article) -> dict[str, Any] | None:
    if not article.newspaper:
        return None
    newspaper = {"@type": "Newspaper", "name": article.newspaper}
    if not article.issue_no:
        return newspaper
    return {"@type": "PublicationIssue", "issueNumber": article.issue_no, "isPartOf": newspaper}


def _line(text: str) -> str:
    return " ".join(text.split())
