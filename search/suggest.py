"""Suggestions while a query is being typed: words, names, sections and titles of the archive that begin so.

Chinese is taken as it stands. Text with Latin letters may besides be pinyin (``search.pinyin``); it only suggests
queries, none is widened by it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index import segment
from index.engine.arrays import Array
from index.normalize import fold, significant
from index.schema import ROLES
from search.entries import Entries, Titles, title_text, words
from search.errors import QueryError
from search.hits import Docs
from search.model import Reason, Suggestion
from search.pinyin import Alphabet, Table
from search.query import Date, Every, Field, Node, Phrase, Word, conjuncts
from search.query_lexer import FIELDS
from search.query_parser import MAX_CHARACTERS, parse
from search.snapshot import Snapshot

NAME_FIELDS = (*ROLES.values(), "author")
"""The fields whose values are names of people."""

SHARES: dict[Reason, int] = {"word": 4, "name": 2, "section": 1, "title": 2}
"""How many suggestions of each sort come before places that are left go to the first sorts that have more."""
LATIN_SHARE = 3
"""So many go to what the archive has in Latin letters, before pinyin."""
TITLES_READ = 12
"""So many titles are looked at more closely."""

_PINYIN = "[A-Za-zÀ-ǜ]+"
_ENDINGS = (
    re.compile(rf"(?<!\w){_PINYIN}(?:[\s'’]{_PINYIN})+\Z"),  # pinyin with spaces
    re.compile(r"[^\s:：]*\Z"),
    re.compile(rf"(?<=[^\W\da-zA-ZÀ-ǜ]){_PINYIN}(?:['’]{_PINYIN})*\Z"),  # pinyin after Chinese
)
"""What may be the beginning of a word at the end of a query."""
_FIELD = re.compile(r"(\w{1,20})[:：]\Z")
_LATIN = re.compile("[a-zà-ǜ]")
_NAMED = {alias: name for name, aliases in FIELDS.items() for alias in aliases}
_SORTS_OF_FIELD: dict[str, tuple[Reason, ...]] = {
    "标题": ("word",), "正文": ("word",), "版名": ("section",),
    **dict.fromkeys(("作者", "记者", "通讯员", "摄影"), ("name",)),
}


@dataclass(frozen=True, slots=True)
class Suggester:
    """What one generation of an index can suggest. Immutable; read once for a generation."""

    alphabet: Alphabet
    entries: dict[Reason, Entries]
    titles: Titles
    newest: Array
    """The place of each document of ``titles`` when sorted by newer day."""
    title: Callable[[int], str | None]
    """The title of a document; None if it has none, or is gone."""

    @classmethod
    def read(cls, snapshot: Snapshot) -> Suggester:
        """Collect what may be suggested: half a second and 15 MB for 20,000 articles."""
        reader, columns = snapshot.searcher.reader(), snapshot.columns
        everything = np.arange(len(columns.days))
        names: Counter[str] = Counter()
        for field in NAME_FIELDS:
            names.update(dict(columns.counts(field, everything)))
        texts: dict[Reason, dict[str, int]] = {
            "word": words(reader), "name": names, "section": dict(columns.counts("section", everything)),
        }

        def title(doc: int) -> str | None:
            return None if reader.is_deleted(doc) else snapshot.article(doc).title

        return cls.of(texts, title_text(reader), columns.newest, title)

    @classmethod
    def of(
        cls, texts: dict[Reason, dict[str, int]], titles: str, newest: Array, title: Callable[[int], str | None]
    ) -> Suggester:
        """What suggests ``texts`` of several sorts by their weights, and titles, which have a NUL behind each."""
        occurring = {*titles, *significant("".join(text for group in texts.values() for text in group))} - {"\0"}
        alphabet = Alphabet(occurring)
        entries = {sort: Entries.of(group, alphabet) for sort, group in texts.items()}
        return cls(alphabet, entries, Titles.of(titles, alphabet), newest, title)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """At most ``limit`` queries that ``text`` may be the beginning of; none for what is too long for a query."""
        if len(text) > MAX_CHARACTERS:
            return ()
        for head, typed in _endings(text):
            if found := self._completed(head, typed, limit):
                return tuple(suggestion for suggestion in found if _parsed(suggestion.q) != Every())
        return ()

    def sounding(self, text: str) -> tuple[Suggestion, ...]:
        """Queries that ``text`` may be the beginning of, read as pinyin."""
        if not _LATIN.search(significant(text)):
            return ()
        return tuple(found for found in self.suggest(text) if found.reason == "pinyin")

    def homophones(self, text: str, count: int) -> list[str]:
        """At most ``count`` words and as many names that are read as ``text`` may be, those of most weight first."""
        pattern = self.alphabet.like(significant(text))
        groups = [self.entries[sort] for sort in ("word", "name")]
        return [group.shown[row] for group in groups for row in group.best([pattern], count, complete=True)]

    def _completed(self, head: str, typed: str, limit: int) -> list[Suggestion]:
        """What the last word ``typed`` of a query may become, ``head`` being what stands before it."""
        key, sorts = significant(typed), _sorts(head)
        if not key or not sorts:
            return []
        literal = self._entries(head, [self.alphabet.literal(key)], sorts, limit)
        if "title" in sorts:
            literal.append((self._titles_with(significant(head + typed)), SHARES["title"]))
        as_typed = [(_without(group, head + typed), share) for group, share in literal]
        if not _LATIN.search(key):
            return _shared_out(as_typed, limit)
        patterns = self.alphabet.typed(fold(typed))
        sounding = self._entries(head, patterns, sorts, limit)
        if "title" in sorts:
            sounding.append((self._titles_beginning(patterns), SHARES["title"]))
        pinyin = [Suggestion(found.q, "pinyin") for found in _shared_out(sounding, limit)]
        return _shared_out([(_shared_out(as_typed, limit), LATIN_SHARE), (pinyin, limit)], limit)

    def _entries(
        self, head: str, patterns: Sequence[Sequence[Table]], sorts: Iterable[Reason], limit: int
    ) -> list[tuple[list[Suggestion], int]]:
        """For each sort the entries that go on like one of ``patterns``, and the sort's share."""
        groups = []
        for sort in sorts:
            if sort in self.entries:
                rows = self.entries[sort].best(patterns, 2 * limit)
                if sort == "word":
                    rows = self._without_fragments(rows, set(map(len, patterns)))
                shown = [self.entries[sort].shown[row] for row in rows]
                groups.append(([Suggestion(_query(head, text, sort), sort) for text in shown], SHARES[sort]))
        return groups

    def _without_fragments(self, rows: Sequence[int], lengths: set[int]) -> list[int]:
        """Words without those that occur just as often as a longer one that begins so, unless of one of ``lengths``.

        农产 is but a part of 农产品.
        """
        shown, weights = self.entries["word"].shown, self.entries["word"].weights
        longer = [(weights[row], shown[row]) for row in rows]
        return [
            row for row in rows
            if len(shown[row]) in lengths
            or not any(
                weight == weights[row] and word != shown[row] and word.startswith(shown[row]) for weight, word in longer
            )
        ]

    # ------------------------------------------------------------------------------- titles

    def _titles_with(self, key: str) -> list[Suggestion]:
        """Titles that have ``key`` at the beginning, then those that have it where a word begins."""
        titles = self._newest(*self.titles.containing(self.alphabet.literal(key)))
        return [Suggestion(title_query(title), "title") for title in titles if _begins_word(title, key)]

    def _titles_beginning(self, patterns: Iterable[Sequence[Table]]) -> list[Suggestion]:
        """Titles that begin like one of ``patterns`` of two characters and more."""
        found = [self.titles.beginning(pattern) for pattern in patterns if len(pattern) > 1]
        docs = np.concatenate([np.empty(0, np.int64), *found])
        return [Suggestion(title_query(title), "title") for title in self._newest(docs, np.zeros(len(docs), bool))]

    def _newest(self, docs: Docs, later: Array) -> list[str]:
        """The titles of ``docs``, each once, newest first, but those marked as ``later`` behind the others."""
        order = np.lexsort((self.newest[docs], later))
        first = list(dict.fromkeys(docs[order[: 4 * TITLES_READ]].tolist()))[:TITLES_READ]
        titles = map(self.title, first)
        return list(dict.fromkeys(title for title in titles if title and len(title) <= MAX_CHARACTERS))


