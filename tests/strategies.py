"""Hypothesis strategies: the text of newspapers as it is, clean or not, and articles made of it."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from index.model import KINDS, Article, Byline, Scan

HAN = "工会劳动模范职代表大员记者通讯摄影月日年第版权益一二三〇十万王李明建国的了和在银行农业发展"
TRADITIONAL = "會勞動職員記錄發髮後臺灣國際權益銀業講學買賣薴苧"
RARE = "䶮㛃堃镕喆犇\U00020bb7\U0002b5af\U00030edd"
PUNCTUATION = "，。、；：？！…—％％·•・‧-,.:;?!"
BRACKETS = "“”‘’「」『』（）《》〈〉【】〔〕()[]\"'"
LATIN = "aBzITC5G709+#.%&/_"
WIDE = "ＡｂＺ０９％＋＃，．"
SPACES = " \u3000\t\u00a0\u200b\u2003"

any_text = st.text(st.characters(exclude_categories=()))
"""Whatever a string can hold, half characters included."""

valid_text = st.text()
"""Whatever can be encoded."""


def lines(min_size: int = 0, max_size: int = 40) -> st.SearchStrategy[str]:
    """Newspaper text without line ends: mostly common characters, now and then any other kind."""
    common = st.sampled_from(HAN)
    rest = st.sampled_from(TRADITIONAL + RARE + PUNCTUATION + BRACKETS + LATIN + WIDE + SPACES)
    return st.text(common | common | rest, min_size=min_size, max_size=max_size)


def texts(max_lines: int = 4) -> st.SearchStrategy[str]:
    """Paragraphs, some of them empty."""
    return st.lists(lines(), max_size=max_lines).map("\n".join)


def printed(characters: str) -> st.SearchStrategy[str]:
    """A page's worth of plain sentences, Markdown included, of these characters."""
    sentence = st.text(st.sampled_from(characters), min_size=8, max_size=40).map(lambda text: f"{text}。")
    return st.lists(sentence, min_size=2, max_size=6).map("\n\n".join).map("# 工人周刊\n\n{}\n".format)


simplified_pages = printed("工会劳动模范职代表员记者通讯摄影月日年第版一二三万王李明的和在，、：“”20")
traditional_pages = printed("工會勞動模範職代表員記者通訊攝影月日年第版一二三萬王李明的和在，、：「」20")


names = st.text(st.sampled_from("王李欧阳明建国堃䶮\U00020bb7·"), min_size=1, max_size=6)
roles = st.sampled_from(("记者", "通讯员", "摄影", "作者", "文图", "整理"))
bylines = st.builds(Byline, role=roles, name=names)
dates = st.dates(datetime.date(1921, 1, 1), datetime.date(2100, 12, 31))
_shares = st.floats(0, 1)
scans = st.builds(
    Scan, file=st.just("2024/05/01_02.jpg"), page=st.none() | st.integers(1, 99),
    box=st.none() | st.tuples(_shares, _shares, _shares, _shares),
)
page_numbers = st.sampled_from(("1", "02", "A03", "第二版", "十二", "要闻版", "", "版"))


def articles() -> st.SearchStrategy[Article]:
    """Articles of all kinds, with any of their fields missing."""
    line = st.none() | lines(min_size=1)
    return st.builds(
        Article,
        id=st.text(st.sampled_from("abc019-_"), min_size=1, max_size=12),
        source=st.just("2024-05-01_02.md"),
        body=texts(),
        printed=texts(),
        kind=st.sampled_from(KINDS),
        title=line,
        kicker=line,
        subtitle=line,
        bylines=st.lists(bylines, max_size=4).map(tuple),
        subheads=st.lists(lines(min_size=1), max_size=2).map(tuple),
        newspaper=st.none() | st.just("砚江工人周报"),
        issue_no=st.none() | st.just("1846"),
        date=st.none() | dates,
        page_no=st.none() | page_numbers,
        section=st.none() | st.just("要闻"),
        scan=st.none() | scans,
        ocr_confidence=st.none() | _shares,
    )


_odd = st.sampled_from(("\ud800", "NaN", "2024-02-30", " ", "\0"))
json_values: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | valid_text | _odd,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("role", "name")), inner),
    max_leaves=5,
)
"""Whatever a field of a JSON line may hold, rightly or not."""
