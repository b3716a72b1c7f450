"""Libraries that only some formats need, and that not everybody has installed."""

from __future__ import annotations

import importlib
from typing import Any

from index.errors import UnreadableFileError


def extra(module: str, name: str, what: str) -> Any:
    """A module of the optional dependencies ``name``, which reads ``what``.

    Raises:
        UnreadableFileError: it is not installed; says how to.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise UnreadableFileError(f"读取{what}需要另外安装：pip install 'unionnews[{name}]'") from None
