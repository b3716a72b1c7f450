"""The page as blocks: a run of printed text each, with the markup of the OCR tool masked away.

A block's ``raw`` is a slice of the file and ``masked`` has the same length, so a block can be cut anywhere and
no character is lost: the raws of all blocks, in order, are the page (white space between blocks aside).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
BOLD = 7
"""Pseudo heading level of a line that is bold from end to end."""

# one character to one, so that offsets stay: width folded, dashes, quotes and interpuncts made one
FOLD = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, "“”„‟〝〞「」『』"), '"')
    | dict.fromkeys(map(ord, "‘’"), "'")
    | dict.fromkeys(map(ord, "‐‑‒–―─━﹣－⸺"), "—")
    | dict.fromkeys(map(ord, "•・‧∙⋅･"), "·")
    | dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u200a\ufeff\u200b\t\0"), " ")
    | {ord(a): ord(b) for a, b in zip("〔〕報訊記電攝員圖綜據筆", "()报讯记电摄员图综据笔", strict=True)}
)

_HEADING = re.compile(r"\s{0,8}(#{1,6})(?=[^#])\s*")
_TAGGED = re.compile(
    r"(?:<(?:div|p|center)\b[^<>]{0,80}>\s?)?<(?:h([1-6])|b|strong)\b[^<>]{0,80}>[^<>]{1,80}</\w{1,6}>(?:</\w{1,6}>)?$"
)
_UNDERLINE = re.compile(r"\s{0,3}(={2,}|-{2,})\s*")
_QUOTED = re.compile(r"\s{0,8}>[>\s]{0,20}")
_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)?")
_LINK = re.compile(r"\[([^\]\[\n]{0,200})\]\(([^)\s]{1,500})\)")
_COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,15})(?:\s[^<>]{0,500})?/?>")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|[a-zA-Z]{2,8});")
_MATH = re.compile(r"\$([^$\n\u3001-\u9fff\uff00-\uffef]{1,120})\$")
_COMMAND = re.compile(r"\\(?:([a-zA-Z]{2,20})|([%&#_$*{}.()\[\]~\-+!]))")
_COMMANDS = {
    "circ": "°", "sim": "~", "times": "×", "cdot": "·", "ldots": "…", "cdots": "…", "pm": "±", "leq": "≤",
    "geq": "≥", "quad": " ",
}  # fmt: skip
_EMPHASIS = re.compile(r"\*\*|__|(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|~~")
_BREAKING = {"br", "tr", "p", "div", "li", "table"}
_CELL = {"td", "th"}


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text.

    ``masked``: ``raw`` with markup blanked, same length. ``text``: the printed words. ``key``: ``text`` with
    width, quotes and dashes folded, for looking only. ``level``: heading level, 0 for none. ``gap``: a blank
    line stood before it.
    """

    raw: str
    masked: str
    level: int = 0
    gap: bool = False
    text: str = field(init=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        text = self.masked.replace("\0", "").strip()
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "key", text.translate(FOLD).strip())

    @property
    def length(self) -> int:
        """Characters that are not white space."""
        return len("".join(self.key.split()))

    def cut(self, *offsets: int) -> list[Block]:
        """The block in pieces, cut at offsets into ``masked``; pieces without text join the one before."""
        inside = sorted(o for o in set(offsets) if self.masked[:o].strip("\0 \u3000\t\n") and o < len(self.raw))
        edges = [0, *inside, len(self.raw)]
        pieces: list[Block] = []
        for start, end in pairwise(edges):
            piece = Block(self.raw[start:end], self.masked[start:end], self.level, self.gap and start == 0)
            if pieces and not piece.text:
                last = pieces[-1]
                piece = Block(last.raw + piece.raw, last.masked + piece.masked, last.level, last.gap)
                pieces[-1] = piece
            else:
                pieces.append(piece)
        return pieces


def mask(line: str) -> str:
    """The line with markup blanked, character for character; a line break for tags that break lines."""
    if line.lstrip()[:1] in ("#", ">"):
        line = _blank_prefix(line)
    if "<" in line:
        line = _TAG.sub(_tag, _COMMENT.sub(_spaces, line))
    if "](" in line:
        line = _LINK.sub(_link, _IMAGE.sub(_spaces, line))
    if "&" in line:
        line = _ENTITY.sub(_entity, line)
    if "$" in line:
        line = _MATH.sub(_math, line)
    if "\\" in line:
        line = _COMMAND.sub(_command, line)
    if "*" in line or "__" in line or "~~" in line:
        line = _EMPHASIS.sub(_nothing, line)
    return line


def _nothing(match: re.Match[str]) -> str:
    return "\0" * len(match[0])


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _pad(text: str, match: re.Match[str]) -> str:
    return text + "\0" * (len(match[0]) - len(text))


def _blank_prefix(line: str) -> str:
    for pattern in (_QUOTED, _HEADING):
        if match := pattern.match(line):
            line = " " * match.end() + line[match.end() :]
    return line


def _tag(match: re.Match[str]) -> str:
    name, closes = match[1].lower(), match[0][1] == "/"
    if name in _CELL:
        return _spaces(match) if not closes else " | ".ljust(len(match[0]))
    return "\n" + " " * (len(match[0]) - 1) if name in _BREAKING else _spaces(match)


def _link(match: re.Match[str]) -> str:
    return " " + match[1] + " " * (len(match[0]) - len(match[1]) - 1)


def _entity(match: re.Match[str]) -> str:
    char = html.unescape(match[0])
    if len(char) != 1:
        return match[0]
    return _pad(" " if char.isspace() else char, match)


def _math(match: re.Match[str]) -> str:
    inner = _COMMAND.sub(_command, match[1])
    return "\0" + re.sub(r"[{}^\s]", "\0", inner) + "\0"


def _command(match: re.Match[str]) -> str:
    return _pad(match[2] or _COMMANDS.get(match[1], ""), match)


def lines(text: str) -> Iterator[Block]:
    """One block a physical line that is not blank, with the rule that underlines it; form feeds part lines too."""
    last: Block | None = None
    gap = True
    for raw in re.split(r"\r\n|[\n\r\f\v\u2028\u2029\x85]", text):
        if not raw or raw.isspace():
            gap = True
            continue
        if last and not gap and (rule := _UNDERLINE.fullmatch(raw)) and last.text and len(last.text) <= 60:
            level = 1 if rule[1][0] == "=" else 2
            yield Block(f"{last.raw}\n{raw}", last.masked + " " * (len(raw) + 1), level, last.gap)
            last = None
            continue
        if last:
            yield last
        masked = mask(raw)
        last = Block(raw, masked, _level(raw, masked), gap)
        gap = False
    if last:
        yield last


def _level(raw: str, masked: str) -> int:
    stripped = _QUOTED.sub("", raw, count=1) if raw.lstrip().startswith(">") else raw
    if match := _HEADING.match(stripped):
        return len(match[1])
    stripped = stripped.strip()
    if match := _TAGGED.match(stripped):
        return int(match[1] or BOLD)
    whole = stripped[:2] in ("**", "__") and stripped[-2:] == stripped[:2] and len(stripped) > 4
    return BOLD if whole and stripped.count(stripped[:2]) == 2 and masked.strip() else 0
