"""What can go wrong with a request, as the problems of RFC 9457: each with a sentence for people.

Problem documents are in Chinese whatever the language of the reader: programs tell problems by their ``type``.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from index.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError, StoreError
from index.sentence import Sentence
from search.errors import ArticleNotFoundError, GenerationGoneError, QueryError, SearchTimeoutError

_TITLES = {
    400: Sentence("请求不对"),
    404: Sentence("没有找到"),
    405: Sentence("不支持这种请求方法"),
    406: Sentence("没有这种格式"),
    410: Sentence("结果已经更新"),
    413: Sentence("请求太大"),
    414: Sentence("地址太长"),
    429: Sentence("请求太多"),
    431: Sentence("请求头太长"),
    500: Sentence("程序出错"),
    501: Sentence("不支持这种请求"),
    503: Sentence("暂时不能检索"),
}
_DETAILS = {
    400: Sentence("请求的格式不对。"),
    404: Sentence("这个地址没有内容。"),
    405: Sentence("这个地址只能用 GET 读取。"),
    406: Sentence("这里只有 JSON：请求头 Accept 应允许 application/json。"),
    413: Sentence("这里只能读取，请求不应带有内容。"),
    414: Sentence("请求的地址太长，请缩短查询。"),
    429: Sentence("请求太频繁，请稍后再试；响应头 Retry-After 是要等的秒数。"),
    431: Sentence("请求头太长，请缩短。"),
    500: Sentence("程序遇到了没有料到的情况，已经记入日志。"),
    501: Sentence("服务器不支持这种传输编码。"),
}
_UNREADABLE = Sentence("这个查询读不懂")
_BEGIN_ANEW = Sentence("请去掉参数 generation 和 page，从第一页重新开始。")
_STORE_TYPES = {
    IndexMissingError: "index-missing",
    IndexOutdatedError: "index-outdated",
    IndexDamagedError: "index-damaged",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, as RFC 9457 has it; ``type`` is a slug, the other texts are for people."""

    type: str
    status: int
    detail: str
    param: str | None = None
    position: int | None = None
    hint: str | None = None

    @classmethod
    def of_status(cls, status: int, detail: str = "") -> Problem:
        """The problem that a status tells enough about; ``detail`` where there is no sentence for it."""
        name = HTTPStatus(status).phrase.lower().replace(" ", "-")
        return cls(name, status, _DETAILS.get(status, detail))

    @property
    def title(self) -> str:
        return _UNREADABLE if self.type == "query" else _TITLES.get(self.status, HTTPStatus(self.status).phrase)

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """The members of the problem document, those not known left out; ``instance`` is the address asked for."""
        members = {
            "type": f"/problems/{self.type}", "title": self.title, "status": self.status,
            "detail": self.detail, "param": self.param, "position": self.position, "hint": self.hint,
            "instance": instance,
        }
        return {name: value for name, value in members.items() if value is not None}


class ParameterError(Exception):
    """A parameter of a request has a value that it cannot have."""

    def __init__(self, param: str, detail: str, hint: str | None = None) -> None:
        super().__init__(detail)
        self.param = param
        self.detail = detail
        self.hint = hint


class NotHeldError(Exception):
    """The archive has no such issue, page, section or person; the message says which."""


def said(text: str) -> str:
    """A sentence in the language of the page; any other text as it is."""
    return text.said(gettext) if isinstance(text, Sentence) else text


def problem_of(error: Exception) -> Problem:
    """The problem that an exception is."""
    match error:
        case QueryError():
            return Problem("query", 400, error.message, "q", error.position, error.hint)
        case ParameterError():
            return Problem("parameter", 400, error.detail, error.param, hint=error.hint)
        case ArticleNotFoundError():
            return Problem("article-not-found", 404, Sentence("没有编号为“%(id)s”的文章。", id=error))
        case GenerationGoneError():
            detail = Sentence("翻页时索引已经更新，这一页不再有了。")
            return Problem("index-changed", 410, detail, "generation", hint=_BEGIN_ANEW)
        case SearchTimeoutError():
            hint = Sentence("请缩短查询，或用日期等条件缩小范围。")
            return Problem("timeout", 503, Sentence("这次检索用时太长，已经停止。"), hint=hint)
        case NotHeldError():
            return Problem("not-held", 404, error.args[0])
        case StoreError():
            return Problem(_STORE_TYPES.get(type(error), "index"), 503, error.args[0])
        case HTTPException():
            return Problem.of_status(error.code or 500, error.description or "")
    return Problem("internal", 500, _DETAILS[500])
