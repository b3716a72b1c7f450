"""Sentences for people: in Chinese, and such that they can be said in another language, too."""

from __future__ import annotations

from collections.abc import Callable


class Sentence(str):
    """A sentence with its values filled in; it remembers ``template``, where they stand as ``%(name)s``, and them.

    An error takes a sentence wherever it takes a text. What is done to the text of a sentence (``+``, ``strip``) gives
    plain text again, in Chinese.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Sentence:
        sentence = super().__new__(cls, template % values if values else template)
        sentence.template, sentence.values = template, values
        return sentence

    def said(self, translate: Callable[..., str]) -> str:
        """The sentence in another language, by gettext's ``translate(template, **values)``."""
        return translate(self.template, **self.values)
