"""The services that ``jiaokan serve`` is measured beside, on the same server with the same settings.

    python -m bench.peers.services NAME PORT WORKERS

``own`` is jiaokan's own service, guards, counters, log and all, with views that give back the bytes of the request
instead of repairing; ``echo`` does that in a bare Flask application, ``json`` reads the bytes as JSON and writes them
anew, and ``plain`` is what people deploy without jiaokan: ``ftfy.fix_text``, then OpenCC's ``t2s``, with no account of
what was changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Final

from flask import Flask, Response, request

from jiaokan.settings import Settings
from jiaokan.web import create_app, server


def _app(name: str, answer: Callable[[bytes], bytes]) -> Flask:
    app = Flask("beside", static_folder=None)

    @app.post("/v1/<_>")
    def answered(_: str) -> Response:
        return Response(answer(request.get_data(cache=False)), content_type=request.content_type)

    @app.get("/healthz")
    def health() -> Response:
        return Response(greeting(name), content_type="application/json")

    return app


def greeting(name: str) -> bytes:
    """What ``/healthz`` says, so that a bench that measures something else as the peer ``name`` is seen."""
    return _written({"beside": name})


def own(settings: Settings) -> Flask:
    """The same bytes, by jiaokan's own service."""
    app = create_app(settings)
    for endpoint in ("api.repair", "api.batch"):
        app.view_functions[endpoint] = lambda: Response(
            request.get_data(cache=False), content_type=request.content_type
        )
    app.view_functions["status.healthz"] = lambda: Response(greeting("own"), content_type="application/json")
    return app


def echo(*_: object) -> Flask:
    """The same bytes."""
    return _app("echo", lambda body: body)


def echo_json(*_: object) -> Flask:
    """The same value."""
    return _app("json", lambda body: _written(json.loads(body)))


def plain(*_: object) -> Flask:
    """The text repaired by ftfy and made simplified by OpenCC."""
    import ftfy
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    return _app("plain", lambda body: _written({"text": convert(ftfy.fix_text(json.loads(body)["text"]))}))


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


APPS: Final = {"own": own, "echo": echo, "json": echo_json, "plain": plain}


def main(name: str, port: str, workers: str) -> None:
    """Serve one of the above as jiaokan is served: its workers load this application and know no other."""
    server.ready_app = APPS[name]
    server.serve(Settings(port=int(port), workers=int(workers)))


if __name__ == "__main__":
    main(*sys.argv[1:])
