"""Who wrote it, who photographed it: bylines, datelines, credits and signatures of Chinese newspapers.

All functions take folded text (``Block.key``: half-width punctuation, one form of dash, quote and interpunct) in
which a space may also be the end of a printed line, so names may be broken by spaces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.model import Byline
from index.pages.blocks import HAN
from index.pages.names import begins_with_surname, is_name, is_organisation, name_size, names, plausible
from index.segment import frequency

_PREFIX = r"(?:(?:本[报刊台网社]|新华社|中新社|通讯员之家|工人日报)(?:—?中工网)?)?"
_STANDING = (
    r"(?:首席|特约|特派|实习|见习|驻站|资深|高级|全媒体?|融媒体?|新媒体|文字|摄影|视频|"
    r"驻[^\s()、,，]{1,4}?|[\w\u4e00-\u9fff]{0,6}?全媒体)"
)
_NOUN = (
    r"(?:记\s?者|通\s?讯\s?员|实\s?习\s?生|撰稿人?|供稿|撰文|摄\s?影|图片|作者|编译|整理|采写|特约评论员|评论员)"
)
ROLE = re.compile(rf"{_PREFIX}\s?{_STANDING}{{0,2}}\s?({_NOUN})\s?:?\s*")
_CANON = {"撰稿": "作者", "撰稿人": "作者", "撰文": "作者", "供稿": "作者", "图片": "摄影", "采写": "记者"}

_LEAD = re.compile(
    r"""[\[【(]?\s*(?:
        (?:本\s?[报刊台]|木报)\s?(?:[\u4e00-\u9fff]{2,5}(?:\d{1,2}月\d{1,2}日)?讯(?=[\s(])|讯|迅|综合(?:消息|报道|讯)?(?=[\s(,]|$)|消息)
      | [本中][\u4e00-\u9fff]{0,3}网(?:讯|消息)
      | 据?(?:新华社|中新社|本报|人民日报|工人日报)[^\s,。()]{0,12}?
        (?:\d{1,2}\s?月)?\s?(?:\d{1,2}\s?日)?\s?[专急]?电(?=[\s(:]|$)
    )\s*[\]】)]?\s*""",
    re.X,
)
_BRACKET = re.compile(r"[(\[【]\s*([^()\[\]【】。]{1,80}?)\s*[)\]】]\s*")
_OPEN = re.compile(r"[(\[【]\s*(?=[^()]{0,8}?(?:记者|通讯员|实习生))")
_MAY_BE_DATELINE = re.compile("[讯迅电息综报记]")
_MAY_BE_BYLINE = re.compile(r"[记讯习者摄图文撰供译整采评词诗述编]|^\W")
CACHED = 1 << 12
"""Lines remembered: each is asked about more than once."""
_BULLET = re.compile(r"^[■□◆◇●○▲△★☆▌▍▎◎⊙※*·—\-=|]{0,3}\s*")
_INNER_BULLET = re.compile(r"\s[■□◆◇●○]\s?(?=\S{0,6}(?:记者|通讯员|实习生))")
_CREDIT_TAIL = re.compile(r"^(.{1,60}?)\s*/?\s*(?:供图|摄影报道|图文报道|摄影|摄|图)(?:报道)?$")
_CREDIT_HEAD = re.compile(r"^(?:摄影(?:者|报道)?|图片?|供图|图片提供|图片来源|摄)\s*[:/|]\s*(.{1,60})$")
_TEXT_AND_PICTURE = re.compile(r"\s*/?\s*(?:文\s?[/、并及]?\s?[图摄]片?|图\s?[/、并及]?\s?文|摄影并?报道)$")
_WRITTEN = re.compile(r"\s*/?\s*(?:文|报道|采写|撰文|整理|撰稿|编译|口述|供稿)$")
_WRITER_HEAD = re.compile(r"^(?:作者|文|撰文|撰稿|原作|词|诗)\s*[:/|]\s*(.{1,40}?)$")
_BOTH_HEADS = re.compile(r"^文\s*[:/|]?\s*(.{2,20}?)\s+[图摄]影?\s*[:/|]?\s*(.{2,20})$")
_BOTH_HEADS_TURNED = re.compile(r"^[图摄]影?片?\s*[:/|]\s*(.{2,20}?)\s+文字?\s*[:/|]\s*(.{2,20})$")
_TOLD = re.compile(rf"^(?:讲述人?|口述人?|自述人?)\s?[:/]\s?(?:[{HAN}]{{2,24}}\s)?([{HAN}·]{{2,6}})$")
_TOLD_AND_WRITTEN = re.compile(r"^(.{2,10}?)\s?[/·]?\s?(?:口述|讲述)\s+(.{2,20}?)\s?/?\s?(?:整理|采写|撰文|文)$")
_COMMENTATOR = re.compile(r"本[报刊](?:(?:特约)?评论员|编辑部)")
_BOTH_TAILS = re.compile(r"^(.{2,40}?)(?:\s*/\s*|\s+)文\s+(.{2,20}?)(?:\s*/\s*|\s+)[图摄]影?$")
_POEM_AND_PICTURE = re.compile(r"^(.{2,10}?)\s*/\s*[诗词文]\s+.{2,10}?\s*/\s*[画书]$")
_UNIT_BEHIND = re.compile(r"(?<=[^\s(])\s*\([^()记通摄]{2,20}\)$")
_AGENCY = re.compile(r"^(?:新华社发|新华社记者|本报资料图片?|资料图片?|新华社)\s*")

@dataclass(frozen=True, slots=True)
class Dateline:
    """The lead-in of a news item, such as 本报讯(记者 …): where its running text begins, and who is named.

    ``closed`` is False where a bracket was left open.
    """

    end: int
    bylines: tuple[Byline, ...]
    closed: bool = True


@lru_cache(maxsize=CACHED)
def dateline(key: str) -> Dateline | None:
    """The dateline at the start of ``key``; None if there is none."""
    if not _MAY_BE_DATELINE.search(key, 0, 60):
        return None
    lead = _LEAD.match(key)
    at = lead.end() if lead else 0
    bracket = _BRACKET.match(key, at)
    if bracket and (people := _in_brackets(bracket[1]) or lead and author(bracket[1])):
        return Dateline(bracket.end(), people)
    if (opened := _OPEN.match(key, at)) and not _BRACKET.match(key, at):
        people, end = _open_people(key, opened.end())
        if people:
            return Dateline(end, people, closed=False)
    if lead:
        return _reported(key, at) or _unbracketed(key, at) or Dateline(at, ())
    return _reported(key, 0)


def _in_brackets(text: str) -> tuple[Byline, ...]:
    """The people in the bracket of a dateline, who may have photographed, too (记者李明 摄影报道)."""
    shot = _TEXT_AND_PICTURE.search(text)
    people = _people(text[: shot.start()] if shot else text)
    return (*people, *(Byline("摄影", p.name) for p in people)) if shot else people


_REPORTED = re.compile(
    r"(?=\S{0,12}?(?:记者|通讯员|实习生))([^。:,()\"]{3,40}?)\s*(?:摄影)?(?:报道|采写)\s*(?:[:,]|\s|$)"
)


def _reported(key: str, at: int) -> Dateline | None:
    match = _REPORTED.match(key, at)
    people = _people(match[1]) if match else ()
    return Dateline(match.end(), people) if match and people else None


_SET_APART = re.compile(rf"([{HAN}·]{{2,5}})(?:\s+|[,:]\s?)")


def _unbracketed(key: str, at: int) -> Dateline | None:
    """People between 本报讯 and the text, each with a role before the name and a space behind it."""
    people: list[Byline] = []
    while (role := ROLE.match(key, at)) and (name := _SET_APART.match(key, role.end())):
        if not is_name(name[1]) or not begins_with_surname(name[1]) or name[1][0] == "从" or name[1][-1] in "省市县区":
            break
        people.append(Byline(_role(role[1]), name[1]))
        at = name.end()
    return Dateline(at, tuple(people)) if people else None


def _open_people(key: str, at: int) -> tuple[tuple[Byline, ...], int]:
    """People after a bracket that is never closed, and where the last name ends."""
    text = re.split(r"[。()]", key[at : at + 80])[0]
    marks = list(ROLE.finditer(text))
    found: list[Byline] = []
    end = 0
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        if after is None:
            size = name_size(text[mark.end() :])
            end = mark.end() + size
            between: list[str] | None = names(text[mark.end() : end]) if size else None
        else:
            between = names(text[mark.end() : after.start()])
        if not between:
            break
        found += [Byline(_role(mark[1]), name) for name in between]
        end = after.start() if after else end
    gap = re.compile(r"[\s,:)]*").match(key, at + end)
    return tuple(found), gap.end() if gap else at + end


@lru_cache(maxsize=CACHED)
def byline(key: str) -> tuple[Byline, ...]:
    """The people of a line that is a byline and nothing else; empty if it is anything else."""
    if len(key) > 90 or not _MAY_BE_BYLINE.search(key):
        return ()
    line = _INNER_BULLET.sub(" ", _BULLET.sub("", key, count=1).strip())
    line = _UNIT_BEHIND.sub("", line).strip("()[]【】").strip()
    if not 2 <= len(line) <= 80 or re.search(r"[。!?;\"《》%]", line):
        return ()
    if _COMMENTATOR.fullmatch(line):
        return (Byline("作者", line),)
    if told := _TOLD_AND_WRITTEN.match(line):
        return (*(Byline("作者", n) for n in names(told[1]) or ()), *_either(told[2], "作者"))
    if told := _TOLD.match(line):
        return tuple(Byline("作者", n) for n in names(told[1]) or ())
    turned = _BOTH_HEADS_TURNED.match(line)
    if both := turned or _BOTH_HEADS.match(line):
        first, second = _either(both[1], "作者"), _either(both[2], "作者")
        writers, pictures = (second, first) if turned else (first, second)
        if writers and pictures:
            return (*writers, *(Byline("摄影", p.name) for p in pictures))
    if both := _BOTH_TAILS.match(line):
        return (*(Byline("摄影", p.name) for p in _either(both[2], "摄影")), *_either(both[1], "作者"))
    if drawn := _POEM_AND_PICTURE.match(line):
        return tuple(Byline("作者", n) for n in names(drawn[1]) or ())
    if head := _WRITER_HEAD.match(line):
        return tuple(Byline("作者", n) for n in names(head[1]) or ())
    shot = _TEXT_AND_PICTURE.search(line)
    line = _WRITTEN.sub("", line[: shot.start()] if shot else line).strip()
    people = _people(line)
    if not people and (shot or line != key.strip()):
        people = tuple(Byline("作者", n) for n in names(line) or () if plausible(n))
    if shot and people:
        return tuple(Byline("摄影", p.name) for p in people) + people
    return people


@lru_cache(maxsize=CACHED)
def author(key: str) -> tuple[Byline, ...]:
    """The author of a line that is a bare name (两三个字, a space allowed) and nothing else."""
    line = _BULLET.sub("", key, count=1).strip()
    line = line[1:-1].strip() if line[:1] in "([" and line[-1:] in ")]" else line
    if not 2 <= len(line) <= 14 or re.search(r"[^\s·、A-Za-z" + HAN + "]", line):
        return ()
    found = names(line) or []
    if len(found) > 3 or not all(plausible(n) for n in found):
        return ()
    return tuple(Byline("作者", n) for n in found)


@lru_cache(maxsize=CACHED)
def credit(key: str) -> tuple[Byline, ...]:
    """The photographers of a line that is a picture credit and nothing else."""
    if len(key) > 90 or not re.search("[摄图]", key):
        return ()
    line = _BULLET.sub("", key, count=1).strip().strip("()[]【】").strip()
    if _TEXT_AND_PICTURE.search(line) and not line.endswith("报道"):
        return ()
    if any(both.match(line) for both in (_BOTH_HEADS, _BOTH_HEADS_TURNED, _BOTH_TAILS)):
        return ()
    if not 3 <= len(line) <= 80 or re.search(r"[。!?;\"《》]", line):
        return ()
    head = _CREDIT_HEAD.match(line)
    tail = None if head else _CREDIT_TAIL.match(line)
    if not head and not tail:
        return ()
    inner = head[1] if head else tail[1] if tail else ""
    role = "供图" if "供图" in line or "提供" in line else "摄影"
    if tail and line.endswith("图") and not re.search(r"/\s*图$|供图$", line):
        return ()
    inner = _AGENCY.sub("", inner.strip(" /|()")).strip(" /|()")
    inner = re.sub(r"\s*/?\s*(?:文|图)$", "", inner)
    people = _people(inner)
    found = [p.name for p in people] or names(inner) or []
    return tuple(Byline(role, name) for name in found)


def pen_name(key: str) -> tuple[Byline, ...]:
    """The author of a text of two or three characters, of which any may be a pen name, where only a name can stand.

    Beside a name that begins with a surname, others may be pen names, too.
    """
    parts = key.split()
    together = all(len(part) == 1 for part in parts)  # short names are printed spaced
    found = ["".join(parts)] if together else parts
    alone = len(found) == 1
    if not found or not all(map(_may_be_pen_name, found)) or not (alone or any(map(plausible, found))):
        return ()
    return tuple(Byline("作者", name) for name in found)


def spaced_name(key: str) -> tuple[Byline, ...]:
    """The author of a line of two characters set apart, as short names are printed, of which the first is a surname."""
    apart = [len(part) for part in key.split()] == [1, 1] and begins_with_surname(key)
    return pen_name(key) if apart else ()


def _may_be_pen_name(text: str) -> bool:
    if not re.fullmatch(rf"[{HAN}]{{2,3}}", text) or not is_name(text) or is_organisation(text):
        return False
    return frequency(text) < (COMMON_NAME if begins_with_surname(text) else COMMON_PEN_NAME)


def sign_off(key: str) -> tuple[Byline, ...]:
    """The author of a line under an article: a bare name, or an occupation or unit and a name (护工 毕云帆)."""
    bracketed = key[:1] == "(" and key[-1:] == ")"
    if people := author(key) or spaced_name(key) or (pen_name(key[1:-1]) if bracketed else ()):
        return people
    *unit, name = key.split() or [""]
    if len(unit) == 1 and 2 <= len(unit[0]) <= 14 and re.fullmatch(rf"[{HAN}]+", unit[0]) and plausible(name):
        return (Byline("作者", name),)
    return ()


COMMON_PEN_NAME, COMMON_NAME = 300, 1000
"""A word that jieba has seen so often is no pen name, nor one whose first character is a surname."""
_SIGNATURE = re.compile(r"\(([^()]{2,50})\)?\s*$")
_TRAILING = re.compile(rf"[。!?\"…)]\s*((?:{_PREFIX}{_STANDING}{{0,2}}(?:记者|通讯员)\s?)[{HAN}\s、·]{{2,24}})$")


def signature(key: str) -> tuple[int, tuple[Byline, ...]]:
    """Where the signature at the end of a paragraph begins, and its people; (len(key), ()) if there is none."""
    match = _SIGNATURE.search(key, max(0, len(key) - 60))
    if match:
        people = _people(match[1]) or author(match[1])
        if not people and key[: match.start()].rstrip().endswith(tuple('。!?"')):
            people = pen_name(match[1])
        if people:
            return match.start(), people
    match = _TRAILING.search(key, max(0, len(key) - 60))
    if match and (people := _people(match[1])):
        return match.start(1), people
    return len(key), ()


def _people(text: str) -> tuple[Byline, ...]:
    """People of a text made of roles and names only; empty if anything else is in it."""
    marks = list(ROLE.finditer(text))
    if not marks:
        return ()
    before = text[: marks[0].start()].strip()
    if before and not _unit(before):
        return ()
    found: list[Byline] = []
    waiting: list[str] = []
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        chunk = text[mark.end() : after.start() if after else len(text)].strip()
        waiting.append(_role(mark[1]))
        if not chunk:
            continue
        people = names(_without_unit(chunk))
        if people is None:
            return ()
        found += [Byline(role, name) for role in waiting for name in people]
        waiting = []
    return tuple(dict.fromkeys(found))


def _either(text: str, role: str) -> tuple[Byline, ...]:
    """People with their printed roles, or bare names in ``role``."""
    return _people(text) or tuple(Byline(role, name) for name in names(text) or ())


def _role(noun: str) -> str:
    noun = "".join(noun.split())
    return _CANON.get(noun, noun)


def _unit(text: str) -> bool:
    """Whether text before a role is an organisation or place (XX日报, 驻焦作)."""
    return len(text) <= 20 and bool(re.search(r"[报网社台站会]\s*[/—·]?$", text) or text in "文图/■□")


def _without_unit(chunk: str) -> str:
    head, _, rest = chunk.partition(" ")
    return rest if rest.strip() and len(head) > 3 and is_organisation(head) else chunk
