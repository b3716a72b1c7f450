"""What a paragraph of a page is, judged by itself."""

from __future__ import annotations

import re
from enum import Enum, auto

from index.pages import byline, masthead
from index.pages.blocks import HAN, Block
from index.pages.jump import is_jump, is_resumed
from index.pages.paragraphs import BULLETS, is_lead, titleish
from index.pages.repair import begins_item, ends_sentence


class Label(Enum):
    """The part a paragraph plays on its page."""

    FURNITURE = auto()
    COLUMN = auto()
    HEAD = auto()
    SIGN_OFF = auto()
    BYLINE = auto()
    DATELINE = auto()
    CREDIT = auto()
    CAPTION = auto()
    ITEM = auto()
    JUMP = auto()
    RESUMED = auto()
    CLOSING = auto()
    TEXT = auto()


_LABEL = re.compile(
    rf"^[{HAN}]{{0,6}}(?:来信|来函|来函照登|信箱|问答|答疑|回音壁|留言板|直通车|咨询台|导读|本报评论员文章)$"
)
_WEATHER = re.compile(r"^(?:今日|明日|今天)?天气[ :]|℃.{1,4}℃")
_COLUMN = re.compile(
    rf"^[{HAN}]{{0,6}}(?:简讯|短波|快讯|短讯|微讯|动态|集锦|传真|速递|播报|快递|简报|一句话新闻|要闻导读|简明新闻|新闻点击|微新闻|快报|之窗|掠影|扫描|速览|集萃|信息窗|短新闻|快览|拾零)$|"
    r"^(?:本|一|每)周(?:工会|要闻|新闻|动态|关注|热点|看点|资讯)$"
)
_PICTURES = re.compile(
    rf"^(?:[{HAN}]{{0,4}}(?:图片(?:新闻|报道|故事|专题)|新闻图片|图说新闻|光影|镜头|影像)|(?:本版|今日)导读|(?:公益)?广告|漫画)$"
)
QR = re.compile(r"二维码|扫一扫|扫码|公众号|关注我们|客户端|视频号|官方微|微信号|长按识别|抖音号")
_ACCOUNT = re.compile(rf"^[{HAN}]{{2,16}}@[A-Za-z0-9_-]{{2,20}}$")
_CAPTION = re.compile(
    r"(?:^[(]?|[。!?;,]\"?\s?)[▲△▼◀▶↑↓←→]{0,2}\s?"
    r"(?:图\s?为|图[①-⑨一二三四\d]{1,2}[为:]|(?:上|下|左|右|本|此|题|资料|合成)图[为:]|(?:照片|图片)为|图中)"
)
_PROVIDED = re.compile(
    r"^[(\[【]?(?:本文|题图|图片|照片)?(?:图片|照片)?均?(?:由[^()。]{2,20}提供|为?(?:本报)?资料(?:图片?|照片|片))[)\]】]?$"
)
_NAVIGATION = re.compile(
    r"^(?:返回(?:目录|首页|上页|顶部)?|[上下]一[版篇页期]|打印(?:本[页版])?|关闭(?:窗口)?|收藏|分享|放大|缩小|[|>»])+$"
)
_MAIL = re.compile(r"[\w.\-]{2,40}@[\w.\-]{3,40}")
_OF_PAGE = re.compile(r"^[(\[【]?(?:本版|本组)(?:图片|照片|摄影|制图|制表|绘图|稿件|文图)[^()。]{2,30}[)\]】]?$")
NOTICE = re.compile(
    r"(?:公告|启事|通告|声明|公示|通知|告示|告知书|倡议书|征稿启示|征集令|邀请函|招聘|招标|挂失|讣告|遗失|海报|须知|征文|简章|公开信|致歉信|更正|通报|名单|光荣榜|决定|信息|预告|广告|(?:温馨|安全|特别|友情|预警)提示|征稿)(?:\s?\(.{1,12}\))?$"
)
_POINTER = re.compile(
    rf"^[{BULLETS}>]?第?[A-D]?\d{{1,2}}版[:·|]?[{HAN}\"]|"
    r"(?:[>›»]{1,4}|→|▶|►|……|\.{3,}|—{2,}|详见|见)\(?第?\s?[A-D]?\d{1,2}\s?版\)?$"
)
LETTER = re.compile(
    rf"^(?:编辑(?:同志|部|老师|们)?|尊敬的[^,。:]{{1,14}}|[{HAN}]{{2,10}}(?:同志|老师|先生|女士|读者|网友|朋友|您好|你好))\s?[:!]|^[{HAN}]{{0,12}}问\s?:"
)
"""How a reader's letter or a question begins."""
_ROLL = re.compile(r"(?:名单|光荣榜|红榜|英雄榜|排行榜|一览表|汇总表)(?:\s?\(.{1,12}\))?$")
_ORG = re.compile(
    r"(?:工会(?:委员会)?|委员会|联合会|公司|集团|办公室|学会|协会|中心|局|厂|编辑部|报社|组委会|学校|医院|法院|公安局|政府|事务所|服务部|党委|妇联|团委|基金会)$"
)
DAY = re.compile(
    r"^(?:\d{4}|[二一][〇○零一二三四五六七八九O]{3})年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?$|"
    r"^\d{1,2}月\d{1,2}日[夜晚晨]?$"
)
EDITORIAL = re.compile(
    r"^[\[【(■◆▲]?\s?(?:编者(?:按|的话)|(?:核心|阅读|新闻)提示|导语|开栏的话|开栏语|(?:内容)?提要|引言|编前)"
)


