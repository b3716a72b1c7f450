"""Titles: which lines above an article are its kicker (引题), its title and its subtitle (副题)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.pages.blocks import FOLD, Block
from index.pages.joint import reads_on
from index.pages.jump import without_jumps
from index.pages.labels import is_notice
from index.pages.repair import ends_sentence, tidy_paragraph

_DASH = re.compile(r"^\s*[—\-－–―─━_~]+\s*")
_MARK = re.compile(r"^[\s■□◆◇●○▲△★☆▼▽►▶◎⊙※*·#]+|[\s■□◆◇●○▲△★☆*#|]+$")
_FRAMED = re.compile(r"^【([^【】]{2,20})】$")
_LABEL = re.compile(
    r"^.{0,4}(?:故事|风采|人物|之窗|园地|聚焦|关注|特写|观察|访谈|一线|现场|纪实|走笔|随笔|话题|热线|论坛|视点|札记|手记|专访|追踪|调查|在线|进行时|风景线|群英谱|之星|劳模|工匠|榜样|书香|讲堂|课堂|说法|说案|释法|对话|提示|问答|帮你问|小说|散文|诗歌|诗词|漫笔|漫谈|杂谈|漫话|絮语|书架|荐书|说事|茶座|广角|夜话|絮谈|有话说|面对面|微光|剪影|印象|足迹|心声|心语|百态)$"
)
_PREDICATE = re.compile(
    r"有了|迎来|[走开搬住]进|走上|[用喝吃]上了?|[装摆]下|点亮|[建办]起|守护|变身|成了|[领收]到|[添来]了"
)
"""A line that begins with these says what the line above does."""
_QUESTION = re.compile(r"为何|为什么|为啥|如何|怎么|怎样|何时|何处|几何|[吗呢?]$")
_SUBJECT = re.compile(r"(?:会|公司|集团|局|厂|院|校|区|县|市|镇|乡|街道|中心|职工|队|矿|站|段|所)$")
_OPEN_VERB = re.compile(r"(?:启动|成立|发布|举行|召开|建立|开讲)$")
"""A clause may end with these, or have its object on the next line."""
_OPEN_END = re.compile(
    r"(?:开展|举办|组织|打造|推行|推进|关于|为|向|与|和|及|的|让|把|将|在|对|到|送|赴|走进|建起|从|用|给|以|助|促|当|是|被|等)$|[(《]$"
)


LONGEST, LONGEST_MIXED = 28, 20
"""Characters of a title over several lines, all headings or all plain, and over a heading and a plain line."""
READS_ON = -0.5
"""Lines in unlike type are one title where the second reads on from the first. Nine in ten kickers read worse."""
SHORT_LABEL, CLAUSE = 5, 12
"""A line of so few characters over a longer one is a label; one of so many says something by itself."""
_NUMBERED = re.compile(r"^\d{1,2}\s?[.、．]\s?(?=[\u4e00-\u9fff“\"])")
_KEEP = "\x01"
"""Stands for a space that must survive repair."""


_INDEPENDENT = re.compile(r"^(?:我|全|本)?[\u4e00-\u9fff]{0,3}(?:省|市|县|区|镇|州)(?!民|场|政|长|域|级)(?=.{3})")
"""A line that begins with a place of its own is a clause of its own."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines over an article."""

    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None


def heading(stack: Sequence[Block]) -> Heading:
    """Kicker, title and subtitle of the lines that stand over one article, in the order of the page."""
    main, sub = _dashed([line for block in stack for line in _lines(block)])
    if not main:
        return Heading(title=clean(sub)) if sub else Heading()
    groups = _groups(main)
    title = _main(groups)
    kicker = _line([b for g in groups[:title] for b in g])
    after = [b for g in groups[title + 1 :] for b in g]
    return Heading(clean(groups[title]), kicker, _line([*after, *sub]))


def _lines(block: Block) -> list[Block]:
    """The printed lines of a title that were put together as if they were running text."""
    return block.cut(*(m.start() for m in re.finditer("\n", block.masked)))


def _line(blocks: Sequence[Block]) -> str | None:
    return clean(blocks) or None if blocks else None


def clean(blocks: Sequence[Block]) -> str:
    """The words of title lines as one line, without marks and leading dashes."""
    words: list[str] = []
    for block in blocks:
        text = _MARK.sub("", _DASH.sub("", _MARK.sub("", without_jumps(block.text))))
        text = _FRAMED.sub(r"\1", text)
        words += (_NUMBERED.sub("", text) if block.level else text).split()
    return tidy_paragraph(_assembled(words), ocr=True).replace(_KEEP, " ")


def _assembled(words: Sequence[str]) -> str:
    """Broken title lines joined; a space stays between lines of equal length (对偶) and Latin words."""
    if _is_parallel(words):
        return _KEEP.join(words)
    out = ""
    for word in words:
        latin = out and out[-1].isascii() and out[-1].isalpha() and word[0].isascii() and word[0].isalpha()
        out += (" " if latin else "") + word
    return out


def _is_parallel(words: Sequence[str]) -> bool:
    """Whether words are lines of a couplet: of equal length, and each by itself."""
    if any(w.count("“") != w.count("”") or w.count('"') % 2 or _OPEN_END.search(w) for w in words):
        return False
    return len(words) > 1 and len({len(w) for w in words}) == 1 and 4 <= len(words[0]) <= 8


def _dashed(stack: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The stack in two: the lines before the one that begins with a dash, and the subtitle."""
    for i, block in enumerate(stack):
        if i and _DASH.match(block.key):
            return list(stack[:i]), list(stack[i:])
    return list(stack), []


def _groups(main: Sequence[Block]) -> list[list[Block]]:
    """The lines put together that make one title: first headings with headings, then these with plain lines."""
    lines = [[block] for block in main]
    return _merged(_merged(lines, across=False), across=True)


def _merged(groups: Sequence[list[Block]], *, across: bool) -> list[list[Block]]:
    out = [list(groups[0])]
    for group in groups[1:]:
        alike = bool(out[-1][-1].level) == bool(group[0].level)
        if (across or alike) and _one_title(out[-1], group):
            out[-1] += group
        else:
            out.append(list(group))
    return out


def _letters(group: Sequence[Block]) -> str:
    return "".join("".join(b.key.split()) for b in group)


def _one_title(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether title lines go on with those before them."""
    first, second = _letters(before), _letters(after)
    last, block = before[-1], after[0]
    if first.endswith(":") or is_label(first) or _is_heading_label(first, second) or "·" in first and not last.level:
        return False
    if first[-1] in ",、" or _is_broken_notice(first, second):
        return True
    deeper = last.level > block.level + 1 > 1
    if len(first) >= CLAUSE and (deeper or len(second) >= CLAUSE) and not _SUBJECT.search(first):
        return False
    if not last.level and _is_parallel(last.key.split()):
        return False
    alike = bool(last.level) == bool(block.level)
    open_end = _OPEN_END.search(first) or alike and _OPEN_VERB.search(first)
    if first.count('"') % 2 or open_end or second[0] in ",、)》暨" or _PREDICATE.match(second):
        return True
    plain = not any(b.level for b in before)
    if (block.level and plain or last.level > block.level + 1 > 1) and not _SUBJECT.search(first):
        return reads_on(first, second) > READS_ON
    if _INDEPENDENT.match(second) and not _SUBJECT.search(first):
        return False
    if re.search("[,!?]", first) and not re.search("[,!?]", second):
        return False
    return len(first) + len(second) <= (LONGEST if alike else LONGEST_MIXED)


def _is_broken_notice(first: str, second: str) -> bool:
    """Whether the name of what is announced stands on the second line: 关于开展助学活动 / 的公告."""
    return "关于" in first and not is_notice(first) and is_notice(second)


def _is_heading_label(first: str, second: str) -> bool:
    """Whether a very short line over a whole title is a label: 光荣榜, 记者走基层."""
    whole = len(first) <= SHORT_LABEL and len(second) >= CLAUSE and not first.count('"') % 2
    return whole and not _SUBJECT.search(first) and not _OPEN_END.search(first)


def _main(groups: Sequence[Sequence[Block]]) -> int:
    """Which group is the title: the one with the highest heading, or by its place among plain lines."""
    if len(groups) == 1:
        return 0
    ranks = [min(b.level or 9 for b in g) for g in groups]
    if len(groups) == 3 and ranks[1] < 9:  # kicker, title, subtitle
        return 1
    if len(set(ranks)) > 1:
        if len(groups) == 2 and is_label(_letters(groups[0])):
            return 1
        if 9 not in ranks and len(groups) == 2 and _is_kicker(groups[0], groups[1]):
            return 1
        return min(range(len(groups)), key=lambda i: (ranks[i], i))
    if _is_kicker(groups[0], groups[1]) or len(groups) > 2:
        return 1
    if min(map(len, groups)) == 1 < max(map(len, groups)):  # the larger type is broken over lines
        return 0 if len(groups[0]) > 1 else 1
    first, second = map(_letters, groups)
    if _QUESTION.search(first):
        return 0
    return 1 if len(first) <= 5 or len(second) <= len(first) + 6 else 0


def _is_kicker(group: Sequence[Block], after: Sequence[Block]) -> bool:
    key = _letters(group)
    return key.endswith(":") or is_label(key) or _is_heading_label(key, _letters(after))


def is_label(key: str) -> bool:
    """Whether a line names a column (班组故事, 【以案说法】), not an event."""
    bare = re.sub(r"\W", "", key)
    return len(bare) <= 6 and bool(_LABEL.match(bare))




_RUN_IN = re.compile(r"^[^\s,。!?;:、()]{4,14}$")


def with_subheads(body: Sequence[Block], subheads: list[Block]) -> list[Block]:
    """The body with sub-headings cut off that ran into the paragraph behind them, and added to ``subheads``.

    One alone proves nothing: at least two paragraphs must open with a short line of their own.
    """
    known = {id(b) for b in subheads}
    cuts = [None if id(b) in known else _run_in(b) for b in body]
    after_end = sum(c is not None and ends_sentence(b.key) for c, b in zip(cuts[1:], body, strict=False))
    if not after_end or sum(c is not None for c in cuts) < 2:
        return list(body)
    out: list[Block] = []
    for block, cut in zip(body, cuts, strict=True):
        pieces = block.cut(cut) if cut else [block]
        if cut:
            subheads.append(pieces[0])
        out += pieces
    return out


def _run_in(block: Block) -> int | None:
    """Where a sub-heading that opens a paragraph ends; None if the paragraph opens with a full line."""
    flat = block.masked.translate(FOLD)
    lines = re.split(r"(?<![\s,;:、])\s+", flat[:400].strip())
    if len(lines) < 3 or not _RUN_IN.match(lines[0]):
        return None
    if not 10 <= len(lines[1]) <= 45 or 3 * len(lines[0]) > 2 * len(lines[1]):
        return None
    return flat.index(lines[0]) + len(lines[0])
