"""The word lists: those that ship, or the operator's own in their place.

The environment variables ``UNIONNEWS_WORDS`` and ``UNIONNEWS_SYNONYMS`` name files that are read instead of
``words.txt`` and ``synonyms.txt``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from index.errors import DictionaryError, UnreadableFileError, reason
from index.files import decode

WORDS, SYNONYMS = "words.txt", "synonyms.txt"

_SHIPPED = Path(__file__).parent
_VARIABLES = {WORDS: "UNIONNEWS_WORDS", SYNONYMS: "UNIONNEWS_SYNONYMS"}


def entries(name: str) -> list[str]:
    """The lines of a list that are neither empty nor comments (``#``).

    Raises:
        DictionaryError: the operator's own file cannot be read.
    """
    return [line for _, line in numbered(name)]


def numbered(name: str) -> list[tuple[int, str]]:
    """The same lines with their numbers in the file, from 1.

    Raises:
        DictionaryError: the operator's own file cannot be read.
    """
    try:
        lines = decode(path(name).read_bytes()).splitlines()
    except (OSError, UnreadableFileError) as error:
        raise DictionaryError(f"{_VARIABLES[name]} 指定的词表 {path(name)} 无法读取：{_why(error)}。") from error
    return [(n, line.strip()) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]


def path(name: str) -> Path:
    """The file that a list is read from."""
    return Path(os.environ.get(_VARIABLES[name]) or _SHIPPED / name)


def add(name: str, lines: Iterable[str]) -> Path:
    """Put lines at the end of the operator's own list, which begins as a copy of the shipped one; the file.

    Raises:
        DictionaryError: there is no list of the operator's own, or it cannot be written.
    """
    variable, own = _VARIABLES[name], path(name)
    if own == _SHIPPED / name:
        raise DictionaryError(
            f"请先把环境变量 {variable} 设为自己的词表文件（例如 {name}）；还没有这个文件时，从随附的词表开始。"
        )
    try:
        text = decode(own.read_bytes()) if own.exists() else (_SHIPPED / name).read_text("utf-8")
        own.write_text("\n".join([text.rstrip("\n"), *lines, ""]), "utf-8")
    except (OSError, UnreadableFileError) as error:
        raise DictionaryError(f"不能写入 {variable} 指定的词表 {own}：{_why(error)}。") from error
    return own


def _why(error: OSError | UnreadableFileError) -> str:
    return reason(error) if isinstance(error, OSError) else str(error)
