"""Chinese words by jieba, behind a few functions; the only module that knows jieba.

One private tokenizer with the shipped user dictionary (``words.txt``) is loaded on first use, or by ``load``
at start-up. jieba's cache file lives in a directory of our own, named by jieba's version.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import marshal
import re
import threading
from pathlib import Path
from typing import Any

import platformdirs

from index.dictionaries import entries

_LOADING = threading.Lock()

# jieba takes runs of these together; each run is cut alone
_BLOCKS = re.compile(r"([\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+)")
# rjieba cuts in another way: signs among letters and digits (C++, 10.5%, Wi-Fi), letters outside jieba's runs (𠮷, é)
_UNSAFE = re.compile(
    r"[a-zA-Z0-9][+#&._%\-]|[+#&._%\-][a-zA-Z0-9]|(?![\u4E00-\u9FD5a-zA-Z0-9_])\w"
)

_LONG = 200
"""A text of so many characters is worth loading the fast tokenizer for, which takes .2 s and 60 MB; no query is."""


def words(text: str) -> list[str]:
    """The words of ``text``; concatenated they are ``text``. Unknown words are guessed (HMM)."""
    return list(_tokenizer().cut(text))


def plain_words(text: str) -> list[str]:
    """The words of ``text`` as they would be without the user dictionary; concatenated they are ``text``."""
    return list(_plain_tokenizer().cut(text))


def search_words(text: str) -> list[str]:
    """Words and the shorter words inside them, the shorter ones first."""
    bulk = len(text) >= _LONG or _fast_tokenizer.cache_info().currsize
    fast = _fast_tokenizer() if bulk else None
    if fast is None:
        return list(_tokenizer().cut_for_search(text))
    if _is_safe(text):
        return list(fast.cut_for_search(text))
    found: list[str] = []
    for safe, blocks in itertools.groupby(_BLOCKS.split(text), key=_is_safe):
        tokenizer = fast if safe else _tokenizer()
        found += tokenizer.cut_for_search("".join(blocks))
    return found


def frequency(word: str) -> int:
    """How often jieba's dictionary has seen ``word``; 0 if it does not know it."""
    return int(_tokenizer().FREQ.get(word) or 0)


def load() -> None:
    """Load the dictionary now rather than in somebody's first request."""
    _tokenizer()


def user_words() -> tuple[str, ...]:
    """The words of the user dictionary.

    Raises:
        DictionaryError: the operator's own cannot be read.
    """
    return tuple(entries("words.txt"))


def _tokenizer() -> Any:
    with _LOADING:
        return _loaded()


@functools.cache
def _loaded() -> Any:
    import jieba

    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    with contextlib.suppress(OSError):  # a home that cannot be written only costs time
        tokenizer.tmp_dir = str(_cache_directory(jieba.__version__))
        _read_cache(tokenizer)
    tokenizer.initialize()
    for word in user_words():
        tokenizer.add_word(word)
    return tokenizer


def _read_cache(tokenizer: Any) -> None:
    """Take the dictionary from jieba's cache file at once; jieba reads it value by value, three times as slowly."""
    with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
        tokenizer.FREQ, tokenizer.total = marshal.loads(Path(tokenizer.tmp_dir, "jieba.cache").read_bytes())
        tokenizer.initialized = True


@functools.cache
def _plain_tokenizer() -> Any:
    import jieba

    slow = _tokenizer()
    plain = jieba.Tokenizer()
    plain.FREQ, plain.total, plain.initialized = _Without(slow.FREQ, frozenset(user_words())), slow.total, True
    return plain


class _Without:
    """jieba's word frequencies with some words unknown; shares the memory of the whole."""

    def __init__(self, frequencies: dict[str, int], unknown: frozenset[str]) -> None:
        self._frequencies = frequencies
        self._unknown = unknown

    def __contains__(self, word: str) -> bool:
        return word in self._frequencies

    def __getitem__(self, word: str) -> int:
        return 0 if word in self._unknown else self._frequencies[word]

    def get(self, word: str, default: int | None = None) -> int | None:
        return 0 if word in self._unknown else self._frequencies.get(word, default)


@functools.cache
def _fast_tokenizer() -> Any:
    """rjieba with the same dictionary, if it is installed: ten times as fast, the same words."""
    try:
        import rjieba
    except ImportError:
        return None
    tokenizer, slow = rjieba.Jieba(), _tokenizer()
    for word in user_words():
        tokenizer.add_word(word, slow.FREQ[word], "")
    return tokenizer


def _is_safe(block: str) -> bool:
    return not _UNSAFE.search(block)


def _cache_directory(version: str) -> Path:
    # 0700: jieba unmarshals what it finds there
    directory = platformdirs.user_cache_path("unionnews") / f"jieba-{version}"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory
