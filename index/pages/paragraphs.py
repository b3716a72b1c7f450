"""From physical lines to paragraphs: broken lines put together, text that ran together cut apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.pages import byline, masthead
from index.pages.blocks import BOLD, FOLD, HAN, Block, lines
from index.pages.jump import is_jump
from index.pages.names import plausible
from index.pages.repair import begins_item, ends_sentence, is_row, usual_width

BULLETS = "▲△◆◇●○■□★☆※▼▽►▶◎⊙"
CAPTION_LINES = 8
"""A caption has fewer printed lines before its 图为."""
MOST_PRINTED = 50
"""A printed line of a newspaper column has no more characters."""
TITLE = 45
"""A line longer than this (white space aside) is no title."""

_DATELINE = re.compile(
    r"(?:本报|木报)(?:[\u4e00-\u9fff]{2,5}讯|讯|迅|综合消息|综合报道)(?=[\s(\[])|据?新华社[^\s,。]{0,10}\d{1,2}日电(?=[\s(])"
)
_BYLINE = re.compile(r"(?<=[\s\"”!?])[■□◆●○]?\s?本报(?:首席|特约|实习|见习|全媒体|融媒体)?(?:记者|通讯员)(?=\s)")
_CREDIT = re.compile(
    rf"(?:(?<=[。!?\")…])|(?<=\s)|^)[(]?(?:(?:本报|新华社)?(?:首席|特约|全媒体)?(?:记者|通讯员)\s?)?(?:[{HAN}·]{{1,6}}[\s、]{{0,4}}){{1,4}}[/\s]{{0,3}}"
    r"(?:摄影报道|摄影|摄|供图|(?<=/)\s?图)\s?[)]?(?=\s|$)"
)
_NAMED_ITEM = re.compile(
    rf"\s*[{BULLETS}]\s*[{HAN}“”\"·]{{3,14}}"
    r"(?<![会司局厂心院校团处段站区县镇道])(?:\u3000+|\s{2,}|\u3000\s)(?=\S{10})"
)
"""A title that opens an item, set off by a wide space; not the organisation that the item tells of."""
_INSET = re.compile(
    rf"(?<=\s)(?:(?:[{HAN}]{{2,8}}\s)?(?:扫一扫|扫码|扫描二维码|长按识别)[{HAN}]{{0,5}}(?:\s(?:关注|更)[{HAN}]{{2,4}})?|"
    rf"本版(?:制图|制表|绘图|图片|摄影)\s?:?\s?[{HAN}]{{2,3}})(?=\s)"
)
"""A line of the page that was printed between the lines of a paragraph."""
_BOLD_LEAD = re.compile(rf"\s*[{BULLETS}]?\s*\*\*[^*\n]{{4,60}}\*\*\s*(?=\S)(?!.{{0,4}}[摄文图/])")
_LEAD = re.compile(
    r"^(?:\d{1,2}\s?月\s?\d{1,2}\s?日|\d{4}\s?年|\d{1,2}\s?日|近日|日前|连日来|近期|[昨今][日天]|最近|前不久|近年来|"
    r"为[^。]{4,40},)"
)
_DAY_LEAD = re.compile(r"^(?:\d{1,2}\s?月\s?\d{1,2}\s?日|近日|日前|连日来|[昨今][日天])")
_LAST_SENTENCE = re.compile(r"[。!?…][\"')》\]]*\s*")


def paragraphs(text: str) -> list[Block]:
    """The paragraphs of a page in the order of the file."""
    physical = list(lines(text))
    pieces: list[Block] = []
    for block in _joined(physical):
        pieces += _cut(block)
    return _without_trailing_titles(pieces)


def _joined(physical: Sequence[Block]) -> list[Block]:
    spread = _is_spread(physical)
    width = usual_width([b.text for b in physical if (spread or not b.gap) and not b.level])
    groups: list[list[Block]] = []
    for block in physical:
        near = groups and (spread or not block.gap)
        if near and _runs_on(groups[-1], block, width) or groups and _bracket_goes_on(groups[-1][-1], block):
            groups[-1].append(block)
        else:
            groups.append([block])
    return [_one(group) for group in groups]


def _is_spread(physical: Sequence[Block]) -> bool:
    """Whether blank lines stand between all printed lines, and so part nothing."""
    plain = [b for b in physical if not b.level]
    width = usual_width([b.text for b in plain])
    if not plain or width > MOST_PRINTED or any(not b.gap for b in plain[1:]):
        return False
    broken = sum(10 * b.length >= 7 * width and not ends_sentence(b.key) for b in plain)
    return 10 * broken >= 4 * len(plain)


def _one(group: list[Block]) -> Block:
    if len(group) == 1:
        return group[0]
    raw, masked = "\n".join(b.raw for b in group), "\n".join(b.masked for b in group)
    return Block(raw, masked, group[0].level, group[0].gap)


def _runs_on(group: Sequence[Block], block: Block, width: int) -> bool:
    last = group[-1]
    if last.level or block.level or not last.key or not block.key:
        return False
    if _open_bracket(last.key) or _name_broken(last.key, block.key):
        return True
    if is_row(last.text) and is_row(block.text):
        return False
    if block.key.startswith("图为") and is_lead(group[0].key) and len(group) < CAPTION_LINES:
        return True
    if stands_alone(last.key) or ends_sentence(last.key) and not _is_filled(group, block, width):
        return False
    if begins(block):
        return _is_dash_inside(last, block, width)
    if len(group) == 1 and 3 * width > 5 * last.length and last.key[-1] not in ",、":
        return False
    indented = len(block.raw) - len(block.raw.lstrip("\u3000 ")) >= 2 and last.raw[:1] not in " \u3000"
    return not indented or begins_item(group[0].key)


def _is_filled(group: Sequence[Block], block: Block, width: int) -> bool:
    """Whether a sentence ends just at the end of a full line, where paragraphs are told by their indent."""
    indented = group[0].raw.startswith("\u3000\u3000") and block.raw[:1] not in " \u3000"
    return indented and len(group[-1].raw.rstrip()) + 1 >= width


def _is_dash_inside(last: Block, block: Block, width: int) -> bool:
    """Whether a line begins with the dash of a sentence that a full line before it has begun, not with a subtitle's."""
    inside = block.key.startswith("——") and block.raw[:1] not in " \u3000"
    full = len(last.text) + 4 >= width  # two for its indent, two for the dash, which cannot be broken
    return inside and full and last.raw[:1] in " \u3000"


def _bracket_goes_on(last: Block, block: Block) -> bool:
    """Whether a paragraph closes the bracket of the dateline that the one before it has left open."""
    if last.level or block.level or not _open_bracket(last.key):
        return False
    before, closed, _ = block.key[:40].partition(")")
    return bool(closed) and not re.search("[,。(:]", before)


def _open_bracket(key: str) -> bool:
    """Whether the bracket of a dateline is still open at the end of a line."""
    at = key.rfind("(")
    return at >= 0 and ")" not in key[at:] and len(key) - at < 30 and bool(re.match(r"\(\s?\S{0,8}(?:记|通)", key[at:]))


def _name_broken(last: str, line: str) -> bool:
    """Whether a short line is the rest of a name in the byline before it."""
    if len(line) > 3 or len(last) > 60:
        return False
    people = byline.byline(last)
    return bool(people) and len(byline.byline(f"{last} {line}")) == len(people)


def begins(block: Block) -> bool:
    """Whether a line can only be the first of its paragraph."""
    key = block.key
    if key[0] in BULLETS or begins_item(key) or key.startswith(("——", "—", "--", "图为")):
        return True
    return byline.dateline(key) is not None or stands_alone(key)


def stands_alone(key: str) -> bool:
    """Whether a line is a byline, a credit, a jump, or a line of the masthead, and nothing else."""
    if is_jump(key) or masthead.read_line(key, at_edge=False) is not None or masthead.is_newspaper(key):
        return True
    return len(key) <= 60 and bool(byline.byline(key) or byline.credit(key) or (len(key) <= 8 and byline.author(key)))


def is_lead(key: str) -> bool:
    """Whether a paragraph begins as the first of a news item or a caption does."""
    return bool(_LEAD.match(key))


def is_dated_lead(key: str) -> bool:
    """Whether a paragraph begins with the day of an event."""
    return bool(_DAY_LEAD.match(key))


def titleish(key: str) -> bool:
    """Whether a line could be a title by its form: short, no sentence."""
    size = len("".join(key.split()))
    if not 2 <= size <= TITLE or re.search(r"。|；|;", key) or key[-1] in ",、:;(\"" and key[-1] not in ':"':
        return False
    if key.endswith("…") and "、" in key:
        return False
    return len(re.findall(rf"[{HAN}]", key[:20])) >= 2 and not key.startswith((",", ")", "、"))


def _cut(block: Block) -> list[Block]:
    if (lead := _BOLD_LEAD.match(block.raw)) and not block.level:
        bold, *rest = block.cut(lead.end())
        return [replace(bold, level=BOLD), *(piece for b in rest for piece in _cut(b))]
    if named := _NAMED_ITEM.match(block.masked):
        return block.cut(named.end())
    flat = block.masked.translate(FOLD)
    if len(flat) < 8:
        return [block]
    if len(flat) <= 60 and byline.byline(flat.strip()):
        return [block]
    at: set[int] = set()
    at |= _datelines(flat)
    if "摄" in flat or "图" in flat:
        for match in _CREDIT.finditer(flat):
            if byline.credit(match[0].strip()):
                at |= {match.start(), match.end()}
    at |= _bullets(flat)
    for match in _INSET.finditer(flat):
        at |= {match.start(), match.end()}
    if tail := masthead.tail(flat):
        at.add(tail)
    if not at and len(flat) < 400:
        at |= _bylines(flat)
    return block.cut(*at) if at else [block]


def _datelines(flat: str) -> set[int]:
    """A dateline inside a paragraph, and the title before it."""
    at: set[int] = set()
    for match in _DATELINE.finditer(flat):
        before = flat[max(0, match.start() - 80) : match.start()]
        tail = before[_after_last_sentence(before) :]
        if not tail.strip():
            at.add(match.start())
        elif titleish(tail.strip()) and (len(tail) < len(before) or match.start() <= 80):
            at |= {match.start() - len(tail), match.start()}
    return at


def _after_last_sentence(text: str) -> int:
    return max((m.end() for m in _LAST_SENTENCE.finditer(text)), default=0)


def _bullets(flat: str) -> set[int]:
    first = flat.lstrip()[:1]
    if first not in BULLETS or not first:
        return set()
    return {m.start() for m in re.finditer(rf"(?<=[。!?)\s]){re.escape(first)}(?=\s?\S{{6}})", flat)}


def _bylines(flat: str) -> set[int]:
    """A byline that ran into the title before it or into the text behind it."""
    start = len(flat) - len(flat.lstrip())
    if (match := _BYLINE.search(flat)) and titleish(flat[: match.start()].strip()):
        start = match.start()
    elif not re.match(r"\s*[■□◆●○]?\s?本报\S{0,4}(?:记者|通讯员)", flat):
        return set()
    end = _people_end(flat, start)
    if end is None:
        return set()
    return {start, end}


def _people_end(flat: str, start: int) -> int | None:
    """Where the byline that begins at ``start`` ends: the longest run of tokens that is names and roles only."""
    ends = [m.end() for m in re.finditer(r"\S+", flat[start : start + 60])]
    for end in reversed(ends[:8]):
        people = byline.byline(flat[start : start + end])
        rest = flat[start + end :].split(None, 1)
        if people and all(plausible(p.name) for p in people) and (not rest or len(rest[0]) >= 5):
            return start + end
    return None


def _without_trailing_titles(blocks: list[Block]) -> list[Block]:
    """A title printed at the end of the paragraph before it, cut off where a dateline or byline follows."""
    out: list[Block] = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=False):
        at = _trailing_title(block, after) if after else None
        out += block.cut(at) if at else [block]
    return out


def _trailing_title(block: Block, after: Block) -> int | None:
    if block.level or block.length < 14 or not _opens_article(after.key):
        return None
    flat = block.masked.translate(FOLD)
    tail_at = max(0, len(flat) - 80)
    at = tail_at + _after_last_sentence(flat[tail_at:])
    tail = flat[at:].strip()
    spaced = flat[at - 1 : at].isspace() or flat[at : at + 1].isspace()
    return at if at > tail_at and spaced and len(tail) >= 5 and titleish(tail) and not byline.credit(tail) else None


def _opens_article(key: str) -> bool:
    return byline.dateline(key) is not None or bool(len(key) <= 60 and byline.byline(key))
