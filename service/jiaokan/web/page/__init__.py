"""The page at ``/``: for a person who has a garbled text and wants to see.

Everything is a file under ``static/``, served as it stands: no build step and no other host. The page asks the routes
of ``docs/http.md`` like any other client and knows nothing of the repair that its answers do not say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, cast

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

page = Blueprint("page", __name__)

_STATIC: Final = Path(__file__).with_name("static")
# By name, not by what the machine knows of suffixes: with nosniff, a script of another type is not run. The samples are
# bytes of no charset in particular.
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_BYTES: Final = "application/octet-stream"
# Only files of this host, and nothing that stands in the page itself: what a text holds can never run.
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "connect", "img")),
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@page.get("/")
def index() -> Response:
    """The page."""
    return _file("index.html")


@page.get("/page/<path:name>")
def file(name: str) -> Response:
    """What the page is made of, and its samples."""
    return _file(name)


def _file(name: str) -> Response:
    """A file below ``static/``, with an ETag, to be asked for anew each time: a browser never mixes two releases.

    Raises:
        NotFound: there is none of this name.
    """
    path = safe_join(str(_STATIC), name)
    if path is None or not Path(path).is_file():
        raise NotFound(f"The page has no file called {name}.")
    answer = Response(Path(path).read_bytes(), content_type=_TYPES.get(Path(name).suffix, _BYTES), headers=_HEADERS)
    answer.add_etag()
    return cast(Response, answer.make_conditional(request))
