"""What the index finds for a query, against a reader who looks at every article."""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import Any

import pytest
from archive import archive, ask, ids
from hypothesis import given, settings
from hypothesis import strategies as st

from index.model import Article
from index.normalize import significant
from index.schema import ROLES, page_number, zone_texts
from search.model import KIND_LABELS
from search.query import And, DateRange, Every, Field, Node, Not, Or, Phrase, Word, conjunction, disjunction
from search.searcher import Searcher

SIGNS = "茶厂桥灯女工麦𠮷aA9" * 3 + "茶茶厂厂，。·　“”（）\n"
PEOPLE = ("柳闻笛", "温书瑶", "麦提·艾力", "褚䶮")
SECTIONS = ("要闻", "副刊")
ROLE_NAMES = {**{role: (field,) for role, field in ROLES.items()}, "作者": (*ROLES.values(), "author")}
ZONES = {"标题": ("title",), "正文": ("body",)}


def written(chance: random.Random) -> dict[str, Any]:
    """One invented article; every field may be missing."""
    def text(longest: int) -> str:
        return "".join(chance.choice(SIGNS) for _ in range(chance.randint(1, longest)))

    day = datetime.date(2023, 1, 1) + datetime.timedelta(days=chance.randrange(500))
    fields = {
        "title": text(8), "kicker": text(4), "subtitle": text(4), "section": chance.choice(SECTIONS),
        "page_no": chance.choice(["1", "02", "A3", "第二版"]), "kind": chance.choice(list(KIND_LABELS)),
        "date": day.isoformat(), "newspaper": "棠川工人报",
        "bylines": [
            {"role": chance.choice(["记者", "通讯员", "摄影", "作者"]), "name": chance.choice(PEOPLE)}
            for _ in range(chance.randint(1, 2))
        ],
    }
    return {"body": text(40)} | {name: value for name, value in fields.items() if chance.random() < 0.7}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    chance = random.Random(1)
    return archive(tmp_path_factory.mktemp("invented"), *(written(chance) for _ in range(80)))


@pytest.fixture(scope="module")
def articles(searcher: Searcher) -> list[Article]:
    return [hit.article for hit in ask(searcher, "").hits]


def contains(article: Article, text: str, zones: tuple[str, ...] = ("title", "body")) -> bool:
    """Whether the significant characters of ``text`` stand together in a zone of the article."""
    texts = zone_texts(article)
    return any(significant(text) in significant(texts[zone]) for zone in zones)


def holds(node: Node, article: Article) -> bool:
    """Whether an article is an answer to a query, by reading it."""
    match node:
        case Word() | Phrase():
            return contains(article, node.text)
        case Field():
            return field_holds(node, article)
        case DateRange(start, end):
            dated = article.date is not None
            return dated and (start or datetime.date.min) <= article.date <= (end or datetime.date.max)
        case Not(child):
            return not holds(child, article)
        case Or(children):
            return any(holds(child, article) for child in children)
        case And(children):
            return all(holds(child, article) for child in children)
    return isinstance(node, Every)


def field_holds(node: Field, article: Article) -> bool:
    text = node.child.text
    if node.name in ZONES:
        return contains(article, text, ZONES[node.name])
    if node.name == "版次":
        return bool(article.page_no) and page_number(article.page_no or "") == page_number(text)
    if node.name == "类型":
        return text in (article.kind, KIND_LABELS[article.kind])
    if node.name == "版名":
        return article.section == text
    named = {significant(b.name) for b in article.bylines if ROLES.get(b.role, "author") in ROLE_NAMES[node.name]}
    return significant(text) in named


PIECES = st.text(st.sampled_from("茶厂桥灯女工麦𠮷a9"), min_size=1, max_size=3)
QUOTED = st.text(st.sampled_from("茶茶厂厂桥灯女工麦𠮷Ａ，。·　（"), min_size=1, max_size=5).filter(
    lambda text: bool(significant(text).strip()) and text == text.strip()
)
DAYS = st.dates(datetime.date(2023, 1, 1), datetime.date(2024, 6, 1))
LEAVES = st.one_of(
    PIECES.map(Word),
    PIECES.map(Word),
    QUOTED.map(Phrase),
    st.builds(Field, st.sampled_from(["标题", "正文"]), QUOTED.map(Phrase)),
    st.builds(Field, st.sampled_from(["作者", "记者", "通讯员", "摄影"]), st.sampled_from(PEOPLE).map(Word)),
    st.builds(Field, st.just("版次"), st.sampled_from(["1", "2", "03", "A03"]).map(Word)),
    st.builds(Field, st.just("版名"), st.sampled_from(SECTIONS).map(Word)),
    st.builds(Field, st.just("类型"), st.sampled_from([*KIND_LABELS, *KIND_LABELS.values()]).map(Word)),
    st.tuples(DAYS, DAYS).map(sorted).map(lambda days: DateRange(*days)),
    st.builds(DateRange, DAYS, st.none()),
    st.builds(DateRange, st.none(), DAYS),
)
TREES = st.recursive(
    LEAVES,
    lambda nodes: st.one_of(
        st.lists(nodes, min_size=2, max_size=3).map(conjunction),
        st.lists(nodes, min_size=2, max_size=3).map(disjunction),
        nodes.map(lambda node: node.child if isinstance(node, Not) else Not(node)),
    ),
    max_leaves=5,
)


