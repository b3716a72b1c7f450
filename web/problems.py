"""What can go wrong with a request, as the problems of RFC 9457: each with a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from werkzeug.exceptions import HTTPException

from index.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError, StoreError
from search.errors import ArticleNotFoundError, GenerationGoneError, QueryError, SearchTimeoutError

_TITLES = {
    400: "请求不对", 404: "没有找到", 405: "不支持这种请求方法", 406: "没有这种格式", 410: "结果已经更新",
    413: "请求太大", 414: "地址太长", 429: "请求太多", 431: "请求头太长", 500: "程序出错", 501: "不支持这种请求",
    503: "暂时不能检索",
}
_DETAILS = {
    400: "请求的格式不对。", 404: "这个地址没有内容。", 405: "这个地址只能用 GET 读取。",
    406: "这里只有 JSON：请求头 Accept 应允许 application/json。", 414: "请求的地址太长，请缩短查询。",
    413: "这里只能读取，请求不应带有内容。",
    429: "请求太频繁，请稍后再试；响应头 Retry-After 是要等的秒数。", 431: "请求头太长，请缩短。",
    500: "程序遇到了没有料到的情况，已经记入日志。", 501: "服务器不支持这种传输编码。",
}
_BEGIN_ANEW = "请去掉参数 generation 和 page，从第一页重新开始。"
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
        return _TITLES.get(self.status, HTTPStatus(self.status).phrase)

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


def problem_of(error: Exception) -> Problem:
    """The problem that an exception is."""
    match error:
        case QueryError():
            return Problem("query", 400, error.message, "q", error.position, error.hint)
        case ParameterError():
            return Problem("parameter", 400, error.detail, error.param, hint=error.hint)
        case ArticleNotFoundError():
            return Problem("article-not-found", 404, f"没有编号为“{error}”的文章。")
        case GenerationGoneError():
            return Problem("index-changed", 410, "翻页时索引已经更新，这一页不再有了。", "generation", hint=_BEGIN_ANEW)
        case SearchTimeoutError():
            return Problem("timeout", 503, "这次检索用时太长，已经停止。", hint="请缩短查询，或用日期等条件缩小范围。")
        case NotHeldError():
            return Problem("not-held", 404, str(error))
        case StoreError():
            return Problem(_STORE_TYPES.get(type(error), "index"), 503, str(error))
        case HTTPException():
            return Problem.of_status(error.code or 500, error.description or "")
    return Problem("internal", 500, _DETAILS[500])
