"""Broken text made whole: lines joined, stray spaces and half-width punctuation put right.

``tidy`` makes readable paragraphs of any text and changes nothing in a clean one; doing it twice is doing it once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.blocks import HAN, mask

_WIDE = HAN + "\u3001-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff1f—…“”‘’·《》"
ENDS = re.compile(r"(?:[。！？!?…；;]|(?<=[\u4e00-\u9fff])\.)[\"'”’」』）)》】\s]*$")
_FULL = str.maketrans(",:;!?()", "，：；！？（）")
_LIST = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[、.．)）]|第[一二三四五六七八九十百\d]{1,4}[条章节、]|[▲△◆◇●○■□★☆※•·*+-]\s?|问[：:]|答[：:]|[①-⑳])"
)


def ends_sentence(text: str) -> bool:
    """Whether a text ends where a sentence can end."""
    return bool(ENDS.search(text[-12:]))


def begins_item(text: str) -> bool:
    """Whether a text begins a list item, a question or an answer."""
    return bool(_LIST.match(text[:16]))


_COLUMNS = re.compile(rf"^\S{{2,20}}(?:\u3000+|\s{{2,}}|\t)\S{{2,24}}(?:(?:\u3000+|\s{{2,}}|\t)\S{{2,24}}){{0,4}}$")
_LABELLED = re.compile(rf"^[{HAN}]{{2,7}}[：:]\S.{{0,60}}$")


def is_row(line: str) -> bool:
    """Whether a line is a row of a list or table: cells set apart, or a label with its values."""
    line = line.strip()
    if "|" in line:
        return True
    return bool(_COLUMNS.match(line) or _LABELLED.match(line)) and not re.search("[。！？；]", line[:-1])


def tidy(text: str) -> str:
    """A whole body repaired: markup removed, broken lines joined, one paragraph a line."""
    text = "\n".join(mask(line).replace("\0", "") for line in re.split(r"\r\n|[\r\n\f\v\x85\u2028\u2029]", text))
    return "\n".join(filter(None, (tidy_paragraph(p) for p in join_lines(text).split("\n"))))


def join_lines(text: str) -> str:
    """Broken lines joined: one paragraph a line, without blank lines.

    A line end is a break when no sentence ends before it. Lines that open a paragraph and stay far short of
    the usual length (headings), list items and table rows stand alone.
    """
    lines = text.split("\n")
    width = usual_width([line for line in lines if line.strip()])
    paragraphs: list[list[str]] = []
    gap = True
    for line in lines:
        line = line.strip()
        if line and not gap and _runs_on(paragraphs[-1], line, width):
            paragraphs[-1].append(line)
        elif line:
            paragraphs.append([line])
        gap = not line
    return "\n".join("\n".join(p) if is_verse(p) else join(p) for p in paragraphs)


def usual_width(lines: Sequence[str]) -> int:
    """The usual length of a full line: of the lines at which no sentence ends, the upper quartile."""
    lengths = sorted(len(line.strip()) for line in lines if not ends_sentence(line))
    return lengths[len(lengths) * 3 // 4] if lengths else 0


def _runs_on(paragraph: list[str], line: str, width: int) -> bool:
    last = paragraph[-1]
    if ends_sentence(last) or begins_item(line) or "|" in last:
        return False
    return len(paragraph) > 1 or 5 * len(last) >= 3 * min(width, 40) or last[-1] in ",，、"


def is_verse(lines: Sequence[str]) -> bool:
    """Whether lines are verse: at least four, short, of many lengths or each with its own stop."""
    if len(lines) < 4 or max(map(len, lines)) > 24:
        return False
    stopped = sum(not line[-1:].isalnum() for line in lines)
    longest = max(map(len, lines))
    full = sum(len(line) >= longest - 1 for line in lines)
    return 10 * stopped >= 7 * len(lines) or 2 * full < len(lines)


def join(lines: Sequence[str]) -> str:
    """Printed lines as one paragraph; a space only between two words of Latin letters or digits."""
    out: list[str] = []
    for line in filter(None, (line.strip() for line in lines)):
        if out and _spaced(out[-1][-1], line[0]):
            out.append(" ")
        out.append(line)
    return "".join(out)


def _spaced(before: str, after: str) -> bool:
    return before.isascii() and after.isascii() and (before.isalnum() and after.isalnum() or before in ".,;:!?")


_SPACE = re.compile(rf"(?<=[{_WIDE}])[^\S\n]+(?=[{_WIDE}])")
_LISTED = re.compile(rf"(?<![^\s：:])(?:[{HAN}·]{{2,5}}[^\S\n]+){{2,}}[{HAN}·]{{2,5}}(?![^\s。；;])")


def tidy_paragraph(text: str, *, ocr: bool = False) -> str:
    """One paragraph repaired. ``ocr``: also spaces between Chinese and digits are strays."""
    if not text.isascii() or '"' in text:
        text = _quotes(_punctuation(_spaces(text, ocr)))
    return text.strip()


def _spaces(text: str, ocr: bool) -> str:
    if not re.search(r"[^\S\n]", text):
        return text
    if "|" in text:
        return re.sub(r"[^\S\n]+", " ", text)
    kept = {m.start() for m in _LISTED.finditer(text)} and [m.span() for m in _LISTED.finditer(text)]
    out, at = [], 0
    for start, end in kept or ():
        out += [_unspaced(text[at:start], ocr), re.sub(r"[^\S\n]+", " ", text[start:end])]
        at = end
    return "".join([*out, _unspaced(text[at:], ocr)])


def _unspaced(text: str, ocr: bool) -> str:
    text = _SPACE.sub("", text)
    if ocr:
        text = re.sub(rf"(?<=[{_WIDE}])[^\S\n]+(?=[\w(（\"'%+\-@#&])|(?<=[\w)%）\"'.,;:!?])[^\S\n]+(?=[{_WIDE}])", "", text)
        text = re.sub(rf"(?<=[{_WIDE},:;!?])[^\S\n]+|[^\S\n]+(?=[{_WIDE},:;!?])", "", text)
    else:
        text = re.sub(rf"(?<=[{HAN}])([,:;!?])[^\S\n]+(?=[{_WIDE}\"])", r"\1", text)
    return re.sub(r"[^\S\n]{2,}", " ", text)


_HALF = re.compile(rf"(?<=[{_WIDE}\"%])[,;!?](?![,;!?])|[,;!?](?=[{_WIDE}\"])|(?<=[{_WIDE}\"]):(?!//)|(?<!\d):(?=[{_WIDE}\"])")
_AFTER_WORD = re.compile(rf"(?<=[A-Za-z\d)])[,;!?](?=\s?[{HAN}“])")
_BRACKETS = re.compile(rf"\(([^()\n]{{0,120}})\)")
_STOP = re.compile(rf"(?<=[{HAN}”）])\.(?=[”’\"]?$)")


def _punctuation(text: str) -> str:
    if re.search(r"[,;!?:]", text):
        text = _HALF.sub(lambda m: m[0].translate(_FULL), text)
        text = _AFTER_WORD.sub(lambda m: m[0].translate(_FULL), text)
    if "(" in text or ")" in text:
        text = _BRACKETS.sub(_bracket, text)
        text = re.sub(rf"(?<=[{_WIDE}])\((?=[{_WIDE}])", "（", text)
        text = re.sub(rf"(?<=[{_WIDE}])\)(?=[{_WIDE}]|$)", "）", text)
    return _STOP.sub("。", text)


def _bracket(match: re.Match[str]) -> str:
    around = match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]
    wide = re.search(rf"[{_WIDE}]", match[1]) or re.search(rf"[{_WIDE}]", around)
    return f"（{match[1]}）" if wide else match[0]


_QUOTE = re.compile("[\"＂“”„‟]")


def _quotes(text: str) -> str:
    """Straight quotes as “ ”, by pairing; where the pairing fails, by the characters beside them."""
    if '"' not in text and "＂" not in text or not re.search(rf"[{HAN}]", text):
        return text
    out, at, opened = [], 0, False
    for match in _QUOTE.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if match[0] in "“”„‟":
            opens = match[0] != "”"
        elif not after or after in "，。、；：！？）》,;:!?)":
            opens = opened and not before == ""
        elif not before or before in "（《" or (before in "，：。；！？" and not opened):
            opens = True
        else:
            opens = not opened
        out += [text[at : match.start()], "“" if opens else "”"]
        at, opened = match.end(), opens
    return "".join([*out, text[at:]])
