"""``unionnews words`` and ``unionnews synonyms``: the operator's own word lists."""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from web.cli.chinese import Command, Group, WholeNumber
from web.cli.common import index_option, listed, sentences, settings
from web.cli.exit_codes import FAILED

if TYPE_CHECKING:
    from index.model import Article

_Check: TypeAlias = "Callable[[Iterable[tuple[int, str]]], Iterator[str]]"
"""Numbered lines to sentences about those that are wrong."""

_SAMPLED = 3000
"""So many articles, from all over the archive, are looked at for new words."""

_OFTEN = 3
"""Bylines that make a name worth adding."""

_WORDS_CHANGE = "词表变了以后，索引要重建才用得上：unionnews reindex 报纸文件夹"
_SYNONYMS_CHANGE = "同义词只影响查询，不用重建索引；正在运行的网页重新启动后生效。"


@click.group("words", cls=Group)
def words() -> None:
    """分词用的词表：查看、添加、检查，从馆藏里推荐新词。"""


@click.group("synonyms", cls=Group)
def synonyms() -> None:
    """查询用的同义词表：查看、添加、检查。"""


@words.command("list", cls=Command)
def list_words() -> None:
    """打印词表。"""
    from index.dictionaries import WORDS

    _list(WORDS)


@synonyms.command("list", cls=Command)
def list_synonyms() -> None:
    """打印同义词表。"""
    from index.dictionaries import SYNONYMS

    _list(SYNONYMS)


@words.command("add", cls=Command)
@click.argument("new", nargs=-1, required=True, metavar="WORD…")
def add_words(new: tuple[str, ...]) -> None:
    """把词加进自己的词表（环境变量 UNIONNEWS_WORDS 指定的文件）。"""
    from index.dictionaries import WORDS
    from index.word_check import doubtful_words

    _add(WORDS, new, doubtful_words, _WORDS_CHANGE)


@synonyms.command("add", cls=Command)
@click.argument("new", nargs=-1, required=True, metavar="GROUP…")
def add_synonyms(new: tuple[str, ...]) -> None:
    """把同义词组（例如 "全总 = 中华全国总工会"）加进自己的词表（环境变量 UNIONNEWS_SYNONYMS 指定的文件）。"""
    from index.dictionaries import SYNONYMS
    from index.word_check import doubtful_synonyms

    _add(SYNONYMS, new, doubtful_synonyms, _SYNONYMS_CHANGE)


@words.command("check", cls=Command)
def check_words() -> None:
    """检查词表，说出有问题的行。"""
    from index.dictionaries import WORDS
    from index.word_check import doubtful_words

    _check(WORDS, doubtful_words)


@synonyms.command("check", cls=Command)
def check_synonyms() -> None:
    """检查同义词表，说出有问题的行。"""
    from index.dictionaries import SYNONYMS
    from index.word_check import doubtful_synonyms

    _check(SYNONYMS, doubtful_synonyms)


@words.command("suggest", cls=Command)
@index_option
@click.option("-n", "count", metavar="N", type=WholeNumber(1, 1000), default=30, help="推荐的个数 [默认：30]")
def suggest(directory: Path | None, count: int) -> None:
    """从馆藏里推荐词表和词典都没有的词：常在一起出现的字，和署名里的人名。"""
    from index import segment
    from index.new_words import FEWEST, new_words
    from index.word_check import is_made_of_words, is_torn
    from search.engines import searcher_at
    from search.model import SearchRequest

    with sentences():
        searcher = searcher_at(settings(index=directory).place)
        step = max(1, searcher.manifest().articles // _SAMPLED)
        articles = list(itertools.islice(searcher.articles(SearchRequest(sort="oldest")), None, None, step))
        found = new_words((article.body for article in articles), is_made_of_words, segment.words)
    names = [name for name, times in _names(articles).most_common() if times >= _OFTEN and is_torn(name)]
    lines = [f"{new.word}\t{new.count} 次" for new in found if not any(name in new.word for name in names)][:count]
    lines += [f"{name}\t署名" for name in names[:count]]
    for line in lines:
        click.echo(line)
    advice = "用 unionnews words add 添加要用的词。" + _WORDS_CHANGE
    nothing = f"没有要推荐的词：馆藏里没有词典不认识、又出现 {FEWEST} 次以上的词。"
    click.echo(advice if lines else nothing, err=True)


def _list(name: str) -> None:
    from index.dictionaries import entries

    with sentences():
        click.echo("\n".join(entries(name)))


def _add(name: str, new: tuple[str, ...], doubtful: _Check, change: str) -> None:
    from index.dictionaries import add, numbered, path

    with sentences():
        before = numbered(name) if path(name).exists() else []
        last = max((number for number, _ in before), default=0)
        lines = [(last + place, " ".join(line.split())) for place, line in enumerate(new, 1)]
        old = set(doubtful(before))
        wrong = [sentence for sentence in doubtful([*before, *lines]) if sentence not in old]
        if wrong:
            raise click.UsageError("没有添加。" + "；".join(wrong) + "。")
        where = add(name, (line for _, line in lines))
    click.echo(f"已加进 {where}：{'、'.join(line for _, line in lines)}。{change}")


def _check(name: str, doubtful: _Check) -> None:
    from index.dictionaries import numbered, path

    with sentences():
        lines = numbered(name)
        wrong = list(doubtful(lines))
    click.echo("\n".join([f"{path(name)}：{len(lines)} 条", *listed("有问题", wrong)]))
    if wrong:
        sys.exit(FAILED)


def _names(articles: list[Article]) -> Counter[str]:
    return Counter(byline.name for article in articles for byline in article.bylines)
