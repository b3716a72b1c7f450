"""The endpoint against its own description, and against whatever may stand in an address."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import schemathesis
from answers import assert_problem
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance
from strategies import BRACKETS, HAN, LATIN, PUNCTUATION

from web.addresses import API
from web.endpoint.openapi import document

UNCOMPRESSED = {"Accept-Encoding": "identity"}
PATHS = ("/search", "/suggest", "/issues", "/trends", "/status", "/openapi.json", "/articles/nothing",
       "/articles/nothing/similar")
PLAIN_PROBLEMS = {200, 400, 404, 410, 414}


REFUSED = {"negative_data_rejection": {"expected-statuses": [400, 404, 405, 406, 410, 414]}}
DESCRIBED = schemathesis.openapi.from_dict(
    document("砚江工人周报"), config=schemathesis.Config.from_dict({"checks": REFUSED})
)


def test_the_description_is_the_one_that_is_served(client: FlaskClient) -> None:
    """But for the name, everybody is told the same."""
    served = client.get(f"{API}/openapi.json").json
    assert served == document(served["info"]["title"])


@DESCRIBED.parametrize()
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_made_up_requests_are_answered_as_described(case: schemathesis.Case, app: Flask) -> None:
    """Status, media type, headers and members of every answer are those described, for good requests and for bad."""
    response = case.call("http://localhost", app=app, headers=UNCOMPRESSED)
    # what is a query, a date or a range is more than a schema says: some of what it allows is refused with 400
    case.validate_response(response, excluded_checks=[positive_data_acceptance])


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
