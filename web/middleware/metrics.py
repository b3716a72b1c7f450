"""Figures about the running server for Prometheus, at ``/metrics``."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from index.errors import StoreError
from search.model import SearchResult
from search.protocol import AnySearcher
from web.middleware import logs
from web.settings import SettingError

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
"""Bounds of the histogram of latencies, in seconds."""


def register(app: Flask) -> None:
    """Count what the application answers, and tell it at ``/metrics``.

    Raises:
        SettingError: the library is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry
    except ImportError:
        raise SettingError.of("metrics", "1", "需要先安装 pip install 'unionnews[server]'") from None
    registry = CollectorRegistry()
    _count_answers(app, registry)
    _tell(app, registry)


def _count_answers(app: Flask, registry: CollectorRegistry) -> None:
    from prometheus_client import Counter, Histogram

    requests = Counter("unionnews_requests", "Requests answered", ["route", "status"], registry=registry)
    latency = Histogram(
        "unionnews_request_seconds", "Time to the answer", ["route"], buckets=_BUCKETS, registry=registry
    )
    searches = Counter("unionnews_searches", "Searches answered", registry=registry)
    fruitless = Counter("unionnews_searches_without_result", "Searches that truly found nothing", registry=registry)

    def count(response: Response) -> Response:
        route = request.endpoint or "none"
        requests.labels(route, str(response.status_code)).inc()
        latency.labels(route).observe(logs.seconds())
        result: SearchResult | None = g.get("result")
        if result is not None:
            searches.inc()
            fruitless.inc(result.total == 0)
        return response

    app.after_request(count)


def _tell(app: Flask, registry: CollectorRegistry) -> None:
    """All figures at ``/metrics``, those of the index as they are when asked for."""
    from prometheus_client import Gauge, exposition

    generation = Gauge("unionnews_generation", "1 for the generation of the index", ["generation"], registry=registry)
    articles = Gauge("unionnews_articles", "Articles in the index", registry=registry)

    def metrics() -> Response:
        searcher: AnySearcher = app.extensions["searcher"]
        generation.clear()
        articles.set(0)
        with contextlib.suppress(StoreError):  # without an index there are no articles
            manifest = searcher.manifest()
            generation.labels(manifest.generation).set(1)
            articles.set(manifest.articles)
        return Response(exposition.generate_latest(registry), content_type=exposition.CONTENT_TYPE_LATEST)

    app.add_url_rule("/metrics", "metrics", metrics)
