"""The OpenAPI 3.1 document, generated from the declared operations and their msgspec types.

Not sanic-ext, which would have everything declared a second time, beside the types.
"""

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sanic import Sanic

from models.vocabulary import SessionChannel
from server.kernel.refusal import Refusal
from server.web.door.examples import example_of
from server.web.door.operations import Operation
from server.web.door.problems import CONTENT_TYPE, Problem, problem_of

PATH_TYPES = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer"},
    "str": {"type": "string", "minLength": 1},
    "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 8, "maxLength": 80, "pattern": "^[!-~]+$"},
}
CAPABILITY = {
    "name": "Capability",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
A_REQUEST = "7f3a9c1e5b2d"
REF = "#/components/schemas/{name}"


def operations_of(app: Sanic[Any, Any]) -> dict[Operation, str]:
    """Return every declared operation and its address, found by walking the served routes."""
    routes = [route for route in app.router.routes if hasattr(route.ctx, "operation")]
    return {route.ctx.operation: f"/{route.path}" for route in sorted(routes, key=lambda one: one.path)}


def describe(operations: Mapping[Operation, str], *, title: str, version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the operations at their addresses."""
    types = _types(operations)
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    for schema in components.values():
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, Any] = {}
    for operation, address in operations.items():
        path, parameters = _path(address)
        entry = _operation(operation, by_type, parameters)
        paths.setdefault(path, {})[operation.method.lower()] = entry
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "license": {"name": "MulanPSL-2.0", "identifier": "MulanPSL-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _types(operations: Iterable[Operation]) -> list[Any]:
    found: list[Any] = [Problem]
    for operation in operations:
        wanted = [operation.body, operation.query, *operation.answers.values()]
        found += [kind for kind in wanted if kind is not None and not isinstance(kind, str)]
    return list(dict.fromkeys(found))


def _path(path: str) -> tuple[str, list[dict[str, Any]]]:
    parameters = []
    for name, kind in re.findall(r"<(\w+):(\w+)>", path):
        parameters.append({"name": name, "in": "path", "required": True, "schema": PATH_TYPES[kind]})
    return re.sub(r"<(\w+):\w+>", r"{\1}", path), parameters


def _operation(
    operation: Operation, by_type: dict[Any, Any], parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": parameters
        + (_query(operation.query) if operation.query else [])
        + ([KEY] if operation.keyed else [])
        + ([CAPABILITY] if operation.capability else []),
        "responses": _answers(operation, by_type) | _refusals(operation.all_refusals),
        "security": [{"session": []}] if operation.guard.channel is SessionChannel.PHONE else [],
    }
    if operation.deprecated:
        entry["deprecated"] = True
    if operation.description:
        entry["description"] = operation.description
    if operation.body:
        content = {"application/json": _told(by_type[operation.body], operation.body)}
        entry["requestBody"] = {"required": True, "content": content}
    if operation.upload:
        entry["requestBody"] = {"required": True, "content": _multipart(operation.upload)}
    return entry


def _query(shape: type[Any]) -> list[dict[str, Any]]:
    _, components = msgspec.json.schema_components([shape], ref_template=REF)
    schema = components[shape.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": kind}
        for name, kind in schema["properties"].items()
    ]


def _multipart(field: str) -> dict[str, Any]:
    file = {"type": "string", "format": "binary"}
    schema = {
        "type": "object",
        "properties": {field: file},
        "required": [field],
        "additionalProperties": True,  # text fields beside the file are ignored
    }
    return {"multipart/form-data": {"schema": schema}}


def _answers(operation: Operation, by_type: dict[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, kind in operation.answers.items():
        entry: dict[str, Any] = {"description": operation.summary}
        if isinstance(kind, str):
            entry["content"] = {kind: {}}
        elif kind is not None:
            entry["content"] = {"application/json": _told(by_type[kind], kind)}
        found[str(status)] = entry
    return found


def _told(schema: dict[str, Any], kind: Any) -> dict[str, Any]:
    """Return a schema with an example of its type (API-01)."""
    return {"schema": schema, "example": example_of(kind)}


def _refusals(refusals: list[type[Refusal]]) -> dict[str, Any]:
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in dict.fromkeys(refusals):
        by_status.setdefault(refusal.status, []).append(refusal)
    schema = {"$ref": REF.format(name="Problem")}
    return {
        str(status): {
            "description": "\n".join(f"`{refusal.code()}` {refusal.message_zh}" for refusal in group),
            "content": {
                CONTENT_TYPE: {"schema": schema, "example": problem_of(group[0](), request_id=A_REQUEST)}
            },
        }
        for status, group in sorted(by_status.items())
    }
