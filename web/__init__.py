"""The search engine on the web and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application; settings come from the environment unless given."""
    from web.app import build
    from web.settings import from_environment

    return build(settings or from_environment())
