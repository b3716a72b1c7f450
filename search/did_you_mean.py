"""What may have been meant by a query that finds nothing: a word that sounds or looks the same, or the nearest title.

Only text that does not occur in the archive is put in question, and only queries that find articles are suggested.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from whoosh import query as whoosh

from index import segment
from index.analyzer import bigrams
from index.normalize import fold, significant
from index.schema import ZONES
from search.lexicon import Vocabulary
from search.matching import asked_about, misread
from search.model import Reason, Suggestion
from search.query import And, Field, Node, Or, Phrase, Word, wanted
from search.query_parser import MAX_CHARACTERS
from search.suggest import Suggester, title_query
from search.whoosh_query import Matching

LIMIT = 3
LONGEST_SPAN = 8
"""Longest run of characters that is taken for one misspelt word."""
UNKNOWN = 3
"""So many words of a query, and parts of a word, are put in question."""
HOMOPHONES = 60
"""So many characters of the same reading are tried for each character."""
CANDIDATES = 40
"""So many spellings of one word are looked up."""
TITLES = 12
"""So many titles are compared with a query."""
NEAR = 0.7
"""The share of the query's bigrams that a title must have to have been meant."""
SHORTEST_TITLE = 6
"""Characters of the shortest query that may be a title."""


class Archive(Protocol):
    """What is asked of an archive."""

    @property
    def lexicon(self) -> Vocabulary: ...

    def counts(self, queries: Sequence[whoosh.Query]) -> list[int]:
        """How many articles match each query."""

    def has_word(self, word: str) -> bool:
        """Whether any text was cut into words one of which is ``word``."""

    def titles_with(self, queries: Sequence[whoosh.Query], limit: int) -> list[str]:
        """The titles of the articles that most of ``queries`` match, at most ``limit``."""


def did_you_mean(archive: Archive, suggester: Suggester, tree: Node) -> tuple[Suggestion, ...]:
    """At most three queries that find articles where ``tree`` finds too few, the likeliest first."""
    return _Asking(archive, suggester, tree).suggestions()


