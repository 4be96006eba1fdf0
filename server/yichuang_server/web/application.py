"""公开网页: what is answered to whom.

Rules kept here: an unknown, a not yet known and a malformed token take the same way and get the same bytes; a token
is hashed and looked up, never compared, stored or logged; a page reads, it changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from importlib import resources

import jinja2
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from yichuang_server.web import matter_pages, pages
from yichuang_server.web.armour import Armour
from yichuang_server.web.public import MatterView, Tracking, TrackingUnavailableError, TrackingView, digest
from yichuang_server.web.texts import Language, Texts, texts
from yichuang_server.web.throttle import Rate, Throttle

STYLE_PATH = "/style.css"
ROBOTS = "User-agent: *\nDisallow: /\n"
_UNCOUNTED = frozenset({STYLE_PATH, "/robots.txt"})
_MESSAGES = {404: "not_found", 405: "method"}


def create_app(
    tracking: Tracking,
    *,
    district_name: str,
    is_training: bool = False,
    rate: Rate | None = None,
    now: Callable[[], float] = time.monotonic,
) -> ASGIApp:
    """The public pages of one district as an ASGI application.

    A training district's say on every page that they are practice.
    ``tracking`` is called from worker threads; ``now`` counts seconds for the rate limit.
    """
    site = _Site(tracking, district_name, is_training=is_training)
    throttle = Throttle(rate or Rate(), now)
    app = Starlette(
        routes=[
            Route("/", site.home),
            Route("/q/{token:path}", site.track),
            Route("/v/{token:path}", site.verify),
            Route("/healthz", site.health),
            Route("/robots.txt", site.robots),
            Route(STYLE_PATH, site.style),
        ],
        middleware=[Middleware(_Counted, throttle=throttle, site=site)],
        exception_handlers={
            HTTPException: site.refuse,
            TrackingUnavailableError: site.unavailable,
            Exception: site.unavailable,
        },
    )
    app.router.redirect_slashes = False
    return Armour(app)


class _Site:
    """The pages; each method answers one address."""

    def __init__(self, tracking: Tracking, district_name: str, *, is_training: bool) -> None:
        self._tracking = tracking
        self._style = resources.files(__package__).joinpath("static", "style.css").read_text(encoding="utf-8")
        self._templates = environment()
        self._district = district_name
        self._is_training = is_training

    def home(self, request: Request) -> Response:
        words = _words(request)
        return self._page("home.html", pages.home(words), words)

    def track(self, request: Request) -> Response:
        words, view = _words(request), self._look_up(request)
        if view is None:
            return self._page("message.html", pages.unknown(words), words)
        if isinstance(view, MatterView):
            return self._page("matter.html", matter_pages.track_matter(view, words), words)
        return self._page("track.html", pages.track(view, words), words)

    def verify(self, request: Request) -> Response:
        words, view = _words(request), self._look_up(request)
        if view is None:
            return self._page("message.html", pages.unknown(words), words)
        if isinstance(view, MatterView):
            return self._page("verify.html", matter_pages.verify_matter(view, words), words)
        return self._page("verify.html", pages.verify(view, words), words)

    def health(self, request: Request) -> Response:
        """Alive and able to read: looks up a digest that no token has."""
        self._tracking.lookup("")
        return PlainTextResponse("ok\n")

    def robots(self, request: Request) -> Response:
        return PlainTextResponse(ROBOTS)

    def style(self, request: Request) -> Response:
        return Response(self._style, media_type="text/css")

    def refuse(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        headers = error.headers if isinstance(error, HTTPException) else None
        return self.message(request, _MESSAGES.get(status, "not_found"), status, dict(headers or {}))

    def unavailable(self, request: Request, error: Exception) -> Response:
        return self.message(request, "unavailable", 503, {"Retry-After": "60"})

    def message(self, request: Request, kind: str, status: int, headers: dict[str, str] | None = None) -> Response:
        words = _words(request)
        return self._page("message.html", pages.message(kind, words), words, status, headers)

    def _look_up(self, request: Request) -> TrackingView | MatterView | None:
        return self._tracking.lookup(digest(request.path_params["token"]))

    def _page(
        self, template: str, page: pages.Page, words: Texts, status: int = 200, headers: dict[str, str] | None = None
    ) -> Response:
        named = {"district": self._district, "is_training": self._is_training}
        html = self._templates.get_template(template).render(page=page, t=words, **named)
        return HTMLResponse(html, status, {"Content-Language": words.language.value, **(headers or {})})


class _Counted:
    """Asks the throttle before anything else is done for a request."""

    def __init__(self, app: ASGIApp, throttle: Throttle, site: _Site) -> None:
        self._app = app
        self._throttle = throttle
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNCOUNTED:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        seconds = self._throttle.wait(client[0] if client else "")
        if seconds == 0:
            await self._app(scope, receive, send)
            return
        refusal = self._site.message(Request(scope), "too_many", 429, {"Retry-After": str(seconds)})
        await refusal(scope, receive, send)


@cache
def environment() -> jinja2.Environment:
    """The templates: everything escaped, a name that is not there is an error."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("yichuang_server.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _words(request: Request) -> Texts:
    return texts(Language.of(request.query_params.get("lang")))