def _endings(text: str) -> list[tuple[str, str]]:
    """The ways to divide a query into what stays and the word that is being typed."""
    starts = [match.start() for pattern in _ENDINGS if (match := pattern.search(text))]
    return [(text[:start], text[start:]) for start in dict.fromkeys(starts)]


def _sorts(head: str) -> tuple[Reason, ...]:
    """What may follow ``head``: anything, or if it ends with the name of a field, what the field has."""
    field = _FIELD.search(head)
    return _SORTS_OF_FIELD.get(_NAMED.get(fold(field[1]), ""), ()) if field else tuple(SHARES)


def _shared_out(groups: Sequence[tuple[Sequence[Suggestion], int]], limit: int) -> list[Suggestion]:
    """The first of each group up to its share, and where places are left, more of the first groups; in order."""
    taken, room = [], limit
    for group, share in groups:
        taken.append(min(len(group), share, room))
        room -= taken[-1]
    found: dict[str, Suggestion] = {}
    for (group, _), count in zip(groups, taken, strict=True):
        more = min(len(group) - count, room)
        room -= more
        for suggestion in group[: count + more]:
            found.setdefault(suggestion.q, suggestion)
    return list(found.values())


def _without(group: Sequence[Suggestion], typed: str) -> list[Suggestion]:
    """The suggestions that are not just what was typed."""
    return [suggestion for suggestion in group if significant(suggestion.q) != significant(typed)]


def _query(head: str, text: str, sort: Reason) -> str:
    """The query in which ``text`` stands for what was being typed."""
    if sort == "section" and not _FIELD.search(head):
        return f"{head}{Field('版名', Word(text) if text.isalnum() else Phrase(text))}"
    return f"{head}{text}"


def title_query(title: str) -> str:
    """A title as a query: quoted where it would be read as more than words."""
    plain = all(isinstance(node, (Word, Phrase, Date)) for node in conjuncts(_parsed(title)))
    return title if plain else str(Phrase(title.replace('"', " ")))


def _parsed(text: str) -> Node:
    """The tree of a query; ``Every`` if it is none."""
    try:
        return parse(text)
    except QueryError:
        return Every()


def _begins_word(title: str, key: str) -> bool:
    """Whether a word of ``title`` begins where ``key`` stands."""
    lengths = [len(significant(word)) for word in segment.words(fold(title))]
    return any(significant(title).startswith(key, start) for start in {0, *np.cumsum(lengths).tolist()})
