"""What a page says of itself: newspaper, date, issue, page number and section.

Sources in order of trust: front matter, the masthead and editors' lines of the page, the name of the file.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from index.model import PageMetadata
from index.pages.blocks import FOLD, HAN, Block
from index.pages.jump import is_jump
from index.pages.numeral import arabic

_CN = "[〇零○一二三四五六七八九十]"
_DATE = re.compile(
    rf"(?<!\d)((?:19|20)\d\s?\d|[一二]{_CN}{{3}}|[一二][O〇零○]{_CN}{{2}})\s?[年.\-/_—]\s?(\d{{1,2}}|{_CN}{{1,3}})\s?[月.\-/_—]\s?"
    rf"(\d{{1,2}}(?!\d)|{_CN}{{1,3}})\s?[日号]?"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
_WEEKDAY = re.compile(r"星\s?期\s?[一二三四五六日天]|(?<!\S)周[一二三四五六日](?!\S)")
_LUNAR = re.compile(
    r"(?:农历|夏历|阴历)\s?[^\s,]{0,12}|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?\s?[^\s,]{0,8}|"
    r"[正一二三四五六七八九十冬腊]{1,2}月[初十廿三]{1,2}[一二三四五六七八九十]?"
)
_WEATHER = re.compile(
    r"(?:今日|明日|今天)?天气\s?:\s?\S{1,6}(?:\s?—?\d{1,2}\s?[℃°]?C?\s?[~—到至]\s?—?\d{1,2}\s?[℃°]?C?)?"
)
_ISSUE = re.compile(
    rf"总?\s?第?\s?([0-9]{{1,6}}|{_CN}{{1,6}})\s?期|总第\s?([0-9]{{2,6}})\s?期?|(?<!\S)No\.?\s?(\d{{1,6}})"
)
_CIRCLED = re.compile("[①-⑳❶-❿]")
_CODE = re.compile(
    r"(?:国内统一(?:连续出版物号|刊号)|国内刊号|邮发代号|刊号|代号|准印证号?)\s?[:：]?\s?[A-Z]{0,3}\s?[\dA-Z\-—/()]{2,20}|"
    r"(?<!\S)CN\s?[\d\-—/]{4,12}|今日\s?[\d一二三四五六七八九十]{1,3}\s?版|(?:共|本期)\s?\d{1,2}\s?版"
)
_NUMBER = rf"[A-Z]?\s?\d{{1,3}}|{_CN}{{1,3}}"
_PAGE = re.compile(
    rf"第\s?({_NUMBER})\s?[版页]|(?<!\w)({_NUMBER})\s?版(?!面)|(?<![\w.])([A-D]\s?\d{{1,2}}|\d{{1,2}})(?![\w.:/%])"
)
_EDITORS = (
    r"(?:本版|本期|一版|值班|执行|实习|首席|见习)?(?:责任编辑|责编|美术编辑|美编|版式设计|版面设计|版式|组版|排版|制版|校对|审校|检校|"
    r"副?主编|副?总编辑?|总值班|值班编委|编委|编审|编辑|统筹|监制|视觉|制图|设计|审读|主任|策划|终审|初审|复审)"
)
_EDITOR = re.compile(
    rf"(?<![{HAN}]){_EDITORS}\s?[:/|]?\s?(?!同志|老师|先生|女士|部)(?:[{HAN}]\s[{HAN}](?![{HAN}])|[{HAN}·]{{2,4}})(?:[、/,][{HAN}]{{2,4}}|\s(?=[{HAN}]{{2,3}}(?:\s|$))(?!{_EDITORS})"
    rf"(?!\S{{1,4}}[版报])[{HAN}]{{2,3}}(?=\s*(?:$|{_EDITORS})))*"
)
_CONTACT = re.compile(
    r"(?:新闻|本报|本版|总编室|编辑部|值班|广告|发行|投稿|联系|服务|读者|维权|订阅)?(?:热线|电话|传真(?=\s?[:\d(])|邮箱|信箱|QQ群?|微信|E-?mail|e-?mail|网址|邮编|地址|零售价?|定价|印刷|承印|"
    r"主办单位|主办|主管|出版|社址|社长)\s?[:：]?\s?(?:[\w.\-—@/+()]{2,60}|第\S{1,12})|"
    rf"[{HAN}]{{2,8}}\s?:\s?\d{{3,4}}\s?[\-—]\s?\d{{7,8}}|[{HAN}]{{2,14}}\s?(?:主办|主管)(?=\s|$)|"
    r"https?://\S{3,80}|www\.\S{3,60}|[\w.\-]{2,40}@[\w.\-]{3,40}|@\s?\d{4,12}",
    re.I,
)
_PAPER = re.compile(rf"[{HAN}]{{2,12}}(?:报|周刊|月刊)")
_NAMEPLATE = re.compile(
    rf"(?!基层|县域|县区|区县|企业|行业|各地|聚焦)[{HAN}]{{2,4}}(?:工运|工会|工人|职工|劳动|之声|之友|时讯|通讯|周刊)"
)
"""A newspaper's name that does not end in 报."""
_NOT_PAPER = re.compile(r"^(?:喜|捷|简|通|快|海|情|墙|板|黑板|预|播|汇|申|举|回|公|本|党|战|年|月|上|下)报$|[的了和与]")
_SECTIONS = re.compile(
    r"(?:要闻|综合|新闻|副刊|文苑|专版|专题|专刊|特刊|理论|评论|时评|法治|维权|生活|健康|文化|体育|国内|国际|时政|民生|社会|教育|经济|"
    r"财经|广告|公告|信息|人物|深度|视点|聚焦|读者|天下|园地|天地|之窗|之家|之声|基层|劳模|班组|纵横|视窗|周末|关注|记忆|风采|家园|头版|文艺|文学|"
    r"服务|安全|论坛|互动)$"
)
_FIELDS = {
    "contact": _CONTACT, "editor": _EDITOR, "code": _CODE, "date": _DATE, "weekday": _WEEKDAY, "lunar": _LUNAR,
    "issue_no": _ISSUE, "weather": _WEATHER,
}  # fmt: skip
_MAY_BE_MASTHEAD = re.compile(r"[编校审策划监版责]|电话|热线|邮|址|http|www|@|星\s?期|周|代号|刊号")
_KEYS = {
    "newspaper": "newspaper", "报纸": "newspaper", "报名": "newspaper", "报刊": "newspaper", "paper": "newspaper",
    "date": "date", "日期": "date", "出版日期": "date", "issue": "issue_no", "issue_no": "issue_no", "期号": "issue_no",
    "期": "issue_no", "期数": "issue_no", "page": "page_no", "page_no": "page_no", "版": "page_no", "版次": "page_no",
    "版号": "page_no", "section": "section", "版名": "section", "版面": "section", "栏目": "section",
    "page_name": "section",
}  # fmt: skip


