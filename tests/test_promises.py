"""What people complain about in searches of Chinese text, each complaint turned into a promise."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from archive import archive, ask, ids, indexed, related

from index import segment
from index.model import Article
from index.normalize import significant
from search.errors import QueryError
from search.model import Hit, SearchResult
from search.searcher import Searcher

HAN = re.compile(r"[\u4e00-\u9fff]+")


def marks(hit: Hit) -> list[str]:
    """The marked texts of a hit, title first."""
    parts = (*hit.title_parts, *(part for snippet in hit.snippets for part in snippet.parts))
    return [part.text for part in parts if part.hit]


def marked(result: SearchResult) -> set[str]:
    return {text for hit in result.hits for text in marks(hit)}


@pytest.fixture(scope="module")
def sample_searcher(index_dir: Path) -> Searcher:
    return Searcher(index_dir)


@pytest.fixture(scope="module")
def articles(sample_searcher: Searcher) -> list[Article]:
    """All articles of the sample."""
    return [hit.article for hit in ask(sample_searcher, "").hits]


# ------------------------------------------------------------------------------- every text is found


def test_one_character_is_found_and_marked(tmp_path: Path) -> None:
    """A single character is a query like any other."""
    searcher = archive(tmp_path, "茶叶店女工曲晚晴教大家做盘扣。", "修鞋摊收了摊。")
    assert ids(searcher, "茶") == ["1"]
    assert marked(ask(searcher, "茶")) == {"茶"}


def test_common_characters_are_found(tmp_path: Path) -> None:
    """The commonest characters of the language are not thrown away."""
    searcher = archive(tmp_path, "渡口的灯亮了", "灯和雨", "门口")
    assert ids(searcher, "的") == ["1"]
    assert ids(searcher, "了") == ["1"]
    assert ids(searcher, "和") == ["2"]
    assert ids(searcher, '"的灯"') == ["1"]


def test_every_fragment_of_every_article_is_found(sample_searcher: Searcher, articles: list[Article]) -> None:
    """Whatever stands in an article, one to six characters long and cut anywhere, finds it in quotes."""
    chance = random.Random(20240510)
    for _ in range(250):
        article = chance.choice(articles)
        run = chance.choice(HAN.findall(article.body))
        start = chance.randrange(len(run))
        fragment = run[start : start + chance.randint(1, 6)]
        assert article.id in ids(sample_searcher, f'"{fragment}"'), fragment


def test_a_word_and_its_quoted_form_find_the_same(sample_searcher: Searcher, articles: list[Article]) -> None:
    """Quotes change nothing for two to four characters, but that they switch off synonyms and dates."""
    synonyms = (Path(segment.__file__).with_name("synonyms.txt")).read_text("utf-8")
    names = {name.strip() for line in synonyms.splitlines() for name in line.split("=")}
    chance = random.Random(20240517)
    for _ in range(120):
        run = chance.choice(HAN.findall(chance.choice(articles).body))
        start = chance.randrange(len(run))
        term = run[start : start + chance.randint(2, 4)]
        if len(term) > 1 and not re.search("[年月日号]", term) and not any(n and n in term for n in names):
            assert set(ids(sample_searcher, term)) == set(ids(sample_searcher, f'"{term}"')), term


def test_compounds_inside_compounds(tmp_path: Path) -> None:
    """A compound is found by any run of its characters; by characters apart it is only a related hit."""
    searcher = archive(tmp_path, "棠川渔业发展银行工会", "渡口遮雨棚")
    for query in ("渔业发展", "发展银行", "渔业", "业发", "川渔业", '"渔业发展银行"'):
        assert ids(searcher, query) == ["1"], query
    assert ids(searcher, '"渔业银行"') == []
    assert ids(searcher, "渔业银行") == []
    assert related(searcher, "渔业银行") == ["1"]


def test_words_need_no_border_in_the_text(tmp_path: Path) -> None:
    """A name is found although the words around it could be cut in another way."""
    searcher = archive(tmp_path, "程国强、陆朝阳光着脚下水", "灶台简单，没有复杂的花样")
    assert ids(searcher, "陆朝阳") == ["1"]
    assert ids(searcher, "阳光") == ["1"]
    assert ids(searcher, "简单") == ["2"]


def test_a_long_phrase_is_found(tmp_path: Path) -> None:
    """A phrase of many words is one string."""
    searcher = archive(tmp_path, "镇工会前天召开采茶能手表彰大会", "采茶能手开大会受表彰")
    assert ids(searcher, '"采茶能手表彰大会"') == ["1"]


@pytest.mark.parametrize("border", ["。", "！", "？", "，", "、", "；"])
def test_a_phrase_does_not_cross_punctuation(tmp_path: Path, border: str) -> None:
    """Neither does a word; with the sign typed in the quotes it does."""
    searcher = archive(tmp_path, f"大家冒雨开完大会{border}茶厂食堂准备了姜汤。")
    assert ids(searcher, '"大会茶厂"') == []
    assert ids(searcher, "大会茶厂") == []
    assert ids(searcher, f'"大会{border}茶厂"') == ["1"]



def test_a_blank_line_ends_a_paragraph(tmp_path: Path) -> None:
    """Words before and behind a blank line do not stand together."""
    searcher = archive(tmp_path, "大家冒雨开完大会\n\n茶厂食堂准备了姜汤。")
    assert ids(searcher, '"大会茶厂"') == []


def test_stop_words_keep_their_place(tmp_path: Path) -> None:
    """A small word between two others is neither lost nor looked over."""
    searcher = archive(tmp_path, "茶厂的女工上早班", "茶厂女工上晚班")
    assert ids(searcher, '"茶厂的女工"') == ["1"]
    assert ids(searcher, '"茶厂女工"') == ["2"]


def test_neighbours_outrank_scattered_characters(tmp_path: Path) -> None:
    """A text with the word comes first; one with its characters apart does not truly match."""
    searcher = archive(tmp_path, "劳累一天，动手修理的模具成了示范。" * 3, "采茶能手与劳动模范座谈")
    assert ids(searcher, "劳动模范") == ["2"]


def test_a_word_outranks_an_accident(tmp_path: Path) -> None:
    """The characters across the border of two words are found, after those that are the word."""
    searcher = archive(tmp_path, "主板和服务器一起换新", "展柜里的和服是老师傅缝的")
    assert ids(searcher, "和服") == ["2", "1"]


@pytest.fixture
def greater_dictionary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another word in the user dictionary, for as long as a test runs."""
    def forget() -> None:
        segment._loaded.cache_clear()
        segment._fast_tokenizer.cache_clear()

    known = segment.user_words()
    monkeypatch.setattr(segment, "user_words", lambda: (*known, "采茶女工", "茶女", "工夜校", "采茶女工夜校"))
    forget()
    yield
    monkeypatch.undo()
    forget()