@given(tree=TREES)
@settings(max_examples=400)
def test_index_and_reader_agree(searcher: Searcher, articles: list[Article], tree: Node) -> None:
    """Any combination of words, phrases, fields, dates and exclusions finds what a reader would pick out."""
    expected = {article.id for article in articles if holds(tree, article)}
    assert set(ids(searcher, str(tree))) == expected, str(tree)


ARTICLES = (
    {"title": "渡口开航", "body": "茶厂送来姜茶。", "section": "基层工会", "page_no": "第二版", "kind": "news",
     "bylines": [{"role": "记者", "name": "麦提·艾力"}, {"role": "摄影", "name": "柳闻笛"}],
     "newspaper": "棠川工人报"},
    {"title": "茶厂招工", "body": "渡口有车接送。", "section": "基层", "page_no": "02", "kind": "notice",
     "bylines": [{"role": "文/图", "name": "麦提"}], "newspaper": "棠川工人周报", "date": "2023-11-08"},
    {"kicker": "雨季将至", "subtitle": "渡口加固", "body": "柳闻笛巡堤。", "page_no": "A03", "kind": "essay"},
)


@pytest.mark.parametrize(("query", "found"), [
    ("标题:渡口", {"1", "3"}), ("正文:渡口", {"2"}), ("标题:雨季", {"3"}), ("标题:“渡口加固”", {"3"}),
    ("title:招工", {"2"}),
    ("标题:“至渡口”", set()),
    ("作者:柳闻笛", {"1"}), ("记者:柳闻笛", set()), ("正文:柳闻笛", {"1", "3"}), ("摄影:柳闻笛", {"1"}),
    ("作者:麦提艾力", {"1"}), ("作者:麦提•艾力", {"1"}), ("作者:艾力", {"1"}),
    ("作者:闻笛", {"1"}),
    ("版名:基层", {"2"}), ("版名:基层工会", {"1"}), ("版名:工会", {"1"}), ("section:基層", {"2"}),
    ("版次:2", {"1", "2"}), ("版次:02", {"1", "2"}), ("版次:第二版", {"1", "2"}), ("版次:二", {"1", "2"}),
    ("版次:a3", {"3"}),
    ("版次:3", set()), ("版次:Ａ０３", {"3"}),
    ("类型:公告", {"2"}), ("类型:notice", {"2"}), ("类型:Notice", {"2"}), ("类型:副刊", {"3"}),
    ("类型:公", set()),
    ("报纸:棠川工人报", {"1"}), ("报纸:周报", {"2"}), ("报纸:棠川", {"1", "2"}),
    ("日期:2023", {"2"}), ("日期:2023-11-08", {"2"}), ("日期:2022", set()), ("-日期:2023", {"1", "3"}),
    ("日期:2023..", {"2"}),
    ("日期:..2099", {"2"}),
])
def test_fields(tmp_path: Path, query: str, found: set[str]) -> None:
    """A field finds its exact value in any script, width or number form, or else the values that contain it."""
    assert set(ids(archive(tmp_path, *ARTICLES), query)) == found


def test_a_phrase_does_not_cross_fields(tmp_path: Path) -> None:
    """Title, kicker, byline and body are apart."""
    article = {
        "title": "渡口", "kicker": "开航", "subtitle": "记", "bylines": [{"role": "记者", "name": "褚䶮"}],
        "body": "茶厂开工",
    }
    searcher = archive(tmp_path, article)
    for phrase in ("渡口开航", "开航渡口", "开航记", "渡口记者", "䶮茶厂", "渡口茶厂"):
        assert ids(searcher, f'"{phrase}"') == [], phrase
    assert ids(searcher, "渡口 开航 褚䶮 茶厂") == ["1"]


def test_any_byline_prefers_the_exact_name(tmp_path: Path) -> None:
    """A name that somebody bears does not find longer names in another role."""
    assert ids(archive(tmp_path, *ARTICLES), "作者:麦提") == ["2"]
