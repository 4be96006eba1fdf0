"""公开网页 (public pages): a citizen follows a case with the token of the receipt, and with nothing else.

``create_app`` makes the pages over a ``Tracking``; ``serve_web`` and ``WebServer`` serve them; ``CaseTracking``
makes the public view of a case whose log it is given (``follow``, ``as_of``).
"""

from __future__ import annotations

from yichuang_server.web.application import create_app
from yichuang_server.web.case_tracking import CaseTracking, Followed
from yichuang_server.web.projection import as_of, follow
from yichuang_server.web.public import MatterView, Tracking, TrackingUnavailableError, TrackingView, digest
from yichuang_server.web.serving import WebServer, serve_web

__all__ = [
    "CaseTracking",
    "Followed",
    "MatterView",
    "Tracking",
    "TrackingUnavailableError",
    "TrackingView",
    "WebServer",
    "as_of",
    "create_app",
    "digest",
    "follow",
    "serve_web",
]
