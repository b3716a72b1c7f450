"""The page that says honestly what the archive holds, what is missing, and what could not be read."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, render_template

from search.protocol import AnySearcher
from web.middleware import language
from web.params import check_names
from web.report import PATIENCE, Report

coverage = Blueprint("coverage", __name__)

LISTED = 30
"""Entries shown of each sort of finding."""


def register(app: Flask) -> None:
    app.extensions["report"] = Report(app.extensions["searcher"])
    app.register_blueprint(coverage)


@coverage.get("/coverage")
def page() -> tuple[str, int]:
    """The report, or until it is made a page that asks again by itself."""
    check_names(language.parameters(), ())
    report: Report = current_app.extensions["report"]
    found = report.within(PATIENCE)
    if found is None:
        return render_template("coverage_later.html"), 202  # not 200, which caches would keep
    searcher: AnySearcher = current_app.extensions["searcher"]
    return render_template("coverage.html", found=found, status=searcher.status(), listed=LISTED), 200
