"""How fast the engine builds and answers, beside Whoosh as tutorials use it, SQLite FTS5 and (if installed) tantivy.

    python tests/bench_engine.py DOCUMENTS QUERIES [--paragraphs] [--engines ours,whoosh,fts5,tantivy,product] …

``product`` is the whole of a search: parsing, matching, ranking, the closer look, three facets and ten extracts, after
``reindex``; ``ours`` is the engine below it, which does what the others do: the ten best documents for some terms.

DOCUMENTS: JSON lines, gzipped or not, with ``id``, ``title``, ``body`` and perhaps ``date`` (2024-05-01).
QUERIES: JSON ``{class: [{"op": "or" | "and" | "phrase", "tokens": […], "text": …}, …]}``, or under
``{"corpora": {name: …}}`` with ``--corpus NAME``. All times are CPU time of this process, in one run, because machines
differ and are shared: compare the ratios. Every query is asked once to warm up; its time is the median of the repeats.
Each engine has a process of its own, so that memory is its own; that of the documents is told apart.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import multiprocessing
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product as product_of
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from whoosh import fields, index, query

from index import analyzer, segment
from index.engine.writer import BulkWriter
from index.reindex import reindex
from index.schema import SCHEMA
from search.bm25 import BM25
from search.columns import Columns
from search.evaluator import evaluate
from search.model import SearchRequest
from search.searcher import Searcher as WholeSearcher
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
    raw = options.copies * sum(len((document.title + document.body).encode()) for document in documents)
    print(f"{options.copies * len(documents)} documents, {raw / 1e6:.1f} MB of text\n")
    wanted = [name for name in options.engines.split(",") if name != "tantivy" or importlib.util.find_spec("tantivy")]
    rows = {}
    for name in wanted:
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            rows[name] = alone.apply(measured, (name, documents, classes, raw, options.copies, options.repeats))
    table(rows)


def measured(
    name: str, documents: list[Document], classes: dict[str, Any], raw: int, copies: int, repeats: int
) -> dict[str, tuple[float, float, int]]:
    """For each class of queries the times of one engine; on the way what it takes to build is printed."""
    before, started = memory("VmRSS"), clock()
    with tempfile.TemporaryDirectory() as folder:
        ask, tokens = ENGINES[name](Path(folder), documents, copies)
        took, peak = clock() - started, memory("VmHWM") - before
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        found = {label: times(ask, asked, repeats) for label, asked in classes.items()}
        cutting = f", {tokens:.1f} of them for tokens" if tokens else ""
        print(
            f"{name}: {took:.1f} s CPU{cutting}; index {size / 1e6:.0f} MB, "
            f"{size / raw:.1f} x the text; memory {peak} MB to build, {memory('VmRSS') - before} MB after the queries",
            flush=True,
        )
    return found


def memory(kind: str) -> int:
    """What this process holds (VmRSS) or has held at most (VmHWM), in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith(kind)) // 1024


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--corpus", default="", help="which of the corpora of the query file")
    parser.add_argument("--paragraphs", action="store_true", help="every paragraph is a document")
    parser.add_argument("--engines", default="ours,whoosh,fts5,tantivy,product")
    parser.add_argument("--copies", type=int, default=1, help="every document stands so many times in the archive")
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


def product(folder: Path, documents: list[Document], copies: int) -> tuple[Ask, float]:
    """The whole: an archive read by ``reindex``, asked through the searcher."""
    archive = folder / "archive.jsonl"
    with archive.open("w", encoding="utf-8") as file:
        for copy, document in product_of(range(copies), documents):
            day = document.day and f"{document.day // 10000}-{document.day // 100 % 100:02}-{document.day % 100:02}"
            fields = {"id": f"{document.id}-{copy}", "title": document.title, "body": document.body, "date": day}
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")
    reindex([archive], folder / "index", jobs=1)
    archive.unlink()
    searcher = WholeSearcher(folder / "index")

    def ask(asked: dict[str, Any]) -> int:
        text = asked["text"]
        if asked["op"] == "phrase":
            text = f'"{text}"'
        elif asked["op"] == "or" and len(asked["tokens"]) > 1:
            text = " OR ".join(asked["tokens"])
        return len(searcher.search(SearchRequest(text, facets=("year", "section", "kind"))).hits)

    return ask, 0.0


def ours(folder: Path, documents: list[Document], copies: int) -> tuple[Ask, float]:
    segment.load()
    tokens = 0.0
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
            for copy in range(copies):
                writer.add_document(id=f"{document.id}-{copy}", day=document.day, article=stored, **values)
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

    return ask, tokens


def whoosh(folder: Path, documents: list[Document], copies: int) -> tuple[Ask, float]:
    """jieba's ChineseAnalyzer in a TEXT field."""
    from jieba.analyse import ChineseAnalyzer

    text = fields.TEXT(stored=True, analyzer=ChineseAnalyzer())
    opened = index.create_in(str(folder), fields.Schema(id=fields.ID(stored=True), title=text, content=text))
    writer = opened.writer(limitmb=256)
    for copy, document in product_of(range(copies), documents):
        writer.add_document(id=f"{document.id}-{copy}", title=document.title, content=document.body)
    writer.commit()
    searcher = opened.searcher()

    def ask(asked: dict[str, Any]) -> int:
        terms = [query.Term("content", token.lower()) for token in asked["tokens"]]
        phrase = asked["op"] == "phrase"
        wanted = query.Phrase("content", asked["tokens"]) if phrase else OPERATORS[asked["op"]](terms)
        return searcher.search(wanted, limit=TOP).scored_length()

    return ask, 0.0


def fts5(folder: Path, documents: list[Document], copies: int) -> tuple[Ask, float]:
    """Words joined by spaces."""
    database = sqlite3.connect(folder / "fts5.db")
    database.execute("create virtual table archive using fts5(id unindexed, title, body)")
    tokens = 0.0
    for document in documents:
        cutting = clock()
        title, body = (" ".join(analyzer.words(text)) for text in (document.title, document.body))
        tokens += clock() - cutting
        for copy in range(copies):
            database.execute("insert into archive values (?, ?, ?)", (f"{document.id}-{copy}", title, body))
    database.commit()

    def ask(asked: dict[str, Any]) -> int:
        quoted = [f'"{token}"' for token in asked["tokens"] if '"' not in token]
        phrase = asked["op"] == "phrase"
        wanted = f'"{" ".join(asked["tokens"])}"' if phrase else f" {asked['op'].upper()} ".join(quoted)
        sql = "select id from archive where archive match ? order by bm25(archive) limit ?"
        return len(database.execute(sql, (f"body : ({wanted})", TOP)).fetchall())

    return ask, tokens


def tantivy(folder: Path, documents: list[Document], copies: int) -> tuple[Ask, float]:
    """Words joined by spaces, cut again at white space."""
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", tokenizer_name="whitespace")
    builder.add_text_field("body", tokenizer_name="whitespace")
    schema = builder.build()
    opened = library.Index(schema, path=str(folder))
    writer = opened.writer(256_000_000, 1)
    tokens = 0.0
    for document in documents:
        cutting = clock()
        title, body = (" ".join(analyzer.words(text)) for text in (document.title, document.body))
        tokens += clock() - cutting
        for copy in range(copies):
            writer.add_document(library.Document(id=f"{document.id}-{copy}", title=title, body=body))
    writer.commit()
    writer.wait_merging_threads()
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

    return ask, tokens


OPERATORS = {"and": query.And, "or": query.Or}
ENGINES = {"ours": ours, "whoosh": whoosh, "fts5": fts5, "tantivy": tantivy, "product": product}

if __name__ == "__main__":
    main()
