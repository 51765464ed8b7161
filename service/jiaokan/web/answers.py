"""Values as a response, in the form the client prefers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from flask import Request, Response
from werkzeug.datastructures import Headers, MIMEAccept
from werkzeug.exceptions import NotAcceptable

from jiaokan.records import to_json, to_utf8

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

JSON: Final = "application/json"
TEXT: Final = "text/plain"


def preferred(request: Request, *offers: str) -> str:
    """The offer the Accept header likes best; the earlier one where it likes two the same or says nothing.

    Raises:
        NotAcceptable: it likes none.
    """
    if request.environ.get("HTTP_ACCEPT", "") in ("", "*/*", offers[0]):  # as most clients say
        return offers[0]
    # Parameters are dropped: what is offered has none that could tell it apart ("text/plain; charset=utf-8").
    accept = MIMEAccept([(item.partition(";")[0].strip(), quality) for item, quality in request.accept_mimetypes])
    best = max(offers, key=accept.quality)
    if not accept.quality(best):
        raise NotAcceptable(f"The answer can be had as {' or '.join(offers)}.")
    return best


class Ready(Response):
    """An answer that has all its headers."""

    def get_wsgi_headers(self, _environ: WSGIEnvironment) -> Headers:
        """As they are: Werkzeug would look each up that it might have to add."""
        return self.headers


def as_json(value: object) -> Response:
    """A JSON answer."""
    return answer(to_json(value), JSON)


def as_text(text: str) -> Response:
    """A plain text answer in UTF-8."""
    return answer(to_utf8(text), TEXT)


def answer(body: bytes | Iterable[bytes], media_type: str, language: str | None = None) -> Response:
    """An answer that is there in bytes, with texts in ``language`` if that can be told."""
    # All at once, because each header that Werkzeug sets later is looked for first.
    headers = [("Content-Type", f"{TEXT}; charset=utf-8" if media_type == TEXT else media_type), ("Vary", "Accept")]
    if language:
        headers.append(("Content-Language", language))
    return Ready(body, headers=headers)
