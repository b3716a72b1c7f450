"""The word lists: those that ship, or the operator's own in their place.

The environment variables ``UNIONNEWS_WORDS`` and ``UNIONNEWS_SYNONYMS`` name files that are read instead of
``words.txt`` and ``synonyms.txt``.
"""

from __future__ import annotations

import os
from pathlib import Path

from index.errors import DictionaryError

_SHIPPED = Path(__file__).parent
_VARIABLES = {"words.txt": "UNIONNEWS_WORDS", "synonyms.txt": "UNIONNEWS_SYNONYMS"}


def entries(name: str) -> list[str]:
    """The lines of a list that are neither empty nor comments (``#``).

    Raises:
        DictionaryError: the operator's own file cannot be read.
    """
    variable = _VARIABLES[name]
    path = Path(os.environ.get(variable) or _SHIPPED / name)
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DictionaryError(f"{variable} 指定的词表 {path} 无法读取：应是 UTF-8 的文本文件。") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
