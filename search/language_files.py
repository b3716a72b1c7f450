"""The lists that ship with the product and are consulted when a query is read."""

from __future__ import annotations

import functools
from importlib import resources

from index.dictionaries import entries
from index.normalize import fold, significant


@functools.cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Each name, folded, and the other names of the same thing as they are written in ``synonyms.txt``.

    Raises:
        DictionaryError: the operator's own list cannot be read.
    """
    groups = [list(filter(None, map(str.strip, line.split("=")))) for line in entries("synonyms.txt")]
    return {significant(name): tuple(other for other in group if other != name) for group in groups for name in group}


@functools.cache
def lookalikes() -> dict[str, tuple[str, ...]]:
    """Each character, folded, and those that OCR takes for it, from ``search/confusables.tsv``."""
    pairs = [tuple(map(fold, line.split("\t"))) for line in _lines("confusables.tsv")]
    found: dict[str, dict[str, None]] = {}
    for one, other in pairs:
        if one != other:
            found.setdefault(one, {})[other] = None
            found.setdefault(other, {})[one] = None
    return {character: tuple(others) for character, others in found.items()}


@functools.cache
def question_words() -> tuple[str, ...]:
    """What is taken out of a question, the longest first; one character only at the end of the query."""
    return tuple(sorted(_lines("question_words.txt"), key=len, reverse=True))


@functools.cache
def stop_words() -> frozenset[str]:
    """Words too common to tell articles apart."""
    return frozenset(_lines("stop_words.txt"))


def _lines(name: str) -> list[str]:
    text = resources.files("search").joinpath(name).read_text("utf-8")
    return [line.strip("\n") for line in text.splitlines() if line.strip() and not line.startswith("#")]
