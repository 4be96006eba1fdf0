"""公开网页 (public pages): a citizen follows a case with the token of the receipt, and with nothing else.

``create_app`` makes the pages over a ``Tracking``; ``serve_web`` and ``WebServer`` serve them; ``follow`` makes the
public view of a case.
"""

from __future__ import annotations

from yichuang_server.web.application import create_app
from yichuang_server.web.projection import follow
from yichuang_server.web.public import Tracking, TrackingUnavailableError, TrackingView, digest
from yichuang_server.web.serving import WebServer, serve_web

__all__ = [
    "Tracking",
    "TrackingUnavailableError",
    "TrackingView",
    "WebServer",
    "create_app",
    "digest",
    "follow",
    "serve_web",
]
