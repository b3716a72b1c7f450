"""``unionnews search``: results on the terminal, or as the endpoint answers them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.chinese import Command, WholeNumber
from web.cli.common import dumps, index_option, json_option, sentences, settings
from web.cli.exit_codes import USAGE

if TYPE_CHECKING:
    from search.model import Hit, Part, SearchResult


@click.command("search", cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("query")  # which may begin with a minus
@index_option
@json_option
@click.option("-n", "count", metavar="N", type=WholeNumber(1, 100), default=10, help="结果的条数 [默认：10]")
def command(query: str, directory: Path | None, as_json: bool, count: int) -> None:
    """在索引里查找 QUERY。"""
    from search.engines import searcher_at
    from search.errors import QueryError
    from search.model import SearchRequest
    from web.endpoint.serialize import search_result

    facets = ("year", "section", "kind", "reporter") if as_json else ()
    request = SearchRequest(q=query, per_page=count, facets=facets)
    with sentences():
        try:
            result = searcher_at(settings(index=directory).place).search(request)
        except QueryError as error:
            click.echo(f"{error.message}（第 {error.position + 1} 个字）。{error.hint}", err=True)
            sys.exit(USAGE)
    click.echo(dumps(search_result(result)) if as_json else _result_text(result))


def _result_text(result: SearchResult) -> str:
    heading = f"找到 {result.total} 篇（{result.seconds * 1000:.0f} 毫秒）"
    if result.partial:
        heading += f"，另列出 {result.reachable - result.total} 篇只含部分词语的"
    return "\n\n".join([heading, *map(_hit_text, result.hits)])


def _hit_text(hit: Hit) -> str:
    from index.schema import page_number

    article = hit.article
    date = article.date.isoformat() if article.date else None
    page = f"第{page_number(article.page_no)}版" if article.page_no else None
    where = " · ".join(filter(None, (article.newspaper, date, page, article.section)))
    who = " ".join(f"{byline.role} {byline.name}" for byline in article.bylines)
    title = _marked(hit.title_parts) or "（无题）"
    grade = "〔部分〕" if hit.partial else "〔近似〕" if hit.approximate else ""
    lines = [grade + title, " | ".join(filter(None, (where, who, article.id)))]
    return "\n".join([*lines, *(f"    {_marked(snippet.parts)}" for snippet in hit.snippets)])


def _marked(parts: tuple[Part, ...]) -> str:
    text = "".join(click.style(part.text, bold=True, fg="red") if part.hit else part.text for part in parts)
    return text.replace("\n", " ")