TEA_WOMEN = ("采茶女工夜校开课", "采茶的女工上夜校", "夜校里没有女工", "茶女郎", "女工采茶")
TEA_QUERIES = ("采茶女工", "女工", "女工夜校", "采茶", "茶女工", "夜校", "采茶女工夜校", "工夜", "茶")


def test_a_new_word_removes_no_hit(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """After a word was added to the dictionary and the index rebuilt, every article found before is found."""
    before = {query: ids(archive(tmp_path, *TEA_WOMEN), query) for query in TEA_QUERIES}
    request.getfixturevalue("greater_dictionary")
    searcher = archive(tmp_path, *TEA_WOMEN)
    for query, found in before.items():
        assert set(found) <= {*ids(searcher, query), *related(searcher, query)}, query


# ------------------------------------------------------------------------------- the language of queries


@pytest.fixture(scope="module")
def unions(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    texts = ("茶厂与会员", "茶厂与职工", "妇联帮职工维权", "桥梁验收")
    return archive(tmp_path_factory.mktemp("unions"), *texts)


@pytest.mark.parametrize(("query", "found"), [
    ("茶厂 -会员", {"2"}),
    ("茶厂 NOT 会员", {"2"}),
    ("茶厂　－会员", {"2"}),
    ("茶厂 -“会员”", {"2"}),
    ("茶厂 OR 妇联", {"1", "2", "3"}),
    ("(茶厂 OR 妇联) AND 维权", {"3"}),
    ("（茶厂　OR　妇联）　维权", {"3"}),
    ("茶厂 OR 妇联 AND 维权", {"1", "2", "3"}),
    ("会员 OR (职工 -妇联)", {"1", "2"}),
    ("会员 OR (职工 NOT 茶厂)", {"1", "3"}),
    ("-茶厂", {"3", "4"}),
    ("NOT (茶厂 OR 妇联)", {"4"}),
    ("-茶厂 -妇联", {"4"}),
    ("桥梁 OR -职工", {"1", "4"}),
    ("“茶厂”", {"1", "2"}), ("「茶厂」", {"1", "2"}), ("『茶厂』", {"1", "2"}), ("＂茶厂＂", {"1", "2"}),
    ("茶厂，会员", {"1"}), ("茶厂　会员", {"1"}), ("茶厂、会员。", {"1"}),
])
def test_operators_mean_what_they_say(unions: Searcher, query: str, found: set[str]) -> None:
    """Exclusions exclude, alternatives add, brackets bind, in full width as in half."""
    assert set(ids(unions, query)) == found


@pytest.mark.parametrize("query", ["天气:茶厂", "titel:茶厂", '"茶厂', "茶厂)", "AND", "*", "*厂", "会" * 201])
def test_what_is_not_understood_is_said(unions: Searcher, query: str) -> None:
    """An unknown field, an open quote, a lone operator or a query too long is refused with advice."""
    with pytest.raises(QueryError) as refused:
        ask(unions, query)
    assert refused.value.hint


# ------------------------------------------------------------------------------- signs of all kinds


@pytest.mark.parametrize(("documents", "query", "found"), [
    (["见第3版", "见第5版", "见第13版"], "第3版", {"1"}),
    (["ＸＹＺ公司", "XYZ公司", "xyz公司"], "xyz", {"1", "2", "3"}),
    (["ＸＹＺ公司", "XYZ公司", "xyz公司"], "XYZ", {"1", "2", "3"}),
    (["ＸＹＺ公司", "XYZ公司", "xyz公司"], "ＸＹＺ", {"1", "2", "3"}),
    (["IT行业", "行业"], "IT", {"1"}),
    (["乘US级货轮", "货轮"], "US", {"1"}),
    (["坐A座", "坐着"], "A", {"1"}),
    (["渡口用上5G网络"], "5G", {"1"}),
    (["渡口用上5G网络"], "５ｇ", {"1"}),
    (["值班室装了WiFi6路由"], "WiFi6", {"1"}),
    (["值班室装了WiFi6路由"], "wifi", {"1"}),
    (["夜校教C++和木工", "夜校教C和木工"], "C++", {"1"}),
    (["通过ISO9001认证"], "ISO", {"1"}),
    (["通过ISO9001认证"], "9001", {"1"}),
    (["通过ISO9001认证"], "iso9001", {"1"}),
    (["产量增长10.5%", "产量增长10个5%"], "10.5", {"1"}),
    (["产量增长10.5%", "产量增长15%"], "10.5%", {"1"}),
    (["投入3.2亿元", "投入2亿元"], "3.2亿", {"1"}),
    (["按GB/T 7714-2015著录"], "7714", {"1"}),
    (["按GB/T 7714-2015著录"], "GB/T 7714", {"1"}),
    (["按GB/T 7714-2015著录"], '"GB/T 7714-2015"', {"1"}),
    (["ERP系统上线"], "ERP", {"1"}),
    (["ERP系统上线"], "系统", {"1"}),
    (["后台重跑job-itgc后正常"], "itgc", {"1"}),
    (["机号YJ0052718", "机号YJ0052719"], "YJ0052718", {"1"}),
])
def test_letters_and_digits(tmp_path: Path, documents: list[str], query: str, found: set[str]) -> None:
    """Numbers, Latin words, codes and their parts are found, whatever their width and case."""
    assert set(ids(archive(tmp_path, *documents), query)) == found


@pytest.mark.parametrize(("documents", "query"), [
    (["共3，200人", "3月来了200人"], "3,200"),
    (["投入216.4万元", "2万元买来216.4吨茶"], "216.4万元"),
    (["共4800立方米", "4800吨土，7立方米水"], "4800立方米"),
])
def test_a_number_and_its_unit_stand_together(tmp_path: Path, documents: list[str], query: str) -> None:
    """A number is one word, and so is a number with its unit."""
    assert ids(archive(tmp_path, *documents), query) == ["1"]


@pytest.mark.parametrize(("text", "query"), [
    ("工友褚䶮领奖", "䶮"), ("工友褚䶮领奖", "褚䶮"), ("㛃氏茶铺", "㛃"), ("𠮷田机床厂", "𠮷"),
    ("𠮷田机床厂", "𠮷田机床厂"),
    ("㐂屋与𠮷𠮷屋", "𠮷𠮷屋"), ("班长卞堃", "堃"), ("厂医朱镕生", "镕"), ("𠮷𠮷𠮷", "𠮷𠮷"),
])
def test_rare_characters_are_found_and_marked(tmp_path: Path, text: str, query: str) -> None:
    """Characters beyond the common planes are found, and the mark covers exactly them."""
    searcher = archive(tmp_path, f"天晴。{text}。", "天阴。")
    assert ids(searcher, query) == ["1"]
    assert all(query in mark for mark in marks(ask(searcher, query).hits[0]))


@pytest.mark.parametrize("query", [
    "麦提·艾力", "麦提•艾力", "麦提・艾力", "麦提‧艾力", "麦提艾力", '"麦提·艾力"', '"麦提 艾力"',
])
def test_interpuncts_do_not_matter(tmp_path: Path, query: str) -> None:
    """A name is found with any interpunct or none, written with any or none."""
    texts = ("记者麦提·艾力", "记者麦提•艾力", "记者麦提艾力", "记者麦提‧艾力来了", "记者麦提 艾力")
    assert set(ids(archive(tmp_path, *texts, "麦子提前收割，艾草有力"), query)) == {"1", "2", "3", "4", "5"}


DATES = ("2023年11月8日", "二〇二三年十一月八日", "2023-11-08", "２０２３年１１月８日", "11月8日")


@pytest.mark.parametrize("query", DATES)
def test_dates_are_found_in_any_form(tmp_path: Path, query: str) -> None:
    """A date finds texts that name it in whatever form."""
    searcher = archive(tmp_path, *({"body": f"{date}渡口重新开放。", "date": "2023-11-10"} for date in DATES[:-1]))
    assert set(ids(searcher, query)) == {"1", "2", "3", "4"}


@pytest.mark.parametrize("query", DATES)
def test_a_day_without_its_year_belongs_to_the_year_of_its_paper(tmp_path: Path, query: str) -> None:
    """11月8日 in a paper of 2023 is that day of 2023; in a paper of another year it is another day."""
    texts = [{"body": "11月8日渡口开放", "date": f"{year}-11-10"} for year in (2022, 2023)]
    found = set(ids(archive(tmp_path, *texts), query))
    assert found == ({"1", "2"} if query == "11月8日" else {"2"})


def test_a_day_without_a_year_is_found_in_iso_form(tmp_path: Path) -> None:
    """A text that names the day as 2023-11-08 answers 11月8日, too."""
    assert ids(archive(tmp_path, {"body": "2023-11-08渡口开放", "date": "2023-11-10"}), "11月8日") == ["1"]


@pytest.mark.parametrize("query", [
    "2023年11月8日", "２０２３年１１月８日", "11月8日", "二〇二三年十一月八日", "2023-11-08",
])
def test_another_day_is_another_day(tmp_path: Path, query: str) -> None:
    """A date does not find days that share its figures."""
    texts = ("2023年11月18日停航。", "2023年8月11日停航。", "2023年11月28日起停航8日。", "2023年1月11日到18日停航。")
    searcher = archive(tmp_path, *({"body": text, "date": "2023-12-20"} for text in texts))
    assert ids(searcher, query) == []


@pytest.mark.parametrize("query", DATES)
def test_articles_of_the_day_come_first(tmp_path: Path, query: str) -> None:
    """Then come those whose text names the day; the rest of the query is text."""
    searcher = archive(
        tmp_path,
        {"body": "渡口将于2023年11月8日开放，2023年11月8日免票。", "date": "2023-11-07"},
        {"body": "渡口热闹。", "date": "2023-11-08"},
        {"body": "渡口冷清。", "date": "2023-11-09"},
        {"body": "茶厂开工。", "date": "2023-11-08"},
    )
    assert ids(searcher, f"渡口 {query}") == ["2", "1"]
    assert ids(searcher, f"{query}渡口") == ["2", "1"]


@pytest.mark.parametrize(("text", "query"), [
    ("二〇二三年冬", "二〇二三"), ("2023年冬", "2023年"), ("2023年冬", "２０２３年"),
    ("一九五三年建厂", "一九五三年"),
    ("到2023年11月底", "2023年11月"),
])
def test_years_are_found_as_written(tmp_path: Path, text: str, query: str) -> None:
    """A year or a month, in digits or in characters, is found."""
    assert ids(archive(tmp_path, text, "茶厂"), query) == ["1"]


# ------------------------------------------------------------------------------- names and bylines

SURNAMES = ("欧阳", "上官", *"柳温卞陶曲程陆褚荀邝佘麦冉裘闵岑窦厉")
GIVEN = (
    "晚晴", "亦安", "书瑶", "闻笛", "小满", "长庚", "素心", "砚田", "起山", "月白",
    "牧之", "若溪", "守拙", "清和", "东篱", "青禾", "彩云", "松龄", "桂枝", "如",
)
PATTERNS = (
    "本报讯（记者{}）渡口开航。", "本报记者 {}\n\n渡口开航。", "渡口开航。（通讯员{}）",
    "本报讯（记者陈平 通讯员{}）渡口开航。",
    "渡口开航。{} 摄", "□{}\n\n渡口开航。",
)


def test_every_name_in_every_byline_is_found(tmp_path: Path) -> None:
    """400 names in six kinds of byline: each finds its article, with quotes and without."""
    names = [surname + given for surname in SURNAMES for given in GIVEN]
    assert len(set(names)) == 400
    searcher = archive(tmp_path, *(PATTERNS[i % 6].format(name) for i, name in enumerate(names)))
    for number, name in enumerate(names, 1):
        assert str(number) in ids(searcher, name), name
    for number, name in enumerate(names[::9]):
        assert str(9 * number + 1) in ids(searcher, f'"{name}"'), name


def test_a_name_is_not_put_together_from_others(tmp_path: Path) -> None:
    """A text with the characters of a name in two other names does not truly match."""
    searcher = archive(tmp_path, "曲主任与卞晚晴座谈", "曲晚晴领奖", "晚晴路", "曲晚上放晴")
    assert ids(searcher, "曲晚晴") == ["2"]
    assert "2" not in related(searcher, "曲晚晴")


def test_spaces_inside_names_do_not_matter(tmp_path: Path) -> None:
    """A name of two characters is found although it was printed with a gap, and typed with one."""
    printed = ("（记者卞　晴）渡口开航", "记者 卞 晴 渡口停航", "记者卞晴", "记者卞\n晴")
    searcher = archive(tmp_path, *printed, "卞先生说晴天开航")
    for query in ("卞晴", '"卞晴"', '"卞 晴"'):
        assert set(ids(searcher, query)) == {"1", "2", "3", "4"}, query
    assert set(ids(searcher, "卞　晴")) >= {"1", "2", "3", "4"}


def test_a_name_typed_with_a_gap_finds_the_name_first(tmp_path: Path) -> None:
    """Texts that have the two characters side by side come before those that have them apart."""
    searcher = archive(tmp_path, "卞先生说晴天开航", "（记者卞　晴）渡口两岸今天重新开航")
    assert ids(searcher, "卞　晴") == ["2", "1"]


NEWSPAPER = """# 棠川工人报

2023年11月8日　星期三　第0912期　第2版　基层工会

## 渡口装上遮雨棚

本报讯（记者柳闻笛 通讯员陶亦安）渡口的遮雨棚昨天装好，等船的工友再也不用淋雨。棚子是船厂焊工利用周末焊成的。

## 老茶厂来了年轻人

本报讯（记者 温书瑶）今年二十三岁的陶亦安是茶厂的新职工。他跟着师傅学炒茶，手上烫出了水泡也不肯歇。

## 夜校开了木工班

本报记者 柳闻笛 温书瑶

每周三晚上，工人夜校的木工班都坐得满满当当。刨花落了一地，大家谁也不着急回家。

11月6日，船厂举行龙舟比赛。图为女工队冲过终点。

CREDIT
"""


@pytest.fixture(scope="module", params=["卞小满 摄", "卞小满/摄", "（卞小满摄）", "本报记者 卞小满 摄影报道"])
def newspaper(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A page with a photograph, its credit in one of the usual forms."""
    directory = tmp_path_factory.mktemp("newspaper")
    page = directory / "2023-11-08_02.md"
    page.write_text(NEWSPAPER.replace("CREDIT", request.param), "utf-8")
    return indexed(directory, page)


def titles(searcher: Searcher, query: str) -> set[str]:
    found = (hit.article for hit in ask(searcher, query).hits if not hit.partial)
    return {article.title or article.body[:11] for article in found}


def test_byline_fields_ask_for_the_role(newspaper: Searcher) -> None:
    """A name in a byline field finds what that person wrote in that role, not what is written about the person."""
    assert titles(newspaper, "通讯员:陶亦安") == {"渡口装上遮雨棚"}
    assert titles(newspaper, "记者:陶亦安") == set()
    assert titles(newspaper, "作者:陶亦安") == {"渡口装上遮雨棚"}
    assert titles(newspaper, "陶亦安") == {"渡口装上遮雨棚", "老茶厂来了年轻人"}
    assert titles(newspaper, "记者:柳闻笛") == {"渡口装上遮雨棚", "夜校开了木工班"}
    assert titles(newspaper, "记者:温书瑶 记者:柳闻笛") == {"夜校开了木工班"}


def test_photo_credits_in_every_form(newspaper: Searcher) -> None:
    """The photographer is found whichever way the credit was printed."""
    assert titles(newspaper, "摄影:卞小满") == {"11月6日，船厂举行龙"}
    assert titles(newspaper, "作者:卞小满") == {"11月6日，船厂举行龙"}


def test_each_person_is_a_value(newspaper: Searcher) -> None:
    """Two reporters in one byline are two values, and a reporter is never glued to a correspondent."""
    (facet,) = ask(newspaper, "", facets=("reporter",)).facets
    counts = {value.value: value.count for value in facet.values if value.value != "卞小满"}
    assert counts == {"柳闻笛": 2, "温书瑶": 2}


# ------------------------------------------------------------------------------- other ways to write it


@pytest.mark.parametrize("query", ["採茶勞動競賽", "采茶劳动竞赛", '"採茶勞動"', '"采茶劳动"', "勞動"])
def test_both_scripts_find_both(tmp_path: Path, query: str) -> None:
    """Traditional and simplified find each other, and the marks cover what is printed."""
    result = ask(searcher := archive(tmp_path, "縣裏舉行採茶勞動競賽", "县里举行采茶劳动竞赛"), query)
    assert set(ids(searcher, query)) == {"1", "2"}
    first, second = ("".join(marks(hit)) for hit in sorted(result.hits, key=lambda hit: hit.article.id))
    assert first in "縣裏舉行採茶勞動競賽"
    assert second in "县里举行采茶劳动竞赛"
    assert len(first) == len(second) > 1


def test_the_form_that_was_typed_comes_first(tmp_path: Path) -> None:
    """Folding widens; an article in the very form of the query comes first."""
    searcher = archive(tmp_path, "皇后山茶园", "雨後的茶園", "茶叶发酵", "茶葉發酵", "茶農理髮店")
    firsts = {query: ids(searcher, query)[0] for query in "后後发發髮"}
    assert firsts == {"后": "1", "後": "2", "发": "3", "發": "4", "髮": "5"}


def test_synonyms_find_each_other(tmp_path: Path) -> None:
    """Without quotes both names are found, either way round; the answer says what was added."""
    searcher = archive(tmp_path, "茶厂召开职代会", "船厂召开职工代表大会", "渡口开航")
    assert set(ids(searcher, "职代会")) == {"1", "2"}
    assert set(ids(searcher, "职工代表大会")) == {"1", "2"}
    assert ids(searcher, '"职代会"') == ["1"]
    assert ids(searcher, "“职工代表大会”") == ["2"]
    assert ids(searcher, "职代会", expand=False) == ["1"]
    assert marked(ask(searcher, "职代会")) == {"职代会", "职工代表大会"}


def test_the_name_that_was_typed_comes_first(tmp_path: Path) -> None:
    """Of equal articles, those with the typed name come before those with an added one."""
    searcher = archive(tmp_path, "船厂召开职工代表大会", "茶厂召开职代会", "船厂评出劳动模范", "茶厂评出劳模")
    assert ids(searcher, "职代会") == ["2", "1"]
    assert ids(searcher, "劳模") == ["4", "3"]


def test_exclusions_are_not_widened_in_silence(tmp_path: Path) -> None:
    """An exclusion takes away what was typed; if it takes away more, the answer names it."""
    result = ask(archive(tmp_path, "茶厂召开职代会", "茶厂召开职工代表大会", "茶厂开工"), "茶厂 -职代会")
    assert {hit.article.id for hit in result.hits} == {"2", "3"} or result.expanded


def test_the_answer_names_added_synonyms(tmp_path: Path) -> None:
    """What was added to the query is told, so that the exact search can be offered."""
    searcher = archive(tmp_path, "茶厂评出劳模", "船厂评出劳动模范")
    ((expansion,), none) = (ask(searcher, query).expanded for query in ("劳模", '"劳模"'))
    assert (expansion.term, tuple(expansion.added)) == ("劳模", ("劳动模范",))
    assert not none


@pytest.mark.parametrize(("typed", "meant"), [
    ("chachang", "茶厂"), ("quwanqing", "曲晚晴"), ("qwq", "曲晚晴"),
])
def test_pinyin_is_only_suggested(tmp_path: Path, typed: str, meant: str) -> None:
    """Pinyin, whole or initials, suggests words and names of the archive and finds nothing by itself."""
    byline = {"role": "记者", "name": "曲晚晴"}
    searcher = archive(tmp_path, {"body": "茶厂女工曲晚晴", "bylines": [byline]}, "茶厂开工")
    result = ask(searcher, typed)
    assert result.total == 0
    assert meant in {suggestion.q for suggestion in result.suggestions}


def test_pinyin_never_widens_a_chinese_query(tmp_path: Path) -> None:
    """Words that sound alike stay apart."""
    searcher = archive(tmp_path, "经典剧目上演", "景点免票开放")
    assert ids(searcher, "经典") == ["1"]
    assert not related(searcher, "经典")


MISREAD = (
    ("食堂末来三天供应绿豆汤", "未来"), ("班组己经完工", "已经"), ("车间千部轮流值守", "干部"),
    ("镇总丁会发来姜茶", "总工会"),
)


@pytest.mark.parametrize(("printed", "meant"), MISREAD)
def test_look_alikes_are_found_when_asked_for(tmp_path: Path, printed: str, meant: str) -> None:
    """With a tilde a word is found as OCR may have misread it, after the word itself; without, it is not."""
    searcher = archive(tmp_path, printed, f"渡口两岸的茶农都盼着晴天，{meant}两个字写在黑板上。", "船厂开工")
    for result in (ask(searcher, f"{meant}~"), ask(searcher, f"{meant}～"), ask(searcher, meant, fuzzy=True)):
        assert [(hit.article.id, hit.approximate) for hit in result.hits] == [("2", False), ("1", True)]
    assert ids(searcher, meant) == ids(searcher, f'"{meant}"') == ["2"]


def test_look_alikes_are_marked(tmp_path: Path) -> None:
    """The mark covers what is printed in place of the word."""
    assert marked(ask(archive(tmp_path, "班组己经完工"), "已经~")) == {"己经"}


# ------------------------------------------------------------------------------- marks and snippets


def test_markup_in_an_article_is_text(tmp_path: Path) -> None:
    """Snippets are parts of plain text; signs of markup in them are left for the page to escape."""
    texts = ("茶厂收入 3 < 5 & 7 > 2，标语写着“安全”", {"title": "茶厂 & <渡口>", "body": "开工"})
    searcher = archive(tmp_path, *texts)
    hits = {hit.article.id: hit for hit in ask(searcher, "茶厂").hits}
    shown = "".join(part.text for part in hits["1"].snippets[0].parts)
    assert shown in hits["1"].article.body
    assert "&" in shown
    assert "".join(part.text for part in hits["2"].title_parts) == hits["2"].article.title


@pytest.mark.parametrize("query", [
    "工会", "女工 路灯", '"集体合同"', "劳模创新工作室", "孟䶮", "把委屈变成数据", "工资 -工会", "记者:荀堃",
])
def test_every_hit_shows_why(sample_searcher: Searcher, query: str) -> None:
    """Every hit has a snippet of its body, and a mark in snippet, title or byline if words were asked for."""
    for hit in ask(sample_searcher, query).hits:
        assert any(snippet.field == "body" for snippet in hit.snippets)
        assert marks(hit), hit.article.id


def test_marks_are_what_was_asked_for(sample_searcher: Searcher) -> None:
    """No mark covers more or less than the words of the query."""
    for word in ("工会", "集体合同", "罗𠮷平", "阿迪力", "app", "３.７%", "勞模", "夜班津贴"):
        wanted = significant(word)
        for hit in ask(sample_searcher, f'"{word}"').hits:
            assert {significant(text) for text in marks(hit)} == {wanted}, (word, hit.article.id)


def test_a_hit_in_the_title_shows_the_beginning(tmp_path: Path) -> None:
    """Where only the title matches, the snippet is the lead paragraph."""
    searcher = archive(tmp_path, {"title": "泡桐开花", "body": "四月里满树紫花。" * 40})
    (hit,) = ask(searcher, "泡桐").hits
    assert [part.text for part in hit.title_parts if part.hit] == ["泡桐"]
    shown = "".join(part.text for part in hit.snippets[-1].parts)
    assert hit.article.body.startswith(shown)
    assert 60 <= len(shown) <= 160


@pytest.mark.parametrize("torn", ["劳动\n模范", "劳 动 模 范", "劳动- \n模范", "**劳动**模范"])
def test_words_that_print_has_torn_are_found(tmp_path: Path, torn: str) -> None:
    """A word torn by a line end, a hyphen, spaces or markup is found in quotes."""
    assert ids(archive(tmp_path, f"采茶{torn}昨天受表彰。", "渡口开航"), '"劳动模范"') == ["1"]
