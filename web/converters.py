"""Parts of addresses that are texts of the archive: ids and names, whatever characters OCR has put into them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from werkzeug.routing import PathConverter, UnicodeConverter


class IdConverter(PathConverter):
    """An article's id, which may have slashes anywhere."""

    part_isolating = False
    regex = ".+?"


class NameConverter(UnicodeConverter):
    """A name as one part of a path, ``-`` for none.

    What would end the part, or be taken for a step up, is percent-encoded once more before the address is made: a
    server decodes addresses before it cuts them at slashes, and browsers resolve ``..`` even if it is encoded.
    """

    def to_url(self, value: str) -> str:
        return super().to_url(escaped(value))

    def to_python(self, value: str) -> str:
        return "" if value == "-" else unquote(value)


def escaped(name: str) -> str:
    """A name as it stands in one part of an address, before that is percent-encoded."""
    inner = re.sub(r"[%/\\]", _encoded, name)
    if not inner.strip(".") or inner == "-":
        inner = re.sub(r"[.-]", _encoded, inner)
    return inner or "-"


def _encoded(character: re.Match[str]) -> str:
    return f"%{ord(character[0]):02X}"
