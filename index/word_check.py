"""What is wrong or of no use in a word list, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index import segment
from index.normalize import fold, is_word_character, significant

_LONGEST = 30

_OFTEN_ALONE = 30_000
"""Times that jieba's dictionary has seen a character that is a word of its own: 各, 后, 较."""


def doubtful_words(lines: Iterable[tuple[int, str]]) -> Iterator[str]:
    """A sentence for each line that is no word for the segmenter, or a word twice."""
    seen: dict[str, int] = {}
    for number, word in lines:
        if wrong := _wrong(word):
            yield f"第 {number} 行“{word}”{wrong}"
        elif fold(word) in seen:
            yield f"第 {number} 行“{word}”与第 {seen[fold(word)]} 行相同"
        seen.setdefault(fold(word), number)


def doubtful_synonyms(lines: Iterable[tuple[int, str]]) -> Iterator[str]:
    """A sentence for each line that is no group of names, and for each name that stands in two groups."""
    seen: dict[str, int] = {}
    for number, line in lines:
        names = [name.strip() for name in line.split("=")]
        if len(names) < 2:
            yield f"第 {number} 行“{line}”不是一组：各个名称之间写等号，例如 全总 = 中华全国总工会"
        for name in names:
            if wrong := _wrong(name):
                yield f"第 {number} 行“{name}”{wrong}"
            elif (key := significant(name)) in seen:
                yield f"第 {number} 行“{name}”在第 {seen[key]} 行已经有了"
            else:
                seen[key] = number


def known(word: str) -> bool:
    """Whether the segmenter's own dictionary has a word."""
    return segment.plain_words(word) == [word]


def is_torn(word: str) -> bool:
    """Whether the segmenter leaves single characters of a word."""
    return any(len(piece) == 1 for piece in segment.words(word))


def is_made_of_words(string: str) -> bool:
    """Whether a string is known as a word, or falls into known words; a character is one if it often stands alone."""
    pieces = segment.words(string)
    return known(string) or all(len(piece) > 1 or segment.frequency(piece) >= _OFTEN_ALONE for piece in pieces)


def _wrong(word: str) -> str | None:
    if len(word) < 2:
        return "太短：至少两个字"
    if len(word) > _LONGEST:
        return f"太长：最多 {_LONGEST} 个字"
    if not all(map(is_word_character, word)):
        return "里有空格、标点或别的符号：只能写字和数字"
    return None
