"""How well the sample newspaper is found: tasks made of its articles, judged by its gold, scored as MRR@10 and R@10.

    python tests/bench_quality.py [--verbose]

Tasks (query -> the articles that are relevant):

    title       a whole title -> its article
    fragment    six characters out of a title, cut without a segmenter: the first, the middle, the last -> its article
    keywords    the two or three words of an article with the highest tf·idf, typed with spaces -> the article
    glued       the same words without the spaces
    names       a name that stands in a byline -> every article with it
    dates       a day in one of four written forms, and a section of that day or the newspaper -> articles of that day
    questions   a question written by a reader (``questions.tsv``) -> the article that answers it

Archives they are asked of: the sample as it ships; ``untitled``, its articles without title, kicker and subtitle; and
both again ``damaged`` as by bad OCR (see ``damage``), with the loss against the clean one. Everything is deterministic.

MRR@10: mean of 1/rank of the first relevant hit, 0 beyond the tenth. R@10: mean share of the relevant articles among
the first ten hits, of ten at most. zero: share of queries that find nothing at all, or are refused. Entries of page
furniture are never relevant: nobody looks for a masthead. loss: MRR@10 on the clean archive less that on the damaged.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive import SAMPLE, ask, indexed
from test_queries import bare, text_of

from index import segment
from index.model import Article, Byline
from index.normalize import is_word_character
from index.schema import dump
from search.errors import QueryError
from search.language_files import lookalikes
from search.searcher import Searcher

HERE = Path(__file__).parent
DEPTH = 10
"""Hits that count."""
FRAGMENT = 6
"""Characters of a title fragment."""
DIGITS = "〇一二三四五六七八九"

DAMAGE = 0.05
"""Share of the Chinese characters that are damaged."""
STRAY = 5
"""One damaged character in so many is no look-alike."""
FREQUENT = 100
"""Characters that a stray one is drawn from: the most frequent ones of the archive."""
COLUMN = 16
"""Characters between two spaces that do not belong there."""


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a query: the rank of its first relevant hit, from 1, None if there is none among the first ten."""

    query: Query
    rank: int | None
    recall: float
    found: tuple[str, ...]

    @property
    def reciprocal(self) -> float:
        return 1 / self.rank if self.rank else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    mrr: float
    recall: float
    zero: float

    @classmethod
    def of(cls, outcomes: list[Outcome]) -> Score:
        return cls(
            statistics.fmean(outcome.reciprocal for outcome in outcomes),
            statistics.fmean(outcome.recall for outcome in outcomes),
            statistics.fmean(not outcome.found for outcome in outcomes),
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """An article as a reader judged it (the gold), and the article of the index that it became."""

    title: str | None
    names: frozenset[str]
    newspaper: str
    section: str
    date: datetime.date
    article: Article


RUNS = (
    ("title", "sample"), ("title", "untitled"), ("fragment", "sample"), ("fragment", "untitled"),
    ("keywords", "sample"), ("glued", "sample"), ("names", "sample"), ("dates", "sample"), ("questions", "sample"),
    ("title", "damaged"), ("title", "damaged untitled"),
    ("keywords", "damaged"), ("glued", "damaged"), ("names", "damaged"),
)
"""Which task is asked of which archive."""

CLEAN = {"damaged": "sample", "damaged untitled": "untitled"}
"""The archive that a damaged one was."""


class Bench:
    """The archives, indexed in a folder, and the queries of each task."""

    def __init__(self, folder: Path) -> None:
        sample = _indexed(folder / "sample", SAMPLE)
        articles = [hit.article for hit in ask(sample, "", per_page=1000).hits]
        damaged = damaged_articles(articles)
        self._archives = {
            "sample": sample,
            "untitled": _archive(folder / "untitled", map(untitled, articles)),
            "damaged": _archive(folder / "damaged", damaged),
            "damaged untitled": _archive(folder / "damaged-untitled", map(untitled, damaged)),
        }
        gold = judged([article for article in articles if article.kind != "page"])
        self._queries = {name: list(queries(gold)) for name, queries in TASKS.items()}
        self.titles = {article.id: article.title or " ".join(article.body[:20].split()) for article in articles}

    def outcomes(self, task: str, archive: str) -> list[Outcome]:
        return [outcome(self._archives[archive], query) for query in self._queries[task]]


def outcome(searcher: Searcher, query: Query) -> Outcome:
    try:
        found = tuple(hit.article.id for hit in ask(searcher, query.text, per_page=DEPTH).hits)
    except QueryError:
        found = ()
    rank = next((rank for rank, key in enumerate(found, 1) if key in query.relevant), None)
    recall = len(query.relevant & set(found)) / min(len(query.relevant), DEPTH)
    return Outcome(query, rank, recall, found)


def misses(outcomes: list[Outcome], titles: dict[str, str]) -> list[str]:
    """A line for each query that is not answered in full, the worst first."""
    wrong = [outcome for outcome in outcomes if min(outcome.reciprocal, outcome.recall) < 1]
    return [_line(one, titles) for one in sorted(wrong, key=lambda outcome: (outcome.reciprocal, outcome.recall))]


def _line(outcome: Outcome, titles: dict[str, str]) -> str:
    wanted = "|".join(titles[key] for key in sorted(outcome.query.relevant)[:2])
    first = titles[outcome.found[0]] if outcome.found else "nothing"
    rank = outcome.rank or "-"
    return f"rank {rank}, recall {outcome.recall:.2f}: {outcome.query.text} -> {first} (wanted {wanted})"


# The archives

def _indexed(folder: Path, pages: Path) -> Searcher:
    folder.mkdir(parents=True, exist_ok=True)
    return indexed(folder, pages)


def _archive(folder: Path, articles: Iterable[Article]) -> Searcher:
    folder.mkdir(parents=True)
    pages = folder / "articles.jsonl"
    pages.write_text("\n".join(map(dump, articles)), "utf-8")
    return _indexed(folder, pages)


def untitled(article: Article) -> Article:
    return replace(article, title=None, kicker=None, subtitle=None)


def damaged_articles(articles: list[Article]) -> list[Article]:
    """The articles after bad OCR; each is damaged in its own way, whatever others there are."""
    counts = Counter(c for article in articles for c in article.body if _is_han(c))
    frequent = "".join(sorted(counts, key=lambda c: (-counts[c], c))[:FREQUENT])
    return [_damaged_article(article, random.Random(article.id), frequent) for article in articles]


def _damaged_article(article: Article, draw: random.Random, frequent: str) -> Article:
    """Title, kicker, subtitle, names and body of an article damaged as one text, one of them a line."""
    headings = (article.title or "", article.kicker or "", article.subtitle or "")
    printed = "\n".join((*headings, *(byline.name for byline in article.bylines), article.body))
    title, kicker, subtitle, *rest = damage(printed, draw, frequent).split("\n")
    names, body = rest[: len(article.bylines)], "\n".join(rest[len(article.bylines) :])
    bylines = tuple(Byline(byline.role, name) for byline, name in zip(article.bylines, names, strict=True) if name)
    return replace(
        article, title=title, kicker=kicker, subtitle=subtitle, bylines=bylines, body=body, printed=body, subheads=()
    )


def damage(text: str, draw: random.Random, frequent: str) -> str:
    """``text`` as bad OCR reads it, line by line.

    ``DAMAGE`` of the Chinese characters are lost: four in five become a look-alike (``search/confusables.tsv``), every
    fifth a random character of ``frequent`` or, as often, nothing. Then a space is put in after every ``COLUMN``
    characters. Which ones is drawn from ``draw``, so that a seed gives the same text always.
    """
    han = [place for place, character in enumerate(text) if _is_han(character)]
    count = round(DAMAGE * len(han))
    stray = set(draw.sample(han, count // STRAY))
    alike = [place for place in han if place not in stray and text[place] in lookalikes()]
    read = list(text)
    for place in sorted(stray):
        read[place] = draw.choice((draw.choice(frequent), ""))
    for place in sorted(draw.sample(alike, min(count - len(stray), len(alike)))):
        read[place] = draw.choice(lookalikes()[text[place]])
    return "\n".join(map(_spaced, "".join(read).split("\n")))


def _spaced(line: str) -> str:
    return " ".join(line[start : start + COLUMN] for start in range(0, len(line), COLUMN))


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


# The judgements

def judged(articles: list[Article]) -> list[Judged]:
    """The gold, each article found by the strings that it must contain."""
    texts = [(text_of(article), article) for article in articles]
    lines = (HERE / "sample.gold.jsonl").read_text("utf-8").splitlines()
    return [
        Judged(
            title=gold["title"],
            names=frozenset(byline["name"] for byline in gold["bylines"]),
            newspaper=gold["newspaper"],
            section=gold["section"],
            date=datetime.date.fromisoformat(gold["date"]),
            article=_best(texts, gold["contains"]),
        )
        for gold in map(json.loads, lines)
    ]


def _best(texts: list[tuple[str, Article]], contains: list[str]) -> Article:
    strings = list(map(bare, contains))
    shares = [sum(string in text for string in strings) for text, _ in texts]
    assert max(shares), f"no article has {contains}"
    return texts[shares.index(max(shares))][1]


def title_queries(gold: list[Judged]) -> Iterator[Query]:
    for title in dict.fromkeys(one.title for one in gold if one.title):
        yield Query(title, frozenset(one.article.id for one in gold if one.title == title))


def fragment_queries(gold: list[Judged]) -> Iterator[Query]:
    for title in title_queries(gold):
        text = "".join(filter(is_word_character, title.text))
        last = max(len(text) - FRAGMENT, 0)
        for start in sorted({0, last // 2, last}):
            yield Query(text[start : start + FRAGMENT], title.relevant)


def keyword_queries(gold: list[Judged], separator: str = " ") -> Iterator[Query]:
    """Two words of one article, three of the next, and so on; of equal tf·idf the first in the text."""
    bodies = {one.article.id: one.article.body for one in gold}
    counts = {key: Counter(filter(_is_keyword, segment.words(body))) for key, body in bodies.items()}
    articles = Counter(word for words in counts.values() for word in words)
    for number, (key, words) in enumerate(counts.items()):
        weights = {word: count * math.log(len(bodies) / articles[word]) for word, count in words.items()}
        salient = sorted(weights, key=lambda word: -weights[word])[: 2 + number % 2]
        yield Query(separator.join(salient), frozenset({key}))


def _is_keyword(word: str) -> bool:
    return len(word) > 1 and all(map(_is_han, word))


def glued_queries(gold: list[Judged]) -> Iterator[Query]:
    return keyword_queries(gold, "")


def name_queries(gold: list[Judged]) -> Iterator[Query]:
    for name in sorted({name for one in gold for name in one.names}):
        yield Query(name, frozenset(one.article.id for one in gold if name in one.names))


def date_queries(gold: list[Judged]) -> Iterator[Query]:
    for day in sorted({one.date for one in gold}):
        that_day = [one for one in gold if one.date == day]
        words = sorted({word for one in that_day for word in (one.section, one.newspaper)})
        for form in written(day):
            yield from (Query(f"{form} {word}", frozenset(one.article.id for one in that_day)) for word in words)


def written(day: datetime.date) -> tuple[str, ...]:
    """A day in four of the forms in which it is written."""
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.month}月{day.day}日",
        day.isoformat(),
        f"{year}年{_chinese(day.month)}月{_chinese(day.day)}日",
    )


def _chinese(number: int) -> str:
    """A number from 1 to 99 in words."""
    tens, ones = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def question_queries(gold: list[Judged]) -> Iterator[Query]:
    texts = {one.article.id: text_of(one.article) for one in gold}
    for line in (HERE / "questions.tsv").read_text("utf-8").splitlines():
        if not line.startswith("# "):
            question, contains = line.split("\t")
            found = frozenset(key for key, text in texts.items() if bare(contains) in text)
            assert len(found) == 1, f"{len(found)} articles have {contains}"
            yield Query(question, found)


TASKS: dict[str, Callable[[list[Judged]], Iterator[Query]]] = {
    "title": title_queries, "fragment": fragment_queries, "keywords": keyword_queries, "glued": glued_queries,
    "names": name_queries, "dates": date_queries, "questions": question_queries,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbose", action="store_true", help="list the queries that are not answered in full")
    options = parser.parse_args()
    print(f"{'task':10} {'archive':17} {'n':>4} {'MRR@10':>7} {'R@10':>7} {'zero':>7} {'loss':>7}")
    with tempfile.TemporaryDirectory() as folder:
        bench, scores = Bench(Path(folder)), dict[tuple[str, str], Score]()
        for task, archive in RUNS:
            outcomes = bench.outcomes(task, archive)
            score = scores[task, archive] = Score.of(outcomes)
            clean = scores.get((task, CLEAN.get(archive, "")))
            loss = f"{clean.mrr - score.mrr:7.3f}" if clean else ""
            print(f"{task:10} {archive:17} {len(outcomes):4}", *(f"{figure:7.3f}" for figure in astuple(score)), loss)
            for line in misses(outcomes, bench.titles) if options.verbose else ():
                print(f"    {line}")


if __name__ == "__main__":
    main()
