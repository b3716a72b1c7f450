"""The endpoint against its own description, and against whatever may stand in an address."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import jsonschema_rs
import pytest
import schemathesis
from answers import assert_problem, same_problem
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import negative_data_rejection
from strategies import BRACKETS, HAN, LATIN, PUNCTUATION

from web.addresses import API
from web.endpoint.openapi import document

UNCOMPRESSED = {"Accept-Encoding": "identity"}
PATHS = [path.removeprefix(API).replace("{id}", "nothing") for path in document("")["paths"] if path.startswith(API)]
PLAIN_PROBLEMS = {200, 202, 400, 404, 410, 414}


CHECKS = {
    "negative_data_rejection": {"expected-statuses": [400, 404, 405, 406, 410, 414]},
    # no article has the id, or the index that of the generation
    "positive_data_acceptance": {"expected-statuses": [200, 202, 404, 410]},
}
DESCRIBED = schemathesis.openapi.from_dict(
    document("砚江工人周报"), config=schemathesis.Config.from_dict({"checks": CHECKS})
)
# what a query and a date are is more than a schema says; of these dates none is later than another's end
schemathesis.openapi.format("query", st.lists(st.sampled_from(["", "职工", "工会"]), max_size=3).map(" ".join))
schemathesis.openapi.format("period", st.sampled_from(["2024", "2024-05", "2024-05-10", "２０２４年５月", ""]))


def test_the_description_is_the_one_that_is_served(client: FlaskClient) -> None:
    """But for the name, everybody is told the same."""
    served = client.get(f"{API}/openapi.json").json
    assert served == document(served["info"]["title"])


@DESCRIBED.parametrize()
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_made_up_requests_are_answered_as_described(case: schemathesis.Case, app: Flask) -> None:
    """Status, media type, headers and members of every answer are those described, for good requests and for bad."""
    response = case.call("http://localhost", app=app, headers=UNCOMPRESSED)
    case.validate_response(response, excluded_checks=[negative_data_rejection] if is_allowed(case, response) else [])


def is_allowed(case: schemathesis.Case, response: schemathesis.Response) -> bool:
    """Whether a request says, as it is written in the address, what the description allows, bad as it was meant."""
    described = {parameter.name: parameter.definition for parameter in case.operation.query}
    given = parse_qs(urlsplit(response.request.url).query, keep_blank_values=True)
    return all(name in described and _is_value(described[name], values) for name, values in given.items())


def _is_value(parameter: dict[str, Any], values: list[str]) -> bool:
    """Whether the values of one parameter are of its schema; an empty one stands for none."""
    schema = parameter["schema"]
    if parameter["explode"]:
        return jsonschema_rs.is_valid(schema, values)
    if len(values) > 1 or not values[0]:
        return len(values) == 1
    value: Any = int(values[0]) if schema["type"] == "integer" and values[0].isdecimal() else values[0]
    return jsonschema_rs.is_valid(schema, [*filter(None, value.split(","))] if schema["type"] == "array" else value)


pieces = st.sampled_from([*HAN[:8], *BRACKETS, *PUNCTUATION, *LATIN, " ", "AND", "OR", "标题:", "日期:", "\0", "\r\n"])
queries = st.lists(pieces, max_size=12).map("".join)
raw = st.binary(max_size=40).map(lambda octets: quote(octets, safe="&=%+;?/")) | st.text(st.characters(
    codec="ascii", categories=("L", "N", "P", "S"), exclude_characters="#"), max_size=40)
names = st.sampled_from(["q", "page", "per_page", "sort", "from", "to", "kind", "facets", "limit", "by", "generation"])
strings = raw | st.lists(st.tuples(names, raw), max_size=5).map(
    lambda parameters: "&".join(f"{name}={value}" for name, value in parameters)
) | queries.map(lambda q: "q=" + quote(q))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), string=strings)
def test_whatever_stands_behind_the_question_mark_gets_an_answer(client: FlaskClient, path: str, string: str) -> None:
    """Any query string at any address of the endpoint gets what it asks for or a problem document; never a 500."""
    answer = client.get(f"{API}{path}?{string}")
    assert answer.status_code in PLAIN_PROBLEMS
    if answer.status_code != 200:
        assert_problem(answer, answer.status_code)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=raw)
def test_whatever_stands_in_the_path_gets_an_answer(client: FlaskClient, path: str) -> None:
    """So does any path."""
    answer = client.get(f"{API}/{path.lstrip('/')}", follow_redirects=True)
    assert answer.status_code in PLAIN_PROBLEMS


@pytest.mark.parametrize("path", PATHS)
def test_every_route_refuses_in_the_same_shape(client: FlaskClient, path: str) -> None:
    """Wrong parameter, wrong method, wrong format, too long an address, a body: one shape at every address."""
    url = API + path
    assert_problem(client.get(f"{url}?colour=red"), 400, param="colour")
    assert_problem(client.delete(url), 405)
    assert_problem(client.get(url, headers={"Accept": "text/html"}), 406)
    assert_problem(client.get(f"{url}?q={'a' * 10_000}"), 414)
    assert_problem(client.post(url, data=b"a" * 10_000), 413)
    assert_problem(client.get(f"{url}/nothing"), 404)


def test_every_address_refuses_in_the_same_shape(app: Flask, client: FlaskClient) -> None:
    """Pages, exports and files as well, for who wants JSON; the rest gets a page with the same sentence."""
    urls = {re.sub("<[^>]+>", "1", rule.rule) for rule in app.url_map.iter_rules()}
    assert len(urls) > len(PATHS) + 15
    for url in urls:
        for method, url_, body, status in (
            ("DELETE", url, b"", 405), ("GET", f"{url}?q={'a' * 10_000}", b"", 414), ("POST", url, b"a" * 10_000, 413),
        ):
            answer = client.open(url_, method=method, data=body, headers={"Accept": "application/json"})
            problem = assert_problem(answer, status)
            if not url.startswith((API, "/healthz")):
                same_problem(client.open(url_, method=method, data=body), problem)
