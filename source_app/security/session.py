"""The session: a sealed cookie that carries everything, so that no table of sessions exists.

`__Host-session` is Secure, HttpOnly, SameSite=Strict, and a session cookie of the browser. It
ends after 60 minutes without a request and after 12 hours in all; every answer renews it, but
those that a page fetches by itself. A visit that needs no session gets none. What stands in it:
`crypto.session` seals it; texts, numbers and lists only, because canonical JSON has nothing else.

Checks after those of `crypto.session`: 6 now is not before its start, and before its end;
7 nobody left the session.
"""

import secrets
from datetime import timedelta
from typing import Any, Final

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin

from crypto.errors import CryptoError
from crypto.session import open_cookie, seal_cookie
from crypto.source_keys import InstanceId
from source_app.clock import Clock
from source_app.security.left import LeftSessions
from source_app.security.tickets import TicketFolder
from source_app.services.trust import TrustReader

COOKIE: Final = "__Host-session"
IDLE: Final = timedelta(minutes=60)
LONGEST: Final = timedelta(hours=12)
ID_BYTES: Final = 16
WITHOUT_SESSION: Final = "pages"
"""The blueprint whose pages begin no session."""
_BEFORE_FIRST_IMPORT: Final = InstanceId(bytes(16))


class SourceSession(dict[str, Any], SessionMixin):
    """What the views see. `ended`: the browser brought a cookie that is no longer good."""

    def __init__(self, content: dict[str, Any] | None = None, *, ended: bool = False) -> None:
        super().__init__(content or {})
        self.ended = ended
        self.quiet = False
        """Whether the answer leaves the browser's cookie as it is."""
        self.modified = True
        self.accessed = True

    def forget(self) -> None:
        """It was left meanwhile: this answer knows nothing of it, and leaves the cookie as it is."""
        self.clear()
        self.ended = self.quiet = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sent or opened in it yet; a first report may still be arriving."""
        return "master" not in self and "sent" not in self


class SealedCookies(SessionInterface):
    """Opens and seals the cookie of each request."""

    def __init__(self, tickets: TicketFolder, left: LeftSessions, trust: TrustReader, clock: Clock) -> None:
        self._tickets = tickets
        self._left = left
        self._trust = trust
        self._clock = clock

    def install(self, app: Flask) -> None:
        """Let the app use these sessions, and refuse before anything is done where none could be kept."""
        app.session_interface = self
        app.before_request(self._require_key)

    def open_session(self, app: Flask, request: Request) -> SourceSession:  # noqa: ARG002 - Flask's call
        """The session that a request brings, or an empty one."""
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            return SourceSession()
        try:
            content: dict[str, Any] = dict(open_cookie(self._tickets.all(), self._instance(), cookie))
        except CryptoError:
            return SourceSession(ended=True)
        now = self._now()
        if not content["started"] <= now < content["expires"]:  # 6
            return SourceSession(ended=True)
        if self._left.has(content["id"]):  # 7
            return SourceSession(ended=True)
        return SourceSession(content)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Seal the session into the answer's cookie; take the cookie away when there is none."""
        if getattr(session, "quiet", False):
            return
        content = dict(session)
        if not content:
            if getattr(session, "ended", False):
                response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
            return
        if isinstance(session, SourceSession) and self.was_left(session):
            return  # while this answer was made; the browser may have another session by now
        now = self._now()
        content.setdefault("id", secrets.token_hex(ID_BYTES))
        started = content.setdefault("started", now)
        content["expires"] = min(now + _seconds(IDLE), started + _seconds(LONGEST))
        cookie = seal_cookie(self._tickets.newest(), self._instance(), content)
        response.set_cookie(COOKIE, cookie, path="/", secure=True, httponly=True, samesite="Strict")

    def prolong(self, session: SourceSession) -> None:
        """Let the twelve hours begin again where less than an idle hour of them is left.

        A slow upload may outlive its session, and its sender must still be able to see the codename.
        """
        if session.get("started", 0) + _seconds(LONGEST) - self._now() < _seconds(IDLE):
            session.pop("started", None)

    def start_anew(self, session: SourceSession, **content: Any) -> None:
        """End a session and begin another with `content`, under a new id.

        Where a first report may still be arriving, the old one goes on: its codename was not shown yet.
        """
        if not session.is_empty:
            self._left.add(session["id"], is_empty=False)
        session.clear()
        session.update(content)

    def leave(self, session: SourceSession) -> None:
        """End a session for good: its cookie is refused from now on, whoever has a copy."""
        if "id" in session:
            self._left.add(session["id"], is_empty=session.is_empty)
        session.clear()
        session.ended = True

    def was_left(self, session: SourceSession) -> bool:
        """Whether somebody left it while this request was answered."""
        return "id" in session and self._left.has(session["id"])

    def _require_key(self) -> None:
        """Raises `StorageError` where this page needs a cookie, and none could be sealed now."""
        if request.blueprint not in {None, WITHOUT_SESSION}:
            self._tickets.newest()

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _instance(self) -> InstanceId:
        trust = self._trust.current()
        return trust.instance_id if trust else _BEFORE_FIRST_IMPORT


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
