"""The cookie `__Host-officer`: a random id, and nothing else ever leaves this process.

Flask asks this interface for its session; what Flask-WTF and messages keep in it lies in the
visit, in memory. The id changes at sign-in, so that an id from before is worth nothing after.
The cookie is never sent without `Secure`, `HttpOnly` and `SameSite=Strict`.
"""

from typing import Any, Final, cast

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin

from journalist_app.services.sessions import Sessions, Visit
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked

COOKIE: Final = "__Host-officer"


class WebSession(dict[str, Any], SessionMixin):
    """The session of one request. `ended` says that the cookie named a visit that is over."""

    def __init__(self, sessions: Sessions, visit: Visit | None, *, ended: bool) -> None:
        super().__init__(visit.notes if visit else {})
        self._sessions = sessions
        self.visit = visit
        self.ended = ended
        self.cookie_is_stale = ended

    @property
    def officer(self) -> Officer | None:
        """Who is signed in."""
        return self.visit.officer if self.visit else None

    def unlocked(self) -> Unlocked | None:
        """The open vault, where somebody is signed in. Raises `ClosedVaultError`."""
        return self._sessions.unlocked(self.visit) if self.visit and self.visit.officer else None

    def sign_in(self, officer: Officer, unlocked: Unlocked) -> None:
        """Go on as this officer, under a new id and with nothing from before."""
        self.visit = self._sessions.sign_in(officer, unlocked, self.visit.visit_id if self.visit else None)
        self.clear()

    def leave(self) -> None:
        """End the visit."""
        if self.visit is not None:
            self._sessions.end(self.visit.visit_id)
        self.visit = None
        self.cookie_is_stale = True
        self.clear()

    def keep(self) -> str:
        """Keep what the request noted; the id for the cookie, empty where there is nothing."""
        if self.visit is None and self:
            self.visit = self._sessions.begin({})
        if self.visit is None:
            return ""
        self.visit.notes = dict(self)
        return self.visit.visit_id


class ServerSide(SessionInterface):
    """Keeps Flask's sessions in `Sessions`."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def open_session(self, app: Flask, request: Request) -> WebSession:  # noqa: ARG002 - Flask's signature
        """The session that the cookie names, or an empty one."""
        cookie = request.cookies.get(COOKIE, "")
        visit = self._sessions.find(cookie) if cookie else None
        return WebSession(self._sessions, visit, ended=bool(cookie) and visit is None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Keep the session and renew or take back the cookie."""
        if not isinstance(session, WebSession):
            return
        visit_id = session.keep()
        if visit_id:
            response.set_cookie(COOKIE, visit_id, secure=True, httponly=True, samesite="Strict", path="/")
        elif session.cookie_is_stale:
            response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict", path="/")


def web_session() -> WebSession:
    """The session of the request that is answered now: what `ServerSide` opened."""
    return cast(WebSession, session)
