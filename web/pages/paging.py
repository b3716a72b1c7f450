"""Long lists by the screenful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request, url_for

from index.sentence import Sentence
from web.middleware import language
from web.problems import NotHeldError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Screen:
    """The screenful ``number`` (from 1) of ``count`` that are ``size`` entries each."""

    number: int
    count: int
    size: int

    @property
    def first(self) -> int:
        """The place of its first entry, from 0."""
        return (self.number - 1) * self.size

    def of(self, entries: Sequence[T]) -> Sequence[T]:
        return entries[self.first : self.first + self.size]

    @property
    def prev(self) -> str | None:
        return _address(self.number - 1) if self.number > 1 else None

    @property
    def next(self) -> str | None:
        return _address(self.number + 1) if self.number < self.count else None


def screen(number: int, total: int, size: int) -> Screen:
    """A screenful of a list of ``total`` entries; the first is there even if the list is empty.

    Raises:
        NotHeldError: the list is shorter.
    """
    count = max(1, -(-total // size))
    if number > count:
        raise NotHeldError(Sentence("没有第 %(n)s 页，一共 %(count)s 页。", n=number, count=count))
    return Screen(number, count, size)


def _address(number: int) -> str:
    """This page's address with another screenful."""
    parameters = language.parameters().to_dict(flat=False)
    given = {**parameters, **(request.view_args or {}), "page": number if number > 1 else None}
    return url_for(request.endpoint or "", **given)