_BOX = re.compile(
    r"^[\[【(]?(?:编后(?:语|记)?|编者按|(?:相关|新闻)?链接|延伸阅读|(?:记者|采访|编辑)手记|(?:新闻)?背景|名词解释)[)\]】]?$"
)


def is_series(key: str) -> bool:
    """Whether a line names a column of letters, questions or the like, under which a new article begins."""
    return bool(_LABEL.match("".join(key.split())))


def is_box(key: str) -> bool:
    """Whether a title is that of a box beside an article: 相关链接, 编后."""
    return bool(_BOX.match("".join(key.split())))


def is_furniture(key: str) -> bool:
    """Whether a line belongs to the page rather than to an article."""
    if not re.search(rf"[{HAN}A-Za-z0-9]", key):
        return True
    if len(key) > 60:
        return False
    bare = "".join(key.split())
    if re.fullmatch(r"[\W_]*(?:[A-D]?\d{1,3}|p\d+)[\W_]*", bare) or re.fullmatch(r"\{\d+\}-+", bare):
        return True
    if len(bare) <= 8 and (_PICTURES.match(bare) or _LABEL.match(bare)) or _WEATHER.search(key):
        return True
    if _POINTER.search(bare) and not re.search(r"[。]", key):
        return True
    if _NAVIGATION.match(bare) or _OF_PAGE.match(bare) or _MAIL.search(key) and "稿" in key or _ACCOUNT.match(bare):
        return True
    if QR.search(bare) and len(bare) <= 24 and not re.search(r"[。!?]", key):
        return True
    return masthead.read_line(key, at_edge=False) is not None


def is_caption(key: str) -> bool:
    """Whether a paragraph says what a picture shows."""
    return bool(_CAPTION.search(key)) and len(key) < 600


def is_provided(key: str) -> bool:
    """Whether a line says where a picture came from, and names nobody."""
    return bool(_PROVIDED.match(key))


def is_notice(key: str) -> bool:
    """Whether a title is that of a notice, an advertisement or a roll of names."""
    return bool(NOTICE.search("".join(key.split()).rstrip("!:")))


def is_roll(key: str) -> bool:
    """Whether a title is that of a list of names."""
    return bool(_ROLL.search("".join(key.split())))


def is_closing(key: str) -> bool:
    """Whether a line closes a notice or letter: the organisation that signs, or the day."""
    bare = "".join(key.split())
    if DAY.match(bare):
        return True
    names = key.split()
    return len(bare) <= 40 and all(len(n) >= 3 and _ORG.search(n) for n in names) and not re.search(r"[,。:\"]", key)


def is_column(block: Block) -> bool:
    """Whether a line is the label of a column of short news."""
    bare = re.sub(r"\W", "", block.key)
    return 2 <= len(bare) <= 8 and bool(_COLUMN.match(bare))


def label(block: Block) -> Label:
    """The part a paragraph plays, judged by itself."""
    key = block.key
    if "|" in key and re.search(rf"[{HAN}A-Za-z0-9]", key):
        return Label.TEXT
    if is_resumed(key):
        return Label.RESUMED
    if is_jump(key):
        return Label.JUMP
    if is_furniture(key):
        return Label.FURNITURE
    if is_column(block):
        return Label.COLUMN
    if len(key) <= 80 and (byline.credit(key) or is_provided(key)):
        return Label.CREDIT
    if len(key) <= 80 and byline.byline(key):
        return Label.BYLINE
    if byline.dateline(key):
        return Label.DATELINE
    if is_caption(key):
        return Label.CAPTION
    if key[0] in BULLETS and not (block.level and not titleish(key)) or _LISTED.match(key) and ends_sentence(key):
        return Label.ITEM
    if LETTER.match(key) and key[-1] in ":!":
        return Label.TEXT
    if block.level:
        return Label.HEAD if len("".join(key.split())) <= 70 and not re.search(r"。.{6,}|。$", key) else Label.TEXT
    if is_closing(key) and key[0] not in "—-":
        return Label.CLOSING
    if is_lead(key) and "," in key or LETTER.match(key):
        return Label.TEXT
    many = sum(bool(line.strip()) for line in key.split("\n")) > 2
    clauses = key.count(",") > 1 and block.length >= CLAUSES
    return Label.HEAD if titleish(key) and not many and not clauses and not _sentence(key) else Label.TEXT


def _sentence(key: str) -> bool:
    return begins_item(key) and not key.startswith(("-", "—", "·")) or is_remark(key) or bool(_CONTACT.match(key))


_CONTACT = re.compile(r"(?:(?:联系|咨询|报名|举报|来稿|单位)?(?:人|电话|方式|地址|时间|地点|邮箱))\s?:")
CLAUSES = 20
"""A line of so many characters with two commas is no title."""
_LISTED = re.compile(r"[-*+] +\S")
_REMARK = re.compile(r"^\([^()]{2,60}\)$")


def is_remark(key: str) -> bool:
    """Whether a line is bracketed from end to end, such as （作者单位：…）: no title, and no article by itself."""
    return bool(_REMARK.match(key))
