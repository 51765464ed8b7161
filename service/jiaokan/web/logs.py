"""The log: JSON, one object a line, on standard error, and one line for each request. Never a text, or a part of one.

A line has the route as the code has it and never the path, the query, a header or a body. An exception is told by its
kind and its places, for its message may quote the text.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

from flask import Flask
from pythonjsonlogger.json import JsonFormatter

from jiaokan.settings import Settings
from jiaokan.web import visits
from jiaokan.web.traces import trace
from jiaokan.web.visits import Visit

_SERVER_ERROR: Final = 500

_encode: Final = json.JSONEncoder(default=str).encode
_requests: Final = logging.getLogger("jiaokan.requests")

# granian says at every start that it may make more threads than there are cores, which is meant.
_EXPECTED: Final = "Configuration allows spawning up to"


def install(app: Flask, settings: Settings) -> None:
    """Have a line logged at the end of each request of ``app``."""
    _requests.setLevel(settings.log_level.upper())
    visits.install(app).ended.append(_tell)


def _tell(visit: Visit) -> None:
    level = logging.INFO if visit.status < _SERVER_ERROR else logging.WARNING
    if _requests.isEnabledFor(level):
        # Made by hand: to look for the calling line, as ``log`` does, takes longer than all the rest.
        record = {
            "name": _requests.name,
            "levelno": level,
            "levelname": logging.getLevelName(level),
            "msg": _row(visit),
        }
        _requests.handle(logging.makeLogRecord(record))


def _row(visit: Visit) -> dict[str, object]:
    return {
        "message": "request",
        "request_id": visit.id,
        "method": visit.method,
        "route": visit.rule,
        "status": visit.status,
        "seconds": round(visit.seconds, 6),
        "bytes_in": visit.received,
        "bytes_out": visit.sent,
        "complete": visit.complete,
        "documents": visit.documents,
        "characters": visit.characters,
        "edits": visit.edits,
        "doubts": visit.doubts,
        "client": visit.client,
    }


class Lines(JsonFormatter):
    """A record as one line of JSON, with the ID of the request that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        """A request's line at once, since there is one for each; all others by way of the library."""
        if record.name == _requests.name and isinstance(record.msg, dict):
            return _encode({**_head(record), **record.msg})
        return super().format(record)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Time, level, logger and message, what the message has if it is a dictionary, and the ID; no more."""
        log_data.update(_head(record))
        log_data["message"] = record.message
        if visit := visits.current():
            log_data["request_id"] = visit.id
        log_data.update(message_dict)

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        """One line, by an encoder that is made once."""
        return _encode(log_data)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The kind and the places of an exception, without its message."""
        return trace(ei[1])


def _head(record: logging.LogRecord) -> dict[str, str]:
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    return {"time": time, "level": record.levelname, "logger": record.name}


def _is_news(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_EXPECTED)


def configuration(level: str) -> dict[str, Any]:
    """The logging of a whole process, as ``logging.config.dictConfig`` takes it: jiaokan's, granian's, everyone's."""
    # No line says which thread or process wrote it, so that nobody need find out.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines}},
        "filters": {"news": {"()": lambda: _is_news}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "lines",
                "filters": ["news"],
            }
        },
        "loggers": {"jiaokan": {"level": level.upper()}, "_granian": {"level": level.upper()}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }
