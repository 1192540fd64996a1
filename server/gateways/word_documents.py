"""Fills Word documents that an office has made as templates: {{ name }} stands where a value goes."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

BROKEN = (TemplateError, OpcError, BadZipFile, SyntaxError, OSError, ValueError, KeyError)


class TemplateBroken(Exception):
    """The document can't be filled; the message says where."""


def fill_document(template: Path, values: Mapping[str, Any]) -> bytes:
    """Return the document with its places filled; values are text and never markup. Raises TemplateBroken."""
    filled = BytesIO()
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(template)
        document.render(dict(values), environment)
        document.save(filled)
    except BROKEN as error:
        raise TemplateBroken(str(error)) from error
    return filled.getvalue()
