"""What can go wrong between a query and its results.

Errors of the index itself are those of ``index.errors``; they pass through unchanged.
"""


class QueryError(Exception):
    """A query that cannot be understood.

    ``message`` is a sentence in Chinese, ``position`` the offset of the offending character in the query
    (0-based), ``hint`` what to write instead.
    """

    def __init__(self, message: str, position: int, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.hint = hint


class SearchTimeoutError(Exception):
    """A search took longer than it may; see ``search.deadline``."""


class GenerationGoneError(Exception):
    """A request goes on in a generation of the index that another one has replaced."""


class ArticleNotFoundError(Exception):
    """There is no article with this id."""