def front_matter(text: str) -> tuple[PageMetadata, int]:
    """The ``--- key: value ---`` head of a page, and where the page itself begins."""
    match = re.match(r"\ufeff?\s{0,20}---[ \t]*\r?\n((?:[^\n]{0,300}\n){0,40}?)---[ \t]*(?:\r?\n|$)", text)
    if not match:
        return PageMetadata(), 0
    found: dict[str, str] = {}
    for line in match[1].splitlines():
        name, colon, value = line.replace("：", ":").partition(":")
        field = _KEYS.get(name.strip().lower())
        value = value.strip().strip("\"'“”").strip()
        if colon and field and value and value.lower() not in ("null", "none", "~"):
            found[field] = value
    if not found and not re.match(r"\s*[\w\u4e00-\u9fff]{1,20}\s?[:：]", match[1]):
        return PageMetadata(), 0
    return _metadata(found), match.end()


def _metadata(found: dict[str, str]) -> PageMetadata:
    issue = found.get("issue_no")
    number = re.search(rf"\d{{1,6}}|{_CN}{{1,6}}", issue) if issue else None
    page = found.get("page_no", "").translate(FOLD)
    printed = re.fullmatch(rf"第?\s?({_NUMBER})\s?[版页]?", page)
    return PageMetadata(
        newspaper=found.get("newspaper"),
        issue_no=arabic(number[0]) if number else issue,
        date=find_date(found.get("date", "")),
        page_no=printed[1] if printed else page or None,
        section=found.get("section"),
    )


def find_date(text: str) -> datetime.date | None:
    """The first full date in a text, in any of its written forms."""
    text = text.translate(FOLD)
    for match in (*_DATE.finditer(text), *_COMPACT.finditer(text)):
        if day := _day(match):
            return day
    return None


