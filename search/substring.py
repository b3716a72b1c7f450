"""Characters in a row, as a query on a field of bigrams."""

from __future__ import annotations

from whoosh.query import Phrase


class Substring(Phrase):  # type: ignore[misc]
    """A phrase of all bigrams of a text; each shares a character with the next, so that half of them tell enough.

    The field must have every bigram of its documents, at the position of its first character.
    """

    def __init__(self, fieldname: str, text: str) -> None:
        super().__init__(fieldname, [text[i : i + 2] for i in range(len(text) - 1)])
