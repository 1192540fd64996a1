"""Every operation of the API has an example in Chinese that its own type accepts (API-01)."""

import re
from uuid import uuid4

import msgspec
import pytest
from sanic import Sanic

from server.web.app import attach_counters
from server.web.door.openapi import describe, operations_of
from server.web.door.problems import Problem

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def operations():
    app = Sanic(f"examples_{uuid4().hex}", configure_logging=False)
    attach_counters(app)
    app.router.finalize()
    found = operations_of(app)
    Sanic.unregister_app(app)
    return found


@pytest.fixture(scope="module")
def paths(operations):
    return describe(operations, title="督察通", version="1")["paths"]


def entry_of(operation, paths, address):
    path = re.sub(r"<(\w+):\w+>", r"{\1}", address)
    return paths[path][operation.method.lower()]


def test_api_01_every_body_and_answer_has_an_example_that_its_type_accepts(operations, paths):
    seen = 0
    for operation, address in operations.items():
        entry = entry_of(operation, paths, address)
        if operation.body:
            example = entry["requestBody"]["content"]["application/json"]["example"]
            msgspec.convert(example, operation.body)
            seen += 1
        for status, kind in operation.answers.items():
            if kind is None or isinstance(kind, str):
                continue
            example = entry["responses"][str(status)]["content"]["application/json"]["example"]
            msgspec.convert(example, kind)
            seen += 1
    assert seen > 150


def test_api_01_every_operation_speaks_chinese_in_an_example(operations, paths):
    for operation, address in operations.items():
        told = str(entry_of(operation, paths, address))
        assert CHINESE.search(told), address


def test_api_01_each_refusal_s_example_is_its_own_words(operations, paths):
    for operation, address in operations.items():
        for status, response in entry_of(operation, paths, address)["responses"].items():
            for kind, content in response.get("content", {}).items():
                if kind == "application/problem+json":
                    problem = msgspec.convert(content["example"], Problem)
                    assert problem.status == int(status)
                    assert CHINESE.search(problem.message_zh)
