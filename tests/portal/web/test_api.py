"""What every answer below /api/ keeps to: problem details, tokens, methods, headers, and the document of the API."""

import json

import pytest
from django.test import Client, override_settings
from wagtail.models import APIToken

from portal.enums import Role
from portal.web.api import api
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db

BATCH = "/api/v1/duty/batch"


@pytest.fixture
def dispatcher():
    return PersonFactory(roles=[Role.DISPATCHER])


def is_problem(response, status, code):
    body = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert set(body) >= {"type", "title", "status", "code", "detail", "instance"}
    return body


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/nope", "/api/v1/search/", "/api/v2/x"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_address_is_a_problem(path, method):
    # As a program asks: without the token of a form.
    is_problem(getattr(Client(enforce_csrf_checks=True), method)(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/v1/docs"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_what_tells_about_the_api_is_only_read(path, method):
    is_problem(getattr(Client(enforce_csrf_checks=True), method)(path), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("post", "/api/v1/search", "GET, HEAD"), ("delete", "/api/v1/duty", "GET, HEAD"), ("get", BATCH, "POST")],
)
def test_wrong_method_is_a_problem_that_names_the_right_ones(client, method, path, allowed):
    response = getattr(client, method)(path)

    is_problem(response, 405, "method_not_allowed")
    assert response["Allow"] == allowed


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '[{"person": ]', "\xff"])
def test_malformed_body_is_a_problem(client_of, dispatcher, body):
    response = client_of(dispatcher).post(BATCH, body.encode("latin-1"), content_type="application/json")

    is_problem(response, 400, "bad_request")


def test_half_a_character_is_answered(client_of, dispatcher):
    body = '[{"person": "\\ud800", "equipment": "\\udfff\\u0000"}]'

    response = client_of(dispatcher).post(BATCH, body, content_type="application/json")

    assert response.json()["rows"][0]["problem"]["code"] == "unknown_person"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_body_of_another_type_is_a_problem(client_of, dispatcher, kind):
    response = client_of(dispatcher).post(BATCH, b"[]", content_type=kind)

    is_problem(response, 415, "wrong_content_type")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_too_large_a_body_is_a_problem(client_of, dispatcher):
    response = client_of(dispatcher).post(BATCH, json.dumps(["x" * 2000]), content_type="application/json")

    is_problem(response, 413, "body_too_large")


def test_missing_csrf_token_is_a_problem(client_of, dispatcher):
    client = client_of(dispatcher, enforce_csrf_checks=True)

    is_problem(client.post(BATCH, "[]", content_type="application/json"), 403, "csrf_failed")


def test_failure_is_a_problem(client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("secret")

    monkeypatch.setattr("portal.search.results.api.search_from", fail)
    client.raise_request_exception = False

    response = client.get("/api/v1/search", {"q": "E6"})

    is_problem(response, 500, "server_error")
    assert "secret" not in response.text


# --- tokens -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/search?q=E6", "/api/v1/suggest?q=E", "/api/v1/duty?person=x&equipment=y"])
@pytest.mark.parametrize("header", ["Bearer made-up", "Bearer ", "Bearer", "", "Basic Og==", "Token x", "bearer  x"])
def test_header_without_a_valid_token_is_refused(client_of, dispatcher, path, header):
    for client in (client_of(), client_of(dispatcher)):
        response = client.get(path, headers={"Authorization": header})

        is_problem(response, 401, "invalid_token")
        assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_revoked_token_is_refused_and_none_is_the_public(client_of, dispatcher):
    token, secret = APIToken.create_token(user=dispatcher, name="roster")
    headers = {"Authorization": f"Bearer {secret}"}
    client = client_of()

    before = client.get("/api/v1/search", {"q": "E6"}, headers=headers).status_code
    token.revoke()
    after = client.get("/api/v1/search", {"q": "E6"}, headers=headers).status_code

    assert (before, after, client.get("/api/v1/search", {"q": "E6"}).status_code) == (200, 401, 200)


# --- methods and headers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/search?q=E6", "/api/v1/suggest?q=E", "/api/v1/openapi.json", "/api/v1/docs"])
def test_head_is_get_without_the_body(client, path):
    got, head = client.get(path), client.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(got.content))
    assert head["Content-Type"] == got["Content-Type"]


def test_head_of_what_is_not_there_has_no_body(client):
    assert (client.head("/api/v1/nope").status_code, client.head("/api/v1/nope").content) == (404, b"")


@pytest.mark.parametrize("path", ["/api/v1/search?q=E6", "/api/v1/nope", "/api/v1/duty"])
def test_answers_say_what_they_vary_by(client, path):
    vary = {name.strip() for name in client.get(path)["Vary"].split(",")}

    assert vary >= {"Accept-Language", "Authorization", "Cookie"}


def test_unchanged_answer_is_not_sent_again(client):
    first = client.get("/api/v1/suggest", {"q": "E"})

    again = client.get("/api/v1/suggest", {"q": "E"}, headers={"If-None-Match": first["ETag"]})
    other = client.get("/api/v1/suggest", {"q": "F"}, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "Accept-Language" in again["Vary"]
    assert other.status_code == 200
    assert other["ETag"] != first["ETag"]


# --- the document -----------------------------------------------------------------------------------------------------


def operations():
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_operation_documents_its_problems():
    checked = 0
    for path, method, operation in operations():
        checked += 1
        responses = operation["responses"]
        assert set(responses) >= {"200", "401", "404", "422", "429", "503"}, path
        assert ("403" in responses) == ({} not in operation["security"])
        assert ("415" in responses) == (method == "post")
        for status, response in responses.items():
            if status >= "400":
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}
    assert checked >= 4


def test_document_says_that_a_token_may_be_left_out():
    document = json.loads(json.dumps(api.get_openapi_schema()))
    security = {path: operation["security"] for path, _method, operation in operations()}

    assert security["/api/v1/search"] == [{}, {"Bearer": []}, {"Session": []}]
    assert security["/api/v1/duty"] == [{"Bearer": []}, {"Session": []}]
    assert set(document["components"]["securitySchemes"]) == {"Bearer", "Session"}
    assert document["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"


def test_problems_are_as_documented(client, client_of, dispatcher):
    schema = api.get_openapi_schema()["components"]["schemas"]["Problem"]
    for response in (client.get("/api/v1/duty"), client_of(dispatcher).get("/api/v1/duty"), client.get("/api/v1/x")):
        body = response.json()
        assert set(schema["required"]) <= set(body) <= set(schema["properties"])


def test_references_of_the_document_lead_somewhere():
    text = json.dumps(api.get_openapi_schema())
    schemas = json.loads(text)["components"]["schemas"]
    names = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}

    assert names <= set(schemas)
