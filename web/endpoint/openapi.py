"""The endpoint described in OpenAPI 3.1, for people and for programs that make clients of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from index.model import KINDS
from index.sentence import Sentence
from search.model import FACETS, FILTERS, Reason, Sort
from search.trends import Period
from web import params

Json = dict[str, Any]

API = "/api/v1"


def document(site_name: str) -> Json:
    """The description of all addresses that programs may ask."""
    return {
        "openapi": "3.1.0",
        "info": {"title": site_name, "version": "1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": {path: {"get": operation} for path, operation in _OPERATIONS.items()},
        "components": {"schemas": _SCHEMAS, "responses": _PROBLEMS},
    }


_ABOUT = Sentence(
    "全部是 GET，回答是 UTF-8 的 JSON，出错时是 application/problem+json（RFC 9457）。"
    "回答带 ETag；再问时带上 If-None-Match，没有变化就得到 304。索引更新以后 ETag 会变。"
)

# ------------------------------------------------------------------------------- schemas


def _object(**members: Json) -> Json:
    """An object that has all of these members and no others."""
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _map(of: Json) -> Json:
    return {"type": "object", "additionalProperties": of}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(values: Sequence[str]) -> Json:
    return {"type": "string", "enum": list(values)}


_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_COUNT: Json = {"type": "integer", "minimum": 0}
_NUMBER: Json = {"type": "number"}
_SWITCH: Json = {"type": "boolean"}
_DAY: Json = {"type": "string", "format": "date"}
_DAY_OR_NULL: Json = {"type": ["string", "null"], "format": "date"}
_LINKS = _object(self=_TEXT, first=_TEXT, prev=_TEXT_OR_NULL, next=_TEXT_OR_NULL, last=_TEXT)
_PAGING = {"total": _COUNT, "page": _COUNT, "per_page": _COUNT, "pages": _COUNT, "links": _LINKS}

_PRINTED_IN = {
    "newspaper": _TEXT_OR_NULL, "issue_no": _TEXT_OR_NULL, "date": _DAY_OR_NULL, "page_no": _TEXT_OR_NULL,
    "section": _TEXT_OR_NULL,
}
_ENTRY = {
    "id": _TEXT, "url": _TEXT, "api_url": _TEXT, "title": _TEXT_OR_NULL, "kicker": _TEXT_OR_NULL,
    "subtitle": _TEXT_OR_NULL, **_PRINTED_IN, "kind": _one_of(KINDS),
    "bylines": _list(_object(role=_TEXT, name=_TEXT)), "source": _TEXT,
}
_SCAN = _object(
    url=_TEXT, page={"type": ["integer", "null"], "minimum": 1},
    box={"type": ["array", "null"], "items": _NUMBER, "minItems": 4, "maxItems": 4,
         "description": "左、上、右、下，占版面宽和高的比例"},
)
_MENTION = {
    name: _ENTRY[name] for name in ("id", "url", "api_url", "title", "newspaper", "date", "page_no", "source")
}
_SUGGESTION = {"q": _TEXT, "reason": _one_of(get_args(Reason))}

_SCHEMAS = {
    "Part": _object(text=_TEXT, hit=_SWITCH),
    "Article": _object(**_ENTRY, subheads=_list(_TEXT), body=_TEXT, printed=_TEXT,
                       corrections=_list(_object(wrong=_TEXT, right=_TEXT)), scan=_or_null(_SCAN),
                       ocr_confidence={"type": ["number", "null"], "minimum": 0, "maximum": 1}),
    "Hit": _object(
        **_ENTRY, score=_NUMBER, partial=_SWITCH, approximate=_SWITCH, title_parts=_list(_ref("Part")),
        snippets=_list(_object(field=_TEXT, parts=_list(_ref("Part")), html=_TEXT)),
    ),
    "SearchResult": _object(
        query=_object(
            q=_TEXT, normalized=_TEXT, expanded=_list(_object(term=_TEXT, added=_list(_TEXT))), dates=_list(_TEXT),
            partial=_SWITCH, notes=_list(_TEXT),
        ),
        **_PAGING, reachable=_COUNT, took_ms=_NUMBER, results=_list(_ref("Hit")),
        facets=_map(_list(_object(value=_TEXT, count=_COUNT, url=_TEXT))),
        suggestions=_list(_object(**_SUGGESTION, url=_TEXT)),
    ),
    "Suggestions": _object(q=_TEXT, suggestions=_list(_object(**_SUGGESTION))),
    "SimilarArticles": _object(id=_TEXT, results=_list(_object(**_ENTRY, score=_NUMBER))),
    "Issues": _object(
        **_PAGING,
        issues=_list(_object(
            url=_TEXT, newspaper=_TEXT_OR_NULL, date=_DAY_OR_NULL, issue_no=_TEXT_OR_NULL, articles=_COUNT,
            pages=_list(_object(page_no=_TEXT_OR_NULL, section=_TEXT_OR_NULL, articles=_COUNT)),
        )),
    ),
    "Trends": _object(
        by=_one_of(get_args(Period)),
        trends=_list(_object(
            q=_TEXT, total=_COUNT,
            points=_list(_object(period=_TEXT, count=_COUNT, share={"type": "number", "minimum": 0, "maximum": 1})),
        )),
    ),
    "Status": _object(
        generation=_TEXT, created={"type": "string", "format": "date-time"}, articles=_COUNT, kinds=_map(_COUNT),
        newspapers=_map(_COUNT), years=_map(_COUNT), files=_COUNT, failed=_COUNT, reindex_due=_SWITCH,
    ),
    "Coverage": _object(
        articles=_COUNT,
        holdings=_list(_object(
            newspaper=_TEXT_OR_NULL, issues=_COUNT, first=_DAY, last=_DAY, missing=_COUNT,
            months=_list(_object(month=_TEXT, issues=_COUNT, pages=_COUNT, articles=_COUNT)),
            gaps=_list(_object(after=_DAY, before=_DAY, missing=_COUNT, days=_list(_DAY))),
        )),
        undated=_list(_TEXT), unnumbered=_list(_TEXT),
        short=_list(_object(article=_ref("Mention"), characters=_COUNT)),
        garbled=_list(_object(article=_ref("Mention"), share={"type": "number", "minimum": 0, "maximum": 1})),
        duplicates=_list(_object(articles=_list(_ref("Mention")), reprint=_SWITCH)),
        unjoined=_list(_object(article=_ref("Mention"), jumps=_list(_TEXT))),
        failed=_list(_object(file=_TEXT, reason=_TEXT)), stale=_list(_TEXT),
    ),
    "Mention": _object(**_MENTION),
    "Later": _object(detail=_TEXT),
    "Health": _object(status={"const": "ok"}, generation=_TEXT, articles=_COUNT),
    "Problem": {
        "type": "object",
        "properties": {
            "type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT, "instance": _TEXT,
            "param": _TEXT, "position": _COUNT, "hint": _TEXT,
        },
        "required": ["type", "title", "status", "detail"],
    },
}

# ---------------------------------------------------------------------------- parameters


def _integer(default: int, most: int) -> Json:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


def _chosen(values: Sequence[str]) -> Json:
    return {**_one_of(values), "default": values[0]}


_QUERY: Json = {"type": "string", "format": "query"}
_DATE: Json = {"type": "string", "format": "period", "examples": ["2024", "2024-05", "2024-05-01"]}
_VALUES: Json = {"type": "array", "items": _TEXT, "maxItems": params.MAX_VALUES}

_PARAMETERS: dict[str, tuple[str, Json]] = {
    "q": ("查询，写法见 /help；空的查询找到全部文章", {**_QUERY, "default": ""}),
    "page": ("第几页结果", _integer(1, params.MAX_PAGE)),
    "per_page": ("每页几条", _integer(10, params.MAX_PER_PAGE)),
    "sort": ("相关的、新的或旧的在前", _chosen(get_args(Sort))),
    "from": ("不早于这一天、月或年", _DATE),
    "to": ("不晚于这一天、月或年", _DATE),
    "facets": ("统计哪些字段的值，用逗号隔开", _list(_one_of(FACETS))),
    "expand": ("同义词也算（1），或只搜原词（0）", _chosen(("1", "0"))),
    "relax": ("符合的不够一页时，再列出只含部分词语的（1），或不列（0）", _chosen(("1", "0"))),
    "fuzzy": ("容忍识别错误（1），或不容忍（0）", _chosen(("0", "1"))),
    "newspaper": ("报纸，可以重复", _VALUES),
    "section": ("版名，可以重复", _VALUES),
    "page_no": ("版次，可以重复", _VALUES),
    "kind": ("类型，可以重复", {**_VALUES, "examples": [list(KINDS[:2])]}),
    "reporter": ("记者，可以重复", _VALUES),
    "correspondent": ("通讯员，可以重复", _VALUES),
    "photographer": ("摄影，可以重复", _VALUES),
    "person": ("署名的人，不论是记者、通讯员还是摄影，可以重复", _VALUES),
    "generation": ("links 里的 next、prev、last 带有的索引版本；索引已经更新时回答 410", _TEXT),
    "by": ("按月或按年统计", _chosen(get_args(Period))),
}
_QUERIES: Json = {"type": "array", "items": _QUERY, "maxItems": params.MAX_QUERIES}
_ID: Json = {"name": "id", "in": "path", "required": True, "schema": _TEXT, "description": "文章的编号；斜线写成 %2F"}


def _parameters(names: Sequence[str], **others: tuple[str, Json]) -> list[Json]:
    """Parameters of an address; ``others`` are those that mean something else here."""
    found = [(name, *(others.get(name) or _PARAMETERS[name])) for name in names]
    return [
        {"name": name, "in": "query", "description": text, "schema": schema}
        | ({"explode": True} if _is_repeated(name, schema) else {"explode": False, "allowEmptyValue": True})
        for name, text, schema in found
    ]


def _is_repeated(name: str, schema: Json) -> bool:
    return schema.get("type") == "array" and name in {"q", *FILTERS}


# ---------------------------------------------------------------------------- operations

_PROBLEMS = {
    str(status): {
        "description": text,
        # a page is for people only, at the addresses they may follow a link to: the exports
        "content": {"application/problem+json": {"schema": _ref("Problem")}, "text/html": {"schema": _TEXT}},
    } | ({"headers": {"Retry-After": {"description": "要等几秒", "schema": _COUNT}}} if status == 429 else {})
    for status, text in (
        (400, "查询或参数不对"), (404, "没有这篇文章"), (406, "不接受 JSON"),
        (410, "翻页时索引已经更新，请从 first 重新开始"), (413, "请求带有内容"), (414, "地址太长"),
        (429, "请求太频繁"), (503, "没有可用的索引，或检索超过了时限"),
    )
}
_OF_EVERY_ADDRESS = (400, 413, 414, 429, 503)


def _operation(summary: str, example: str, content: Json, parameters: Sequence[Json] = (), *also: int) -> Json:
    """A description; ``content`` is by media type, ``also`` are problems beside those of every address."""
    statuses = map(str, sorted((*_OF_EVERY_ADDRESS, *also)))
    problems = {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}
    answers: Json = {"200": {"description": "回答", "content": content}, "304": {"description": "没有变化"}}
    return {
        "summary": summary,
        "x-example": example,
        "parameters": list(parameters),
        "responses": {**answers, **problems},
    }


def _json(schema: str) -> Json:
    return {"application/json": {"schema": _ref(schema)}}


def _download(mimetype: str) -> Json:
    return {mimetype: {"schema": _TEXT}}


_SEARCH = _parameters(params.SEARCH)
_LATER: Json = {
    "description": "报告正在生成，过几秒再问",
    "headers": {"Retry-After": {"description": "要等几秒", "schema": _COUNT}},
    "content": _json("Later"),
}
_COVERAGE = _operation(
    Sentence("收录情况：各报各月的期数、缺期、有疑问的文章和文件"), f"{API}/coverage", _json("Coverage"), (), 406
)
_COVERAGE["responses"]["202"] = _LATER
_OPERATIONS = {
    f"{API}/search": _operation(
        Sentence("检索"), f"{API}/search?q=劳动模范&facets=year", _json("SearchResult"), _SEARCH, 406, 410
    ),
    f"{API}/suggest": _operation(
        Sentence("输入时的建议；拼音也可以"), f"{API}/suggest?q=lao", _json("Suggestions"),
        _parameters(
            params.SUGGEST, q=("已经输入的文字", _TEXT), limit=("最多几条", _integer(8, params.MAX_SUGGESTIONS))
        ),
        406,
    ),
    f"{API}/articles/{{id}}": _operation(Sentence("一篇文章"), "", _json("Article"), [_ID], 404, 406),
    f"{API}/articles/{{id}}/similar": _operation(
        Sentence("相近的文章；编号本身以 /similar 结尾的文章先于它"), "", _json("SimilarArticles"),
        [_ID, *_parameters(params.SIMILAR, limit=("最多几篇", _integer(5, params.MAX_SIMILAR)))], 404, 406,
    ),
    f"{API}/issues": _operation(
        Sentence("收录的各期报纸和版面，新的在前"), f"{API}/issues", _json("Issues"), _parameters(params.ISSUES),
        406, 410,
    ),
    f"{API}/trends": _operation(
        Sentence("各月或各年有多少篇，占当期全部文章的多少；可以比较几个查询"),
        f"{API}/trends?q=劳动模范&q=技能比武&by=year", _json("Trends"),
        _parameters(params.TRENDS, q=("查询，可以重复", _QUERIES)), 406,
    ),
    f"{API}/status": _operation(Sentence("索引里有什么"), f"{API}/status", _json("Status"), (), 406),
    f"{API}/coverage": _COVERAGE,
    f"{API}/openapi.json": _operation(
        Sentence("接口的说明（OpenAPI 3.1）"), f"{API}/openapi.json",
        {"application/json": {"schema": {"type": "object"}}}, (), 406,
    ),
    "/search.csv": _operation(
        Sentence("全部结果的表格"), "/search.csv?q=劳动模范", _download("text/csv"), _SEARCH, 410
    ),
    "/search.ris": _operation(
        Sentence("全部结果的文献条目"), "/search.ris?q=劳动模范", _download("application/x-research-info-systems"),
        _SEARCH, 410,
    ),
    "/search.atom": _operation(
        Sentence("最新的 50 篇，供订阅"), "/search.atom?q=劳动模范", _download("application/atom+xml"), _SEARCH, 410
    ),
    "/healthz": _operation(Sentence("服务是否正常"), "/healthz", _json("Health")),
}
