"""The service: repair and detection over HTTP. ``docs/http.md`` describes it for those who call it.

Read ``shapes`` (what may be asked and what is answered), ``asked`` (a request as values), ``work`` and ``repairers``
(what is done, and by whom), ``batch`` (many documents in one request), ``answers`` and ``problems`` (what goes out),
``routes``; ``operations`` and ``openapi`` (what is said of the routes), ``page`` (for people); ``guards``, ``metrics``
and ``logs`` (around every request), and ``server`` (the application in production). No file here writes a text, or a
part of one, to a log.
"""

from __future__ import annotations

from flask import Flask

from jiaokan.settings import Settings
from jiaokan.web import guards, logs, metrics, openapi, page, problems, routes, status
from jiaokan.web.batch import Limits
from jiaokan.web.repairers import Repairers

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application, by default with the settings of the environment.

    >>> create_app(Settings()).test_client().get("/healthz").json["status"]
    'ok'

    Raises:
        ValueError: the environment holds a setting that is out of range.
    """
    settings = settings or Settings.read()
    app = openapi.application(secured=bool(settings.tokens_file))
    app.config["MAX_CONTENT_LENGTH"] = settings.max_bytes
    repairers = app.extensions["repairers"] = Repairers(settings.repairing_processes, settings.max_seconds)
    limits = Limits(settings.max_bytes, settings.max_batch_bytes, settings.max_batch_documents)
    guards.install(app, settings)
    metrics.install(app, lambda: repairers.waiting)
    logs.install(app, settings)
    app.register_api(routes.repairing(repairers, limits, metrics.count))
    app.register_api(status.watched(repairers.ready))
    app.register_blueprint(openapi.pages)
    app.register_blueprint(page.page)
    problems.install(app)
    return app
