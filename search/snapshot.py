"""One generation of the index, opened for reading; it never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.query import Query, Term
from whoosh.searching import Searcher as WhooshSearcher

from index import schema, segment, store
from index.errors import StoreError
from index.manifest import Manifest
from index.model import Article
from index.schema import ZONES
from search import deadline
from search.columns import Columns
from search.errors import ArticleNotFoundError
from search.evaluator import Evaluation
from search.hits import Docs
from search.lexicon import Lexicon
from search.memory import Memory
from search.ranking import WEIGHTING


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a search needs of one generation; may be shared by threads."""

    manifest: Manifest
    searcher: WhooshSearcher
    columns: Columns
    lexicon: Lexicon
    memory: Memory

    @classmethod
    def open(cls, directory: Path, generation: str) -> Snapshot:
        """Open a generation, checked against the running code.

        Raises:
            IndexOutdatedError, IndexDamagedError
        """
        manifest = store.read_manifest(directory, generation)
        store.check(directory, manifest)
        segment.load()
        index = store.open_generation(directory, generation)
        try:
            searcher = index.searcher(weighting=WEIGHTING)
            columns = Columns.read(searcher.reader())
            return cls(manifest, searcher, columns, Lexicon(searcher, columns), Memory(searcher))
        except StoreError:
            raise
        except Exception as error:  # whoosh lets whatever a broken file causes through
            raise store.damaged(directory) from error

    def article(self, doc: int) -> Article:
        """The article of a document number."""
        deadline.check()
        return schema.load(self.searcher.stored_fields(int(doc))["article"])

    def articles(self) -> Iterator[Article]:
        """All articles, in the order of their numbers."""
        return map(self.article, self.searcher.reader().all_doc_ids())

    def counts(self, queries: Sequence[Query]) -> list[int]:
        """How many articles match each query."""
        return [len(self._matching(query)) for query in queries]

    def has_word(self, word: str) -> bool:
        """Whether any text was cut into words one of which is ``word``."""
        reader = self.searcher.reader()
        return any((f"{zone}_words", word) in reader for zone in ZONES)

    def titles_with(self, queries: Sequence[Query], limit: int) -> list[str]:
        """The titles of the articles that most of ``queries`` match, at most ``limit``."""
        found = [self._matching(query) for query in queries]
        counts = np.bincount(np.concatenate([np.empty(0, np.int64), *found]))
        best = np.argsort(-counts, kind="stable")[:limit].tolist()
        return [self.article(doc).title or "" for doc in best if counts[doc]]

    def find(self, article_id: str) -> int:
        """The document number of the article with an id.

        Raises:
            ArticleNotFoundError
        """
        docs = self._matching(Term("id", article_id))
        if not len(docs):
            raise ArticleNotFoundError(article_id)
        return int(docs[0])

    def find_article(self, article_id: str) -> Article:
        """The article with an id.

        Raises:
            ArticleNotFoundError
        """
        return self.article(self.find(article_id))

    def _matching(self, query: Query) -> Docs:
        return Evaluation(self.searcher, self.memory).matches(query, scored=False).docs
