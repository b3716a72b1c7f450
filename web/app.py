"""The parts of the web application, put together."""

from __future__ import annotations

import mimetypes

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from search.engines import searcher_at
from web import converters
from web.endpoint import api, feeds
from web.middleware import answers, cors, errors, etags, language, limits, logs, metrics, negotiation, query_log
from web.pages import browse, coverage, discovery, filters, names, places, trends, views
from web.settings import Settings

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_COMPRESSED = [
    "text/html", "text/css", "text/javascript", "text/plain", "text/csv", "image/svg+xml",
    "application/json", "application/problem+json", "application/x-suggestions+json", "application/xml",
    "application/atom+xml", "application/opensearchdescription+xml", "application/x-research-info-systems",
]
"""Types of answers that are compressed."""


def build(settings: Settings) -> Flask:
    """The application over the index that ``settings`` name; the index is opened by the first request.

    Raises:
        SettingError
    """
    mimetypes.add_type("text/javascript", ".js")  # a Windows registry may say otherwise
    mimetypes.add_type("image/webp", ".webp")  # which Python knows from 3.13 on
    app = limits.TimedFlask(__package__)
    app.extensions["searcher"] = searcher_at(settings.place)
    app.url_map.merge_slashes = False  # an article's id may be an address: http://…
    app.url_map.converters.update({"id": converters.IdConverter, "name": converters.NameConverter})
    app.register_blueprint(api.api)
    app.register_blueprint(views.pages)
    app.register_blueprint(browse.browse)
    app.register_blueprint(names.names)
    app.register_blueprint(trends.trends)
    coverage.register(app)
    app.register_blueprint(discovery.discovery)
    app.register_blueprint(feeds.feeds)
    _register(app, settings)
    app.jinja_env.filters.update({**filters.FILTERS, **places.FILTERS})
    app.jinja_env.globals.update(
        site_name=settings.site_name, kind_labels=filters.KIND_LABELS, facet_labels=filters.FACET_LABELS
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app


def _register(app: limits.TimedFlask, settings: Settings) -> None:
    """What happens around every request: first to last before it is answered, last to first afterwards."""
    errors.register(app)
    logs.register(app)
    if settings.query_log:
        query_log.register(app, settings.query_log)
    if settings.metrics:
        metrics.register(app)
    app.config["COMPRESS_MIMETYPES"] = _COMPRESSED
    Compress(app)
    limits.register(app, settings)
    language.register(app)
    negotiation.register(app)
    etags.register(app, settings.site_name)
    cors.register(app, settings.cors)
    app.after_request(_add_headers)
    answers.register(app)  # last, for what happens around a request happens around an answer that is kept, too
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]


def _add_headers(response: Response) -> Response:
    response.headers.extend({name: value for name, value in _HEADERS.items() if name not in response.headers})
    return response