def _day(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(*(int(arabic(match[i])) for i in (1, 2, 3)))
    except ValueError:
        return None


def from_source(source: str) -> PageMetadata:
    """What the name of a file and of its folders says."""
    path = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", source.translate(FOLD).replace("\\", "/"))
    path = re.sub(r"(?<!\d)((?:19|20)\d\d)[/_—.](0[1-9]|1[0-2])([0-3]\d)(?=\D|$)", r"\1-\2-\3", path)
    hits = [m for m in (*_DATE.finditer(path), *_COMPACT.finditer(path)) if _day(m)]
    hit = min(hits, key=lambda m: m.start(), default=None)
    date = _day(hit) if hit else None
    rest = path[: hit.start()] + " " + path[hit.end() :] if hit else path
    issue = re.search(rf"第?\s?(\d{{1,6}}|{_CN}{{1,6}})\s?期", rest)
    rest = rest.replace(issue[0], " ", 1) if issue else rest
    page = re.search(rf"第\s?({_NUMBER})\s?[版页]|(?<![{HAN}\w])_?({_NUMBER})\s?版", rest)
    page = page or re.search(r"(?<![A-Za-z])(?:page|p)[-_ ]?(\d{1,3})(?!\w)", rest, re.I)
    if not page and (hit or issue):
        after = rest[hit.start() :] if hit else rest
        page = re.search(r"(?<![A-Za-z0-9])([A-Z]?\d{1,3})(?![A-Za-z0-9])", after)
    number = next((g for g in page.groups() if g), None) if page else None
    rest = rest.replace(page[0], " ", 1) if page else rest
    tokens = re.findall(rf"[{HAN}]{{2,12}}", rest.rsplit("/", 1)[-1]) if (hit or issue or page) else []
    papers = [m[0] for m in re.finditer(rf"[{HAN}]{{2,12}}", rest) if is_newspaper(m[0])]
    sections = [t for t in tokens if t not in papers and _SECTIONS.search(t)]
    return PageMetadata(
        newspaper=papers[0] if papers else None,
        issue_no=arabic(issue[1]) if issue else None,
        date=date,
        page_no=number,
        section=sections[0] if sections else None,
    )


def is_newspaper(text: str) -> bool:
    """Whether a text is the name of a newspaper."""
    text = "".join(text.split())
    return bool(_PAPER.fullmatch(text)) and not _NOT_PAPER.search(text) and len(text) >= 3


@lru_cache(maxsize=1 << 12)
def read_line(key: str, *, at_edge: bool) -> PageMetadata | None:
    """What a masthead or editors' line says; None if the line is something else.

    ``key`` is folded text. ``at_edge``: the line stands above all articles or below them, where less evidence
    is enough.
    """
    if len(key) > 160 or re.search(r"[。!?;]", key) or not (at_edge or _MAY_BE_MASTHEAD.search(key)):
        return None
    if is_jump(key):
        return None
    found: dict[str, str] = {}
    hard = 0
    rest = _CIRCLED.sub(lambda m: f" {unicodedata.numeric(m[0]):.0f} ", key) if at_edge else key
    for name, pattern in _FIELDS.items():
        rest, hit = _take(pattern, rest)
        if hit:
            hard += 1
            found[name] = hit
    paper = rest
    rest, page = _take(_PAGE, rest)
    marked = bool(re.search(r"[\d十百〇一二三四五六七八九]\s?版", paper))
    if page and (hard or at_edge or marked):
        found["page_no"] = page
        found |= {"marked": page} if marked else {}
        hard += "版" in page or "版" in paper or at_edge
    tokens = [t for t in re.split(r"[\s·|/:,—\-()<>\[\]★☆■◆●_]+", rest) if t]
    tokens = [t for t in _spaced(tokens) if not re.fullmatch(r"[A-Z][A-Za-z]*", t)]
    papers = [t for t in tokens if is_newspaper(t)] or [t for t in tokens if hard and _NAMEPLATE.fullmatch(t)]
    others = [t for t in tokens if t not in papers]
    words = [t for t in others if re.fullmatch(rf"[{HAN}]{{2,8}}", t)]
    sure = at_edge and "date" in found and hard > 1
    if len(words) > 2 or len(words) < len(others) and not sure:
        return None
    others = words
    if not _enough(found, papers, others, hard, at_edge):
        return None
    likely = others[0] if others and ("page_no" in found or papers) else None
    section = next((t for t in others if _SECTIONS.search(t)), likely)
    return _metadata(
        {k: v for k, v in found.items() if k in ("date", "issue_no", "page_no")}
        | ({"newspaper": papers[0]} if papers else {})
        | ({"section": section} if section else {})
    )


_TAIL = re.compile(
    rf"(?<=\s)(?:{_EDITORS}\s?[:/]\s?[{HAN}]{{2,4}}|(?:投稿|联系|本报|本版|新闻|总编室|编辑部)?(?:邮箱|电话|热线)\s?:?\s?[\w.\-—@+]{{5,50}})\s*$"
)


def tail(flat: str) -> int | None:
    """Where an editors' or contact line begins that ran into the end of a paragraph; None if there is none."""
    match = _TAIL.search(flat, max(0, len(flat) - 80))
    return match.start() if match and match.start() > 12 else None


def is_contact_of_notice(key: str) -> bool:
    """Whether a line gives a telephone number, an address or the like, and not those of the newspaper."""
    return bool(_CONTACT.search(key)) and not re.search("本报|本版|新闻热线|印刷|承印|发行", key)


def _enough(found: dict[str, str], papers: list[str], others: list[str], hard: int, at_edge: bool) -> bool:
    if not found and not papers:
        return at_edge and len(others) == 1 and len(others[0]) <= 5 and bool(_SECTIONS.search(others[0]))
    if at_edge:
        return True
    if "contact" in found and not others and not papers:
        return True
    if "marked" in found and len(others) <= 1:
        return True
    if "editor" in found or "weekday" in found or "code" in found:
        return True
    return hard >= 2 or bool(papers and hard)


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str | None]:
    match = pattern.search(text)
    if not match:
        return text, None
    hit = match[0]
    if pattern in (_ISSUE, _PAGE):
        hit = next(g for g in match.groups() if g)
    return pattern.sub(" ", text) if pattern is not _PAGE else text[: match.start()] + " " + text[match.end() :], hit


