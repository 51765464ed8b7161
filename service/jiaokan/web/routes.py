"""The routes: each reads what is asked, has it done, and answers."""

from __future__ import annotations

from flask import Blueprint, Response, request

from jiaokan import rounds
from jiaokan.records import document, survey
from jiaokan.web import asked
from jiaokan.web.answers import JSON, TEXT, as_json, as_text, preferred

api = Blueprint("api", __name__)


@api.post("/v1/repair")
def repair() -> Response:
    """The clean text with the account of every change, or the text alone for a client that prefers plain text."""
    form = preferred(request, JSON, TEXT)
    wanted = asked.read(request, ("script", "punctuation", "consent", "skip", "dropped_words"))
    repaired = rounds.repair(wanted.source, charset=wanted.charset, **wanted.options)
    return as_text(repaired.text) if form == TEXT else as_json(document(repaired))


@api.post("/v1/detect")
def detect() -> Response:
    """What is wrong with a text; nothing is changed."""
    preferred(request, JSON)
    wanted = asked.read(request, ("script", "punctuation", "skip", "dropped_words"))
    return as_json(survey(rounds.repair(wanted.source, charset=wanted.charset, **wanted.options)))
