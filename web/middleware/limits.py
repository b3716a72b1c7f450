"""What one visitor may ask of the server: how often, and for how long."""

from __future__ import annotations

import contextlib
import threading
import time

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from search.deadline import time_limit
from web.settings import SettingError, Settings

_FREE = {"static", "api.healthz", "metrics"}
"""What may be asked for as often as one likes: files that caches keep, and what watches the server."""


class TimedFlask(Flask):
    """An application whose answers are given up when they take longer than ``time_limit`` seconds.

    Answers are made one after the other: threads that share the interpreter's lock get less done together than in turn.
    What streams does so outside of its turn, and ``_FREE`` needs none; nobody does if not ``in_turn``, when answers are
    mostly waited for.
    """

    time_limit = 0
    in_turn = True

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self._turn = threading.Lock()

    def dispatch_request(self) -> ResponseReturnValue:
        turn = self._turn if self.in_turn and request.endpoint not in _FREE else contextlib.nullcontext()
        with turn, time_limit(self.time_limit):
            return super().dispatch_request()


def register(app: TimedFlask, settings: Settings) -> None:
    """Limit the time of every answer and, where that is set, the requests of each address.

    Raises:
        SettingError: the limit cannot be understood, or its library is not installed.
    """
    app.time_limit, app.in_turn = settings.time_limit, settings.engine == "whoosh"
    if settings.rate_limit:
        _limit_rate(app, settings.rate_limit)


def _limit_rate(app: Flask, rate: str) -> None:
    try:
        from flask_limiter import Limiter
        from flask_limiter.util import get_remote_address
        from limits import parse_many
    except ImportError:
        raise SettingError.of("rate_limit", rate, "需要先安装 pip install 'unionnews[server]'") from None
    try:
        parse_many(rate)
    except ValueError:
        raise SettingError.of("rate_limit", rate, "应写成 60/minute 或 5/second;1000/day") from None
    limiter = Limiter(get_remote_address, app=app, application_limits=[rate], storage_uri="memory://")
    limiter.request_filter(lambda: request.endpoint in _FREE)

    def tell_when(response: Response) -> Response:
        if response.status_code == 429 and limiter.current_limit:
            left = limiter.current_limit.reset_at - time.time()
            response.headers["Retry-After"] = str(max(1, int(left)))
        return response

    app.after_request(tell_when)
