"""The service: repair and detection over HTTP. ``docs/http.md`` describes it for those who call it.

Read ``asked`` (a request as values), ``answers`` (values as a response), ``problems`` (errors as answers), ``routes``,
and ``server`` (the application in production). No file here writes a text, or a part of one, to a log.
"""

from __future__ import annotations

from flask import Flask

from jiaokan.settings import Settings
from jiaokan.web import page, problems, routes

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application, by default with the settings of the environment.

    >>> create_app(Settings()).test_client().get("/healthz").json["status"]
    'ok'

    Raises:
        ValueError: the environment holds a setting that is out of range.
    """
    settings = settings or Settings.read()
    app = Flask("jiaokan", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_bytes
    app.register_blueprint(routes.api)
    app.register_blueprint(page.page)
    problems.install(app)
    return app
