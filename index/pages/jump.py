"""Jump lines: 下转第3版 under the first part of an article, 上接第1版 over the part on the later page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.pages.blocks import FOLD
from index.pages.numeral import arabic

_OPENS, _CLOSES = r"[(\[【<▶►]", r"[)\]】>▶►]"
_PAGE = r"第?\s?(?P<page>头|[A-D]?\s?\d{1,2}|[一二三四五六七八九十]{1,3})\s?[版页]"
_JUMP = re.compile(
    rf"(?P<open>{_OPENS}{{1,3}}\s*)?(?:本文|全文|未完)?[\s,]?(?P<said>下\s?转|上\s?接|紧\s?接|下\s?接|转\s?接|转|接|继?续见)\s?"
    rf"(?:本报)?\s?(?:\d{{1,2}}月\d{{1,2}}日)?\s?{_PAGE}"
    rf"(?(open)(?:[^()\[\]。]{{0,4}}《(?P<inside>[^《》]{{2,40}})》|[^()\[\]。]{{0,12}})){_CLOSES}{{0,3}}"
    r"(?:\s?《(?P<behind>[^《》]{2,40})》$)?"
)
_SAID = re.compile(r"下\s?转|上\s?接|紧\s?接")
_INDENT = 8  # spaces at an end of a paragraph
_BACK = re.compile(r"[上紧]?\s?接")


@dataclass(frozen=True, slots=True)
class Jump:
    """``text`` as printed; ``onward``: to a later part, not back to an earlier one; None where only 紧接 is said.

    ``page``: the number of the other page, in digits. ``title`` of the article, where the jump names it.
    """

    text: str
    onward: bool | None
    page: str
    title: str | None = None


def is_jump(key: str) -> bool:
    """Whether a line of folded text is a jump and nothing else."""
    return bool(_JUMP.fullmatch(key))


def is_resumed(key: str) -> bool:
    """Whether a paragraph of folded text begins with a jump back, and so goes on from another page."""
    match = _JUMP.match(key)
    if not match or not _BACK.fullmatch(match["said"]) or not _is_marked(match):
        return False
    return match["said"][0] != "紧" or match.end() < len(key)


def jumps(text: str) -> list[Jump]:
    """The jumps of a text, inside it or on lines of their own."""
    return [
        Jump(text[m.start() : m.end()].strip(), _onward(m["said"]), page_number(m["page"]), m["inside"] or m["behind"])
        for m in _matches(text)
    ]


def without_jumps(text: str) -> str:
    """A text without its jumps."""
    out, at = [], 0
    for match in _matches(text):
        out.append(text[at : match.start()])
        at = match.end()
    return "".join([*out, text[at:]])


def page_number(printed: str) -> str:
    """03, 3, 三 and 头 as a number without leading zeros: 3, 3, 3 and 1; A03 is A3."""
    digits = arabic(printed.replace("头", "1")).upper()
    return re.sub(r"(?<!\d)0+(?=\d)", "", digits)


def _matches(text: str) -> Iterator[re.Match[str]]:
    if re.search("[版页]", text) and re.search("[转接见]", text):
        yield from filter(_is_marked, _JUMP.finditer(text.translate(FOLD)))


def _is_marked(match: re.Match[str]) -> bool:
    """Whether a jump stands in brackets, on a line of its own, or says 下转, 上接 at an end of the paragraph."""
    if match["open"]:
        return True
    text, start, end = match.string, match.start(), match.end()
    first = not text[max(0, start - _INDENT) : start].rpartition("\n")[2].strip()
    last = not text[end : end + _INDENT].partition("\n")[0].strip()
    return first and last or (first or last) and bool(_SAID.fullmatch(match["said"]))


def _onward(said: str) -> bool | None:
    said = "".join(said.split())
    return None if said == "紧接" else said not in ("上接", "接")
