"""The language of the pages: Chinese, or English where the browser asks for it or a link has chosen it.

The choice of a link travels in the addresses, as ``lang``: no cookie is needed, and an address always shows the same.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, has_request_context, request, url_for
from flask_babel import Babel, get_locale
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

LANGUAGES = {"zh": "zh-CN", "en": "en"}
"""The languages, each with its name in HTML; the first is what the messages are written in."""

PARAMETER = "lang"
_DEFAULT = next(iter(LANGUAGES))
_SILENT = {"api", "feeds"}
"""Blueprints for programs: their answers are the same in every language."""


def register(app: Flask) -> None:
    """Let the application's pages speak the reader's language."""
    Babel(app, default_locale=_DEFAULT, locale_selector=selected)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals.update(
        html_lang=html_lang, chinese=chinese, other_languages=other_languages, chosen_language=chosen
    )
    app.url_defaults(_carry)
    app.after_request(_describe)


def chosen() -> str | None:
    """The language that the address has chosen; None where it leaves that to the browser."""
    lang = request.args.get(PARAMETER) if has_request_context() else None
    return lang if lang in LANGUAGES else None


def selected() -> str:
    """The language of the answer to this request."""
    if request.blueprint in _SILENT:
        return _DEFAULT
    return chosen() or request.accept_languages.best_match(LANGUAGES) or _DEFAULT


def html_lang() -> str:
    """The language of the page as its ``lang`` attribute has it."""
    return LANGUAGES[str(get_locale())]


def chinese() -> Markup:
    """The attribute of text that is Chinese on a page that is not, with a space before it."""
    return Markup("") if selected() == _DEFAULT else Markup(' lang="{}"').format(LANGUAGES[_DEFAULT])


def parameters() -> MultiDict[str, str]:
    """The parameters of the request, but for the language."""
    return MultiDict((name, value) for name, value in request.args.items(multi=True) if name != PARAMETER)


def with_language(url: str) -> str:
    """An address of this site, in the language that was chosen for this one."""
    lang = chosen()
    return f"{url}{'&' if '?' in url else '?'}{PARAMETER}={lang}" if lang else url


def other_languages() -> list[tuple[str, str]]:
    """The languages this page is not in, and the address of each; of an address that does not exist, the home page."""
    if request.endpoint:
        path = url_for(request.endpoint, **{**(request.view_args or {}), PARAMETER: None})
        kept = list(parameters().items(multi=True))
    else:
        path, kept = url_for("pages.home", **{PARAMETER: None}), []
    return [
        (LANGUAGES[lang], f"{path}?{urlencode([*kept, (PARAMETER, lang)])}") for lang in LANGUAGES if lang != selected()
    ]


def _carry(endpoint: str, values: dict[str, Any]) -> None:
    """Links from a page in a chosen language lead to pages in it."""
    if endpoint.partition(".")[0] not in {"static", *_SILENT} and (lang := chosen()):
        values.setdefault(PARAMETER, lang)


def _describe(response: Response) -> Response:
    if request.endpoint != "static" and request.blueprint not in _SILENT:
        response.vary.add("Accept-Language")
        if response.mimetype == "text/html":
            response.content_language.add(LANGUAGES[selected()])
    return response
