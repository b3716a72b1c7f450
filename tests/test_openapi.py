"""The description of the endpoint: valid, complete, and true of real answers."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from answers import address
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from web import params
from web.addresses import API
from web.report import Report

PARAMETERS = {
    f"{API}/search": params.SEARCH, f"{API}/suggest": params.SUGGEST, f"{API}/issues": params.ISSUES,
    f"{API}/trends": params.TRENDS, f"{API}/articles/{{id}}/similar": params.SIMILAR,
    "/search.csv": params.SEARCH, "/search.ris": params.SEARCH, "/search.atom": params.SEARCH,
}
EVERYTHING = "year,month,newspaper,section,page_no,kind,reporter,correspondent,photographer"
ASKED = [
    ("/search", address("/search", q="职工 培训", facets=EVERYTHING)),
    ("/search", address("/search", q="劳模", per_page=100)),
    ("/search", address("/search", q="2024年5月10日 工会", fuzzy=1, expand=0, sort="newest")),
    ("/search", address("/search", q="老模宣讲")),
    ("/search", "/search?page=99"),
    ("/suggest", "/suggest?q=劳"),
    ("/suggest", "/suggest?q=lao&limit=20"),
    ("/issues", "/issues?per_page=1"),
    ("/trends", "/trends?q=职工&q=鲸鱼&by=year"),
    ("/trends", "/trends"),
    ("/status", "/status"),
    ("/coverage", "/coverage"),
    ("/openapi.json", "/openapi.json"),
]


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> dict[str, Any]:
    description: dict[str, Any] = client.get(f"{API}/openapi.json").json
    return description


def check(described: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Validate a value by a schema of the description."""
    whole = {**schema, "components": described["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)


def schema_of(described: dict[str, Any], path: str, media_type: str = "application/json") -> dict[str, Any]:
    schema: dict[str, Any] = described["paths"][path]["get"]["responses"]["200"]["content"][media_type]["schema"]
    return schema


def test_the_description_is_valid(described: dict[str, Any]) -> None:
    """It is OpenAPI 3.1 by its own schema."""
    assert described["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(described).validate()


def test_every_route_for_programs_is_described_and_no_other(app: Flask, described: dict[str, Any]) -> None:
    """What the application answers below the prefix, its exports and its health."""
    rules = {rule.rule.replace("<id:article_id>", "{id}") for rule in app.url_map.iter_rules()}
    programs = {rule for rule in rules if rule.startswith((API, "/search.", "/healthz")) and rule != f"{API}/"}
    assert described["paths"].keys() == programs


def test_every_parameter_is_described(described: dict[str, Any]) -> None:
    """Each address lists exactly the parameters that the program reads there."""
    for path, operations in described["paths"].items():
        names = [parameter["name"] for parameter in operations["get"]["parameters"] if parameter["in"] == "query"]
        assert names == list(PARAMETERS.get(path, ())), path


def test_defaults_and_limits_are_those_of_the_program(client: FlaskClient, described: dict[str, Any]) -> None:
    """What is described as allowed is answered, what is one more is refused, and a default changes nothing."""
    for path, names in PARAMETERS.items():
        url = path.replace("{id}", client.get(f"{API}/search").json["results"][0]["id"])
        parameters = described["paths"][path]["get"]["parameters"]
        schemas = {parameter["name"]: parameter["schema"] for parameter in parameters}
        for name in names:
            schema = schemas[name]
            for value in (schema.get("default"), schema.get("maximum"), *schema.get("enum", ())):
                if value is not None:
                    assert client.get(address(url, **{name: value})).status_code == 200, (path, name, value)
            if "maximum" in schema:
                assert client.get(address(url, **{name: schema["maximum"] + 1})).status_code == 400
            if "maxItems" in schema:
                values = "&".join(f"{name}={i}" for i in range(schema["maxItems"] + 1))
                assert client.get(f"{url}?{values}").status_code == 400


@pytest.mark.parametrize(("path", "url"), ASKED)
def test_answers_are_as_described(client: FlaskClient, described: dict[str, Any], path: str, url: str) -> None:
    """Real answers have all the members described, and no others."""
    check(described, schema_of(described, API + path), client.get(API + url).json)


def test_a_report_that_is_being_made_says_when_to_ask_again(
    app: Flask, described: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is made the answer is 202, as described, and has no tag that would keep it."""
    monkeypatch.setattr("web.endpoint.api.PATIENCE", 0)
    app.extensions["report"] = Report(app.extensions["searcher"])
    response = app.test_client().get(f"{API}/coverage")
    if response.status_code == 202:  # else the machine was quicker
        assert response.headers["Retry-After"]
        assert "ETag" not in response.headers
        schema = described["paths"][f"{API}/coverage"]["get"]["responses"]["202"]["content"]
        check(described, schema["application/json"]["schema"], response.json)
    app.extensions["report"].within(60)
    assert app.test_client().get(f"{API}/coverage").headers["ETag"]


def test_every_article_is_as_described(client: FlaskClient, described: dict[str, Any]) -> None:
    """So are the articles of the sample, and those like them."""
    for result in client.get(f"{API}/search?per_page=100").json["results"]:
        check(described, schema_of(described, f"{API}/articles/{{id}}"), client.get(result["api_url"]).json)
        similar = client.get(result["api_url"] + "/similar").json
        check(described, schema_of(described, f"{API}/articles/{{id}}/similar"), similar)
    check(described, schema_of(described, "/healthz"), client.get("/healthz").json)


@pytest.mark.parametrize(
    ("path", "url", "status"),
    [("/search", "/search?q=标题:", 400), ("/trends", "/trends?by=day", 400),
     ("/articles/{id}", "/articles/nothing", 404), ("/search", "/search?q=" + "a" * 9000, 414)],
)
def test_problems_are_as_described(
    client: FlaskClient, described: dict[str, Any], path: str, url: str, status: int
) -> None:
    """An error is one that the address is described to give, and has the members described."""
    response = client.get(API + url)
    assert response.status_code == status
    assert str(status) in described["paths"][API + path]["get"]["responses"]
    problem = described["components"]["responses"][str(status)]["content"][response.mimetype]["schema"]
    check(described, problem, response.json)


def test_exports_have_the_media_types_described(client: FlaskClient, described: dict[str, Any]) -> None:
    """Tables, references and feeds are what they are said to be."""
    for path in ("/search.csv", "/search.ris", "/search.atom"):
        assert schema_of(described, path, str(client.get(path, buffered=True).mimetype))


def test_people_can_read_what_there_is(client: FlaskClient, described: dict[str, Any]) -> None:
    """A page lists every address with its parameters; where it has a slash missing, it is found."""
    page = client.get(f"{API}/").text
    assert all(path in page for path in described["paths"])
    assert str(client.get(API).location).endswith(f"{API}/")