def _spaced(tokens: list[str]) -> list[str]:
    """Tokens with a name printed wide (汀 安 工 人 报) as one of them."""
    out: list[str] = []
    wide = False
    for token in tokens:
        single = len(token) == 1 and not token.isascii()
        if single and wide:
            out[-1] += token
        else:
            out.append(token)
        wide = single
    return out


def merged(parts: Iterable[PageMetadata]) -> PageMetadata:
    """Each field from the first part that has it."""
    result = PageMetadata()
    for part in parts:
        result = replace(
            result,
            newspaper=result.newspaper or part.newspaper,
            issue_no=result.issue_no or part.issue_no,
            date=result.date or part.date,
            page_no=result.page_no or part.page_no,
            section=result.section or part.section,
        )
    return result


def edges(blocks: Sequence[Block]) -> tuple[dict[int, PageMetadata], int, int]:
    """The masthead lines of a page by index, and the range of blocks between head and foot."""
    found: dict[int, PageMetadata] = {}
    start, end = 0, len(blocks)
    while start < min(end, 12):
        said = read_line(blocks[start].key, at_edge=True) or _nameplate(blocks, start, found)
        if said is not None:
            found[start] = said
        elif blocks[start].key:  # not a picture
            break
        start += 1
    while end > start and end > len(blocks) - 6 and (said := read_line(blocks[end - 1].key, at_edge=True)) is not None:
        if not said.page_no and not said.newspaper and not said.section:
            break
        end -= 1
        found[end] = said
    return found, start, end


def _nameplate(blocks: Sequence[Block], at: int, found: dict[int, PageMetadata]) -> PageMetadata | None:
    """A newspaper's name that does not end in 报, or a place and a section, alone on the first line of a masthead."""
    after = next((b.key for b in blocks[at + 1 : at + 3] if b.key), "")
    paper = bool(_NAMEPLATE.fullmatch("".join(blocks[at].key.split())))
    place, _, section = blocks[at].text.partition(" ")
    named = len(place) <= 4 and len(section) <= 4 and bool(_SECTIONS.search(section))
    if found or not (paper or named):
        return None
    said = read_line(after, at_edge=True)
    if not said or not (said.date or said.issue_no):
        return None
    return PageMetadata(newspaper="".join(blocks[at].text.split())) if paper else PageMetadata(section=section)