class _Asking:
    def __init__(self, archive: Archive, suggester: Suggester, tree: Node) -> None:
        self._archive = archive
        self._suggester = suggester
        self._tree = tree
        self._matching = Matching(archive.lexicon)

    def suggestions(self) -> tuple[Suggestion, ...]:
        found = {suggestion.q: suggestion for suggestion in itertools.chain(self._respelt(), self._titles())}
        found.pop(str(self._tree), None)
        return tuple(found.values())[:LIMIT]

    def _count(self, text: str) -> int:
        """In how many articles ``text`` occurs."""
        return self._counts([text])[0]

    def _counts(self, texts: Iterable[str]) -> list[int]:
        """In how many articles each text occurs."""
        return self._archive.counts([self._matching.substring(text, ZONES) for text in texts])

    # ------------------------------------------------------------------------------- other spellings

    def _respelt(self) -> list[Suggestion]:
        """The query with every misspelt word replaced, each time by the next best spelling."""
        nodes = [node for node in dict.fromkeys(wanted(self._tree)) if isinstance(node, (Word, Phrase))]
        unknown = [node for node in nodes if not self._occurs(significant(node.text))]
        spellings = {node: found for node in unknown[:UNKNOWN] if (found := self._spellings(node))}
        suggestions = []
        for chosen in itertools.islice(itertools.product(*spellings.values()), LIMIT if spellings else 0):
            changes = {node: replace(node, text=text) for node, (text, _) in zip(spellings, chosen, strict=True)}
            tree = _changed(self._tree, changes)
            if self._archive.counts([self._matching.query(tree)])[0]:
                suggestions.append(Suggestion(str(tree), chosen[0][1]))
        return suggestions

    def _spellings(self, node: Word | Phrase) -> list[tuple[str, Reason]]:
        """Other spellings of a word's text, likeliest first, with what makes them like it."""
        text = significant(node.text)
        for span in itertools.islice(self._spans(node, text), UNKNOWN):
            if found := self._ranked(span):
                return [(text.replace(span, spelling, 1), reason) for spelling, reason in found]
        return []

    def _spans(self, node: Word | Phrase, text: str) -> Iterator[str]:
        """Parts of a text that may be misspelt: single characters and unknown words side by side, or a short text."""
        pieces = map(significant, segment.words(fold(node.text))) if isinstance(node, Word) else ()
        for odd, group in itertools.groupby(pieces, lambda piece: len(piece) < 2 or not self._occurs(piece)):
            span = "".join(group)
            if odd and 1 < len(span) <= LONGEST_SPAN and not self._occurs(span):
                yield span
        if len(text) <= LONGEST_SPAN:
            yield text

    def _occurs(self, text: str) -> bool:
        return self._count(text) > 0

    def _ranked(self, span: str) -> list[tuple[str, Reason]]:
        """Spellings of ``span`` that occur, those in most articles first."""
        candidates: dict[str, Reason] = {}
        for reason, spellings in self._candidates(span):
            for spelling in itertools.islice(spellings, CANDIDATES):
                candidates.setdefault(significant(spelling), reason)
        known = [text for text in candidates if text != span and (len(text) > 2 or self._is_word(text))]
        counts = dict(zip(known, self._counts(known), strict=True))
        best = sorted((text for text, count in counts.items() if count), key=lambda text: -counts[text])
        return [(text, candidates[text]) for text in best[:LIMIT]]

    def _is_word(self, text: str) -> bool:
        """Whether the archive has ``text`` as a word: two characters may well stand together by accident."""
        return self._archive.has_word(text)

    def _candidates(self, span: str) -> Iterator[tuple[Reason, Iterable[str]]]:
        lexicon = self._archive.lexicon
        homophones = partial(_respellings, span, lambda c: self._suggester.alphabet.homophones(c)[:HOMOPHONES])
        lookalikes = partial(misread, span)
        lexicon.expect(asked_about(homophones) | asked_about(lookalikes))
        yield "homophone", self._suggester.homophones(span, LIMIT)
        yield "homophone", homophones(lexicon.has_bigram)
        yield "lookalike", lookalikes(lexicon.has_bigram)

    # ------------------------------------------------------------------------------- titles

    def _titles(self) -> Iterator[Suggestion]:
        """The title that has most of the query's bigrams, if these are enough; the shortest such."""
        texts = [node.text for node in wanted(self._tree)]
        asked = set(itertools.chain.from_iterable(map(bigrams, texts)))
        whole = significant("".join(texts))
        if not asked or len(whole) < SHORTEST_TITLE or self._occurs(whole):
            return
        pairs = [self._matching.substring(pair, ("title",)) for pair in sorted(asked)]
        titles = self._archive.titles_with(pairs, TITLES)
        common = {title: len(asked.intersection(bigrams(title))) for title in titles if len(title) <= MAX_CHARACTERS}
        nearest = max(common, key=lambda title: (common[title], -len(title)), default="")
        if nearest and common[nearest] >= NEAR * len(asked):
            yield Suggestion(title_query(nearest), "title")


def _respellings(
    text: str, others: Callable[[str], Iterable[str]], occurs: Callable[[str], bool]
) -> Iterator[str]:
    """``text`` with one character replaced by one of its ``others``, where all bigrams with it occur."""
    for i, character in enumerate(text):
        for other in others(character):
            around = text[max(0, i - 1) : i] + other + text[i + 1 : i + 2]
            if all(occurs(around[j : j + 2]) for j in range(len(around) - 1)):
                yield text[:i] + other + text[i + 1 :]


def _changed(tree: Node, changes: dict[Word | Phrase, Word | Phrase]) -> Node:
    """The tree with some of its words and phrases replaced by others; exclusions stay."""
    match tree:
        case Word() | Phrase():
            return changes.get(tree, tree)
        case Field(name, child):
            return Field(name, changes.get(child, child))
        case And(children):
            return And(tuple(_changed(child, changes) for child in children))
        case Or(children):
            return Or(tuple(_changed(child, changes) for child in children))
    return tree
