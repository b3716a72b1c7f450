"""Names of people in Chinese text: what can be one, where it ends, and names that line ends have broken."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import pairwise

from index.pages.blocks import HAN
from index.segment import frequency

COMMON_WORD = {2: 20, 3: 50}
"""A word of so many characters that jieba has seen this often is no name by itself."""
COMMON_SURNAMES = 120
"""So many of the surnames, the most common, tell two names apart that are printed without a space."""
MOST = 24
"""Names in one list."""

_SPLIT = re.compile(r"[\s、,;/|&]+(?:[和与]\s+)?")
_NAME = re.compile(
    rf"[{HAN}]{{2,4}}|[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}}){{1,3}}|[A-Z][A-Za-z]{{1,15}}(?:[ ·.][A-Z][a-z]{{0,15}})?"
)
_NO_NAME = frozenset({
    "本报", "记者", "通讯员", "摄影", "报道", "综合", "编辑", "未完", "完", "下转", "上接", "待续", "略",
    "图片", "资料", "作者", "署名", "连载", "节选", "转载", "摘编", "据此", "本刊", "讯", "通讯", "图文",
    "文字", "新华社", "供稿", "整理", "单位", "来源", "地址", "电话", "邮编", "详见", "另见", "原载", "有删节",
    "有删改", "注", "盖章", "签字", "印章", "公章", "男", "女", "已故", "化名", "右", "左", "左一", "右一",
    "左二", "右二", "中间", "前排", "后排", "附表", "附图", "附件", "试行", "草案", "修订", "续", "全文完",
    "文章", "手记", "先进工作者", "党员", "团员", "班长", "组长",
})  # fmt: skip
_ORGANISATION = re.compile(
    r"(?:工会|公司|集团|委员会|协会|学会|中心|学校|小学|中学|大学|学院|医院|法院|检察院|公安局|管理局|局|厂|部|办|处|科|站|所|社|队|"
    r"宣传部|办公室|分会|支部|银行|文联|妇联|团委|党委|街道|报道|消息|日报|新闻|通讯|活动)$"
)


def names(text: str) -> list[str] | None:
    """The names in a text that is names only, separated or broken by spaces; None if it is anything else."""
    text = re.sub(rf"\s*·\s*|(?<=[{HAN}])\.(?=[{HAN}])", "·", text.strip())
    tokens = [t for t in _SPLIT.split(text) if t]
    if not tokens or len(tokens) > MOST:
        return None
    found: list[str] = []
    for token in _whole(tokens):
        parts = _apart(token)
        if not all(is_name(p) for p in parts):
            return None
        found += parts
    return found


def _whole(tokens: list[str]) -> list[str]:
    """Names broken by spaces put together: 李 明, 欧阳小 雪, 单 志刚, 欧阳 雪."""
    out: list[str] = []
    i = 0
    while i < len(tokens):
        token, after = tokens[i], tokens[i + 1] if i + 1 < len(tokens) else ""
        if after and _one_name(token, after, out):
            out.append(token + after)
            i += 1
        elif len(token) == 1 and out and _room(out[-1]):
            out[-1] += token
        else:
            out.append(token)
        i += 1
    return out


def _one_name(token: str, after: str, before: list[str]) -> bool:
    if token in _compound_surnames() and len(after) <= 2 or _minority(token, after):
        return True
    return len(token) == 1 and len(after) <= 2 and _begins(token, before, after)


def _minority(token: str, after: str) -> bool:
    """Whether two tokens are one name of another people, which has no surname: 敖日 格乐, 斯琴 高娃·巴特尔."""
    if "·" in after:
        return "·" not in token and token[0] not in _surnames()
    return len(token) == 2 and len(after) == 2 and after[0] not in _surnames() and "·" not in token


def _begins(token: str, before: list[str], after: str) -> bool:
    """Whether a single character begins a name, rather than ends the one before it."""
    if not before or not _room(before[-1]):
        return True
    return token in _surnames() and (len(after) == 1 or after[0] not in _surnames())


def _room(name: str) -> bool:
    return len(name) < 3 or (len(name) < 4 and name[:2] in _compound_surnames())


def _apart(token: str) -> list[str]:
    """Two names printed without a space: 李新和王影."""
    left, joint, right = token.partition("和")
    if joint and len(left) >= 2 and len(right) >= 2:
        return [left, right]
    if not 4 <= len(token) <= 6 or "·" in token or token[:2] in _compound_surnames():
        return [token]
    common = _common_surnames()
    for at in (3, 2) if len(token) > 4 else (2,):
        rest = token[at:]
        if token[0] in common and rest[0] in common and 2 <= len(rest) <= 3:
            return [token[:at], rest]
    return [token]


def is_name(text: str) -> bool:
    """Whether a text can be a name at all, when a role stands before it."""
    return bool(_NAME.fullmatch(text)) and text not in _NO_NAME and not (len(text) > 3 and is_organisation(text))


def plausible(text: str) -> bool:
    """Whether a text is a name by itself, with no role before it: it begins with a surname."""
    if not is_name(text) or is_organisation(text):
        return False
    if "·" in text:
        return True
    if text[:2] in _compound_surnames():
        return len(text) > 2
    if text[-1] in "县市区乡说" and len(text) > 2:
        return False
    return text[0] in _surnames() and frequency(text) < COMMON_WORD.get(len(text), 0)


def begins_with_surname(text: str) -> bool:
    """Whether the first character of a text, or its first two, are a surname."""
    return text[:1] in _surnames() or text[:2] in _compound_surnames()


def name_size(text: str) -> int:
    """How much of a text that goes on without a break after a name is the name: 百里香发放… -> 3."""
    if match := re.match(rf"[{HAN}]{{1,8}}(?:\s?·\s?[{HAN}]{{2,4}})+(?=[\s,:]|$)", text):
        return match.end()
    places = [i for i, c in enumerate(text[:12]) if not c.isspace()][:6]
    letters = "".join(text[i] for i in places)
    compound = letters[:2] in _compound_surnames()
    best = (0.0, 0)
    for size in (3, 4) if compound else (2, 3):
        if len(letters) >= size and is_name(letters[:size]):
            best = max(best, (_ends_here(text, places, letters, size), places[size - 1] + 1))
    return best[1]


def _ends_here(text: str, places: Sequence[int], letters: str, size: int) -> float:
    """How likely a name ends after ``size`` letters: a break there, a word behind it, no word across it."""
    after = text[places[size - 1] + 1 :][:3]
    crossed = sum(b - a > 1 for a, b in pairwise(places[1:size]))
    score = 1.0 + 0.5 * (size > 2) - 1.5 * crossed
    if not after or not re.match(rf"[{HAN}]", after):
        return score + 2
    words = max(frequency(after[:2]), frequency(after[:3]))
    return score + 0.2 * math.log1p(words) - 0.2 * math.log1p(frequency(letters[size - 1] + after[0]))


def is_organisation(text: str) -> bool:
    """Whether a text ends as the name of an organisation does."""
    return bool(_ORGANISATION.search(text))


@cache
def _surnames() -> frozenset[str]:
    return frozenset("".join(w for w in _surname_list() if len(w) == 1))


@cache
def _common_surnames() -> frozenset[str]:
    return frozenset([w for w in _surname_list() if len(w) == 1][:COMMON_SURNAMES])


@cache
def _compound_surnames() -> frozenset[str]:
    return frozenset(w for w in _surname_list() if len(w) == 2)


@cache
def _surname_list() -> list[str]:
    text = resources.files(__package__).joinpath("surnames.txt").read_text("utf-8")
    return [word for line in text.splitlines() for word in line.partition("#")[0].split()]
