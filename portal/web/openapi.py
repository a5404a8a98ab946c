"""Complete django-ninja's OpenAPI document: the problems of every operation, and what a caller may leave out."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.schema import NinjaGenerateJsonSchema

from portal.access.api_auth import Anybody
from portal.web.problems import PROBLEM_TYPE, Problem

REF = "#/components/schemas/{model}"
ALWAYS = {
    401: "The Authorization header holds no valid token, or nobody is signed in where somebody must be",
    404: "Nothing there, or nothing the caller may see",
    422: "A parameter is missing, unknown or of the wrong form, or may mean several records",
    429: "Too many requests; Retry-After says how many seconds to wait",
    503: "The portal cannot answer just now",
}
SIGNED_IN_ONLY = {403: "Known, and not in the caller's scope; or the CSRF token of the session is missing"}
WITH_BODY = {
    400: "The body is not JSON",
    413: "The body is too large",
    415: "The body is not sent as application/json",
}
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
CHALLENGE = {"WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}}}
ETAG = {"ETag": {"description": "Changes when the answer does", "schema": {"type": "string"}}}


class PortalAPI(NinjaAPI):
    """The API with a complete document of itself."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of the view: what generated clients call their function."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Return the document; every operation names its problems and how it may be asked without a token."""
        document = super().get_openapi_schema(**kwargs)
        document["components"]["schemas"] |= _schemas()
        public = {
            self.get_openapi_operation_id(operation)
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
            if any(isinstance(callback, Anybody) for callback in operation.auth_callbacks)
        }
        document["components"]["securitySchemes"] |= {"Session": _session()}
        for path in document["paths"].values():
            for method, operation in path.items():
                _complete(method, operation, is_public=operation["operationId"] in public)
        return document


def _complete(method: str, operation: dict[str, Any], *, is_public: bool) -> None:
    described = ALWAYS | ({} if is_public else SIGNED_IN_ONLY) | (WITH_BODY if "requestBody" in operation else {})
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    for status, description in described.items():
        responses.setdefault(str(status), _problem(description))
    responses["401"]["headers"] = CHALLENGE
    responses["429"]["headers"] = responses["503"]["headers"] = RETRY_AFTER
    if method == "get":
        responses["200"]["headers"] = ETAG
        responses["304"] = {"description": "Unchanged since the answer with the ETag in If-None-Match"}
    operation["responses"] = dict(sorted(responses.items()))
    operation["security"] = [{}, {"Bearer": []}, {"Session": []}] if is_public else [{"Bearer": []}, {"Session": []}]


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}}


def _schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=REF, schema_generator=NinjaGenerateJsonSchema)
    return schema.pop("$defs") | {"Problem": schema}


def _session() -> dict[str, Any]:
    return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "The session of the portal's pages"}
