"""Broken text made whole: lines joined, stray spaces and half-width punctuation put right.

``tidy`` makes readable paragraphs of any text and changes nothing in a clean one; doing it twice is doing it once.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index import segment
from index.pages.blocks import HAN, mask

_WIDE = HAN + "\u3001-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff1f—…“”‘’·《》"
ENDS = re.compile(
    r"(?:[。！？!?…；;]|(?<=[\u4e00-\u9fff])\.)[\"'”’」』）)》】\s]*(?:[（(【][^（()）]{1,30}[)）】])?\s*$"
)
NARROWEST = 10
"""A newspaper column is at least so many characters wide."""
ROUNDS = 6
SPACED_OUT = 40
"""One space between Chinese characters in so many characters: the text is spaced out by OCR."""
_HYPHEN = re.compile(rf"(?<=[{HAN}])[-‐]$")
_QUOTED = re.compile(r"《[^《》\n]{1,60}》|“[^“”\n]{1,60}”")
_LINE = re.compile(r"\r\n|[\r\n\f\v\x85\u2028\u2029]")
_FULL = str.maketrans(",:;!?()", "，：；！？（）")
_LIST = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[、.．)）]|第[一二三四五六七八九十百\d]{1,4}[条章节、]|[▲△◆◇●○■□★☆※•·*+-]\s?|问[：:]|答[：:]|[①-⑳])"
)


def ends_sentence(text: str) -> bool:
    """Whether a text ends where a sentence can end."""
    return bool(ENDS.search(text[-48:]))


def begins_item(text: str) -> bool:
    """Whether a text begins a list item, a question or an answer."""
    return bool(_LIST.match(text[:16]))


_COLUMNS = re.compile(r"^\S{2,20}(?:\u3000+|\s{2,}|\t)\S{2,24}(?:(?:\u3000+|\s{2,}|\t)\S{2,24}){0,4}$")
_LABELLED = re.compile(rf"^[{HAN}]{{2,7}}[：:]\S.{{0,60}}$")


def is_row(line: str) -> bool:
    """Whether a line is a row of a list or table: cells set apart, or a label with its values."""
    line = line.strip()
    if "|" in line:
        return True
    return bool(_COLUMNS.match(line) or _LABELLED.match(line)) and not re.search("[。！？；?!，,]", line)


def tidy(text: str) -> str:
    """A whole body repaired: markup removed, broken lines joined, one paragraph a line.

    Clean text stays as it is; repaired until nothing changes, so that doing it again changes nothing.
    """
    for _ in range(ROUNDS):
        before, text = text, _tidied(text)
        if text == before:
            break
    return text


def _tidied(text: str) -> str:
    text = "\n".join(mask(line).replace("\0", "") for line in _LINE.split(text))
    ocr = _is_spaced_out(text)
    paragraphs = [(tidy_paragraph(line, ocr=ocr), bool(line)) for line in join_lines(text).split("\n")]
    return "\n".join(tidied for tidied, filled in paragraphs if tidied or not filled).strip("\n")


def _is_spaced_out(text: str) -> bool:
    """Whether spaces stand inside Chinese so often that they are strays.

    Spaces are meant inside titles and slogans (《 》, “ ”), and between the short items of a list.
    """
    text = _QUOTED.sub("", text)
    pieces = [len(piece) for line in text.split("\n") if _SPACE.search(line) for piece in _SPACE.split(line.strip())]
    if (len(pieces) - 1) * SPACED_OUT < len(text) or len(pieces) < 2:
        return False
    usual = sorted(pieces)[len(pieces) // 2]
    return usual == 1 or usual > 5


def join_lines(text: str) -> str:
    """Broken lines joined: one paragraph a line, blank lines only where the line end would be taken for a break.

    A line end is a break when no sentence ends before it and the line is about as long as the others; lines far
    shorter (headings), list items and table rows stand alone.
    """
    lines = [line.strip() for line in text.split("\n")]
    width = usual_width(list(filter(None, lines)))
    joined: list[str] = []
    for filled, run in itertools.groupby(lines, bool):
        if filled:
            stanza = _joined(list(run), width)
            apart = joined and _runs_on(joined[-1], stanza[0], width)
            joined += ["", *stanza] if apart else stanza
    return "\n".join(joined)


def _joined(lines: list[str], width: int) -> list[str]:
    """Lines with no blank line among them as paragraphs; verse stays."""
    if is_verse(lines):
        return lines
    paragraphs = [[lines[0]]]
    for line in lines[1:]:
        if _runs_on(paragraphs[-1][-1], line, width):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return [join(paragraph) for paragraph in paragraphs]


def usual_width(lines: Sequence[str]) -> int:
    """The length of a full line: nine in ten lines are no longer."""
    lengths = sorted(map(len, lines))
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _runs_on(last: str, line: str, width: int) -> bool:
    bracketed = last[0] in "(（" and last[-1] in ")）"
    if ends_sentence(last) or bracketed or last[-1] in ":：" or begins_item(line) or is_row(last) and is_row(line):
        return False
    return 5 * len(last) >= 3 * width or last[-1] in ",，、" or _word_crosses(last, line)


def _word_crosses(last: str, line: str) -> bool:
    """Whether a long word of the dictionary stands across the end of a line: 劳动 / 模范, or 劳动- / 模范."""
    last = _HYPHEN.sub("", last)
    lengths = itertools.product(range(1, 4), range(1, 4))
    return any(a + b > 2 and segment.frequency(last[-a:] + line[:b]) for a, b in lengths if len(last) >= a)


def is_verse(lines: Sequence[str]) -> bool:
    """Whether lines are verse: at least four, short, no sentence ending inside a line, and not all filled.

    Printed columns break anywhere, so their lines are equally long; the lines of a poem differ in length, or
    each ends with its own stop, or most are shorter than any column is wide.
    """
    lengths = [len(line) - len(re.findall("[!-~]", line)) // 2 for line in lines]
    if len(lines) < 4 or max(lengths) > 24 or any(re.search("[。！？!?].", line.rstrip("”\"")) for line in lines):
        return False
    if 4 * sum(bool(re.search("[,，、;；:：].", line)) for line in lines) > len(lines):
        return False
    stopped = sum(not line[-1:].isalnum() for line in lines)
    full, usual = max((sum(abs(n - width) <= 1 for n in lengths), width) for width in set(lengths))
    return 10 * stopped >= 7 * len(lines) or 10 * full < 7 * len(lines) or usual < NARROWEST


def join(lines: Sequence[str]) -> str:
    """Printed lines as one paragraph; a space only between two words of Latin letters or digits."""
    out: list[str] = []
    for line in filter(None, (line.strip() for line in lines)):
        if out and _HYPHEN.search(out[-1]) and _word_crosses(out[-1], line):
            out[-1] = out[-1][:-1]
        elif out and _spaced(out[-1][-1], line[0]):
            out.append(" ")
        out.append(line)
    return "".join(out)


def _spaced(before: str, after: str) -> bool:
    return before.isascii() and after.isascii() and (before.isalnum() and after.isalnum() or before in ".,;:!?")


_SPACE = re.compile(rf"(?<=[{_WIDE}])[^\S\n]+(?=[{_WIDE}])")
_BESIDE_STOP = re.compile("(?<=[，。、；：！？）》…])[^\\S\n]+|[^\\S\n]+(?=[，。、；：！？）》])")
_BESIDE_HAN = re.compile(rf"(?<=[{_WIDE},:;!?])[^\S\n]+|[^\S\n]+(?=[{_WIDE},:;!?])")
_LISTED = re.compile(rf"(?<![^\s：:])(?:[{HAN}·]{{2,5}}[^\S\n]+){{2,}}[{HAN}·]{{2,5}}(?![^\s。；;])")


def tidy_paragraph(text: str, *, ocr: bool = False) -> str:
    """One paragraph repaired. ``ocr``: spaces beside Chinese are strays; otherwise only those beside stops."""
    if text.isascii():
        return text.strip()
    return _quotes(_spaces(_punctuation(text.strip()), ocr))


def _spaces(text: str, ocr: bool) -> str:
    if not re.search(r"[^\S\n]", text):
        return text
    if "|" in text:
        return re.sub(r"[^\S\n]+", " ", text)
    if not ocr:
        return _BESIDE_STOP.sub("", text)
    out, at = [], 0
    for match in _LISTED.finditer(text):  # 张三 李四 王五
        out += [_BESIDE_HAN.sub("", text[at : match.start()]), re.sub(r"[^\S\n]+", " ", match[0])]
        at = match.end()
    return re.sub(r"[^\S\n]{2,}", " ", "".join([*out, _BESIDE_HAN.sub("", text[at:])]))


_HALF = re.compile(
    rf"(?<=[{_WIDE}\"%])[,;!?](?![,;!?])|[,;!?](?=[{_WIDE}\"])|(?<=[{_WIDE}\"]):(?!//)|(?<!\d):(?=[{_WIDE}\"])"
)
_AFTER_WORD = re.compile(rf"(?<=[A-Za-z\d)])[,;!?](?=\s?[{HAN}“])")
_BRACKETS = re.compile(r"\(([^()\n]{0,120})\)")
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
    quotes = list(_QUOTE.finditer(text))
    for number, match in enumerate(quotes):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if match[0] in "“”„‟":
            opens = match[0] != "”"
        elif not after or after in "，。、；：！？）》,;:!?)":
            opens = False
        elif not before or before in "（《：" or (before in "，、。；！？" and not opened):
            opens = True
        elif before in "，、；":  # one that was not closed stands before an even number
            opens = (len(quotes) - number) % 2 == 0
        else:
            opens = not opened
        out += [text[at : match.start()], "“" if opens else "”"]
        at, opened = match.end(), opens
    return "".join([*out, text[at:]])
