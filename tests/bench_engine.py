"""How fast the engine builds and answers, beside Whoosh as tutorials use it, SQLite FTS5 and (if installed) tantivy.

    python tests/bench_engine.py DOCUMENTS QUERIES [--paragraphs] [--engines ours,whoosh,fts5,tantivy] …

DOCUMENTS: JSON lines, gzipped or not, with ``id``, ``title``, ``body`` and perhaps ``date`` (2024-05-01).
QUERIES: JSON ``{class: [{"op": "or" | "and" | "phrase", "tokens": […], "text": …}, …]}``, or under
``{"corpora": {name: …}}`` with ``--corpus NAME``. All times are CPU time of this process, in one run, because machines
differ and are shared: compare the ratios. Every query is asked once to warm up; its time is the median of the repeats.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from whoosh import fields, index, query

from index import analyzer, segment
from index.engine.writer import BulkWriter
from index.schema import SCHEMA
from search.bm25 import BM25
from search.columns import Columns
from search.evaluator import evaluate
from search.top import top

TOP = 10
clock = time.process_time


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    day: int | None
    title: str
    body: str


Ask = Callable[[dict[str, Any]], int]
"""Answers a query with its best ten documents, and returns how many it got."""


def main() -> None:
    options = arguments()
    documents = list(read(options.documents, options.paragraphs))[: options.limit]
    classes = json.loads(options.queries.read_text("utf-8"))
    classes = classes["corpora"][options.corpus] if "corpora" in classes else classes
    classes["random"] = [
        {"op": "phrase", "tokens": segment.words(text), "text": text} for text in fragments(documents, 200)
    ]
    raw = sum(len((document.title + document.body).encode()) for document in documents)
    print(f"{len(documents)} documents, {raw / 1e6:.1f} MB of text\n")
    wanted = [name for name in options.engines.split(",") if name != "tantivy" or importlib.util.find_spec("tantivy")]
    rows = {}
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            ask = ENGINES[name](Path(folder), documents)
            size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
            print(f"  index {size / 1e6:.0f} MB, {size / raw:.1f} x the text")
            rows[name] = {label: times(ask, asked, options.repeats) for label, asked in classes.items()}
    table(rows)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--corpus", default="", help="which of the corpora of the query file")
    parser.add_argument("--paragraphs", action="store_true", help="every paragraph is a document")
    parser.add_argument("--engines", default="ours,whoosh,fts5,tantivy")
    parser.add_argument("--limit", type=int, help="only so many documents")
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


def read(path: Path, paragraphs: bool) -> Iterator[Document]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            day = int(article["date"].replace("-", "")) if article.get("date") else None
            title, body = article.get("title") or "", article.get("body") or ""
            if not paragraphs:
                yield Document(article["id"], day, title, body)
                continue
            for number, paragraph in enumerate(filter(str.strip, body.split("\n"))):
                yield Document(f"{article['id']}-{number}", day, "" if number else title, paragraph)


def fragments(documents: list[Document], count: int) -> Iterator[str]:
    """Strings of 2 to 8 characters as they stand in the documents."""
    draw = random.Random(1)
    while count:
        text = analyzer.significant(draw.choice(documents).body)
        length = draw.randint(2, 8)
        if len(text) > length:
            start = draw.randrange(len(text) - length)
            yield text[start : start + length]
            count -= 1


def times(ask: Ask, asked: list[dict[str, Any]], repeats: int) -> tuple[float, float, int]:
    """Median and 95th percentile in milliseconds, and how many of the queries found nothing."""
    found, empty = [], 0
    for one in asked:
        empty += not ask(one)
        each = []
        for _ in range(repeats):
            started = clock()
            ask(one)
            each.append((clock() - started) * 1000)
        found.append(statistics.median(each))
    found.sort()
    return statistics.median(found), found[int(len(found) * 0.95)], empty


def table(rows: dict[str, dict[str, tuple[float, float, int]]]) -> None:
    """Milliseconds at the median and the 95th percentile, and the latter in multiples of the first engine's."""
    first = next(iter(rows))
    print("\nCPU ms, p50 / p95 (p95 as a multiple of the first engine's; - n: n queries found nothing)")
    for label in rows[first]:
        cells = []
        for name, row in rows.items():
            median, high, empty = row[label]
            ratio = f" ({high / rows[first][label][1]:.1f} x)" if name != first else ""
            cells.append(f"{name} {median:.2f} / {high:.2f}{ratio}{f' - {empty}' if empty else ''}")
        print(f"{label:8} " + " | ".join(cells))


