"""What the service says of itself: ``/openapi.json`` for programs, and ``/docs`` for people.

The document is put together by flask-openapi3 from what ``operations`` says of each route. The page is Swagger UI,
out of a package that brings its files along: nothing comes from another host.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, current_app, request, send_file
from flask_openapi3.models.info import Info
from flask_openapi3.models.license import License
from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import NotFound

from jiaokan import __version__
from jiaokan.records import to_json
from jiaokan.web.answers import as_text
from jiaokan.web.operations import components
from jiaokan.web.problems import KINDS

pages = Blueprint("openapi", __name__)

_OWN: Final = Path(str(files(__name__)))
_SWAGGER: Final = Path(str(files("flask_openapi3_swagger"))) / "templates" / "swagger"
_FILES: Final = {
    "docs.js": _OWN / "docs.js",
    "docs.css": _OWN / "docs.css",
    "swagger-ui.css": _SWAGGER / "css" / "swagger-ui.css",
    "swagger-ui-bundle.js": _SWAGGER / "js" / "swagger-ui-bundle.js",
}
# Swagger UI sets styles on its elements and draws its icons from data addresses.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DESCRIPTION: Final = (
    "Raw scraped Chinese text in, clean simplified text and a located, reversible account of every change out. "
    "Positions count code points of the source text, from 0."
)


def application(secured: bool = False) -> OpenAPI:
    """An application that collects what is said of its routes; ``secured`` says that callers need a bearer token."""
    extensions: dict[str, Any] = {"components": {"schemas": components()}}
    if secured:
        extensions["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        extensions["security"] = [{"bearer": []}]
    return OpenAPI(
        "jiaokan",
        info=Info(title="jiaokan", version=__version__, description=_DESCRIPTION, license=License(name="Apache-2.0")),
        openapi_extensions=extensions,
        validation_error_status=500,  # what Pydantic finds is answered in our own words; so nothing is added here
        doc_ui=False,
        static_folder=None,
    )


@pages.get("/openapi.json")
def description() -> Response:
    """All routes as OpenAPI 3.1 describes them."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = Response(to_json(app.api_doc), content_type="application/json")
    return _kept(answer)


@pages.get("/docs")
def docs() -> Response:
    """The same for reading, and for trying."""
    answer = _kept(send_file(_OWN / "docs.html"))
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


@pages.get("/docs/<name>")
def part(name: str) -> Response:
    """A file of that page."""
    if name not in _FILES:
        raise NotFound("The page has no such file.")
    return _kept(send_file(_FILES[name]))


@pages.get("/problems/<name>")
def problem(name: str) -> Response:
    """What a kind of problem means: the page that the type of a problem leads to."""
    kind = KINDS.get(name)
    if kind is None:
        raise NotFound("No kind of problem has this name.")
    return _kept(as_text(f"{kind.status} {kind.title}\n\n{kind.when}\n"))


def _kept(answer: Response) -> Response:
    """An answer that a client may keep, if it asks each time whether it is still good."""
    answer.headers["Cache-Control"] = "no-cache"
    if not answer.direct_passthrough:
        answer.add_etag()
    return answer.make_conditional(request)  # type: ignore[return-value]
