"""The application as WSGI servers want it: ``web.wsgi:app``, made from the settings in the environment.

Where the settings or the index are wrong, importing it ends the process with the sentence that says so.
"""

from __future__ import annotations

import sys

from index.errors import StoreError
from web import create_app
from web.middleware import logs
from web.settings import SettingError, from_environment

_CANNOT_START = 3
"""Told so, gunicorn ends; after any other exit it would try again and again."""

try:
    _settings = from_environment()
    logs.configure(_settings.log_format)
    app = create_app(_settings)
    app.extensions["searcher"].warm()
except (SettingError, StoreError) as error:
    print(error, file=sys.stderr)
    sys.exit(_CANNOT_START)