def report(name: str, tokens: float, total: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: tokens {tokens:.1f} s + index {total - tokens:.1f} s CPU, peak of the process {peak:.0f} MB")


def ours(folder: Path, documents: list[Document]) -> Ask:
    segment.load()
    tokens, started = 0.0, clock()
    opened = index.create_in(str(folder), SCHEMA)
    with BulkWriter(opened) as writer:
        for document in documents:
            cutting = clock()
            values = {
                f"{zone}_{name}": cut(getattr(document, zone))
                for zone in ("title", "body")
                for name, cut in (
                    ("words", analyzer.words), ("bigrams", analyzer.bigrams), ("chars", analyzer.characters)
                )
            }
            tokens += clock() - cutting
            stored = json.dumps({"title": document.title, "body": document.body}, ensure_ascii=False)
            writer.add_document(id=document.id, day=document.day, article=stored, **values)
    report("ours", tokens, clock() - started)
    searcher = opened.searcher(weighting=BM25())
    columns = Columns.read(searcher.reader())

    def ask(asked: dict[str, Any]) -> int:
        if asked["op"] == "phrase":
            pairs = analyzer.bigrams(asked["text"])
            wanted = query.Phrase("body_bigrams", pairs) if len(pairs) > 1 else query.Term("body_bigrams", pairs[0])
        else:
            terms = [query.Term("body_words", token) for token in asked["tokens"]]
            wanted = terms[0] if len(terms) == 1 else OPERATORS[asked["op"]](terms)
        return len(top(evaluate(searcher, wanted), TOP, "relevance", columns)[0])

    return ask


def whoosh(folder: Path, documents: list[Document]) -> Ask:
    """jieba's ChineseAnalyzer in a TEXT field."""
    from jieba.analyse import ChineseAnalyzer

    started = clock()
    text = fields.TEXT(stored=True, analyzer=ChineseAnalyzer())
    opened = index.create_in(str(folder), fields.Schema(id=fields.ID(stored=True), title=text, content=text))
    writer = opened.writer(limitmb=256)
    for document in documents:
        writer.add_document(id=document.id, title=document.title, content=document.body)
    writer.commit()
    report("whoosh", 0, clock() - started)
    searcher = opened.searcher()

    def ask(asked: dict[str, Any]) -> int:
        terms = [query.Term("content", token.lower()) for token in asked["tokens"]]
        phrase = asked["op"] == "phrase"
        wanted = query.Phrase("content", asked["tokens"]) if phrase else OPERATORS[asked["op"]](terms)
        return searcher.search(wanted, limit=TOP).scored_length()

    return ask


def fts5(folder: Path, documents: list[Document]) -> Ask:
    """Words joined by spaces."""
    database = sqlite3.connect(folder / "fts5.db")
    database.execute("create virtual table archive using fts5(id unindexed, title, body)")
    tokens, started = 0.0, clock()
    for document in documents:
        cutting = clock()
        row = (document.id, " ".join(analyzer.words(document.title)), " ".join(analyzer.words(document.body)))
        tokens += clock() - cutting
        database.execute("insert into archive values (?, ?, ?)", row)
    database.commit()
    report("fts5", tokens, clock() - started)

    def ask(asked: dict[str, Any]) -> int:
        quoted = [f'"{token}"' for token in asked["tokens"] if '"' not in token]
        phrase = asked["op"] == "phrase"
        wanted = f'"{" ".join(asked["tokens"])}"' if phrase else f" {asked['op'].upper()} ".join(quoted)
        sql = "select id from archive where archive match ? order by bm25(archive) limit ?"
        return len(database.execute(sql, (f"body : ({wanted})", TOP)).fetchall())

    return ask


def tantivy(folder: Path, documents: list[Document]) -> Ask:
    """Words joined by spaces, cut again at white space."""
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", tokenizer_name="whitespace")
    builder.add_text_field("body", tokenizer_name="whitespace")
    schema = builder.build()
    opened = library.Index(schema, path=str(folder))
    writer = opened.writer(256_000_000, 1)
    tokens, started = 0.0, clock()
    for document in documents:
        cutting = clock()
        title, body = (" ".join(analyzer.words(text)) for text in (document.title, document.body))
        tokens += clock() - cutting
        writer.add_document(library.Document(id=document.id, title=title, body=body))
    writer.commit()
    writer.wait_merging_threads()
    report("tantivy", tokens, clock() - started)
    opened.reload()
    searcher = opened.searcher()
    occurs = {"and": library.Occur.Must, "or": library.Occur.Should}

    def ask(asked: dict[str, Any]) -> int:
        if asked["op"] == "phrase" and len(asked["tokens"]) > 1:
            wanted = library.Query.phrase_query(schema, "body", list(asked["tokens"]))
        else:
            occur = occurs.get(asked["op"], library.Occur.Must)
            terms = [library.Query.term_query(schema, "body", token) for token in asked["tokens"]]
            wanted = library.Query.boolean_query([(occur, term) for term in terms])
        return len(searcher.search(wanted, TOP).hits)

    return ask


OPERATORS = {"and": query.And, "or": query.Or}
ENGINES = {"ours": ours, "whoosh": whoosh, "fts5": fts5, "tantivy": tantivy}

if __name__ == "__main__":
    main()
