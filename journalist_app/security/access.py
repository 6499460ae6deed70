"""Who sees which page: nobody without signing in, and nobody without a role for it.

The rule stands here and not at each view: a view that is added tomorrow is shut for everybody until
somebody names it in `RULES`, and no test passes before. What goes through stands in the audit log first. A
session that has ended says so; a first visit never does. `docs/reference/access.md` shows the table.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Flask, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from journalist_app.clock import Clock
from journalist_app.security.web_session import web_session
from journalist_app.services.audit import Action, Audit
from journalist_app.services.roles import Right, require

OPEN: Final = frozenset({"static", "sign_in.form", "sign_in.sign_in"})


@dataclass(frozen=True)
class Rule:
    """What a view asks for, and what the audit log says of it; None where it shows nothing of anybody."""

    right: Right
    action: Action | None = None


RULES: Final = {
    "home.home": Rule(Right.BE_HERE),
    "sign_in.sign_out": Rule(Right.BE_HERE, Action.SIGN_OUT),
    "clock.ask": Rule(Right.BE_HERE),
    "clock.confirm": Rule(Right.BE_HERE, Action.CONFIRM_CLOCK),
    "own_access.index": Rule(Right.BE_HERE),
    "own_access.ask_passphrase": Rule(Right.BE_HERE),
    "own_access.ask_codes": Rule(Right.BE_HERE),
    "own_access.ask_phone": Rule(Right.BE_HERE),
    "own_access.passphrase": Rule(Right.BE_HERE, Action.RENEW_WORDS),
    "own_access.codes": Rule(Right.BE_HERE, Action.RENEW_CODES),
    "own_access.phone": Rule(Right.BE_HERE),
    "own_access.confirm_phone": Rule(Right.BE_HERE, Action.RENEW_PHONE),
    "people.index": Rule(Right.BE_HERE),
    "people.ask_add": Rule(Right.BE_HERE),
    "people.add": Rule(Right.BE_HERE, Action.ADD_OFFICER),
    "people.person": Rule(Right.BE_HERE),
    "people.ask_roles": Rule(Right.BE_HERE),
    "people.ask_reset": Rule(Right.BE_HERE),
    "people.ask_withdraw": Rule(Right.BE_HERE),
    "people.roles": Rule(Right.BE_HERE, Action.CHANGE_ROLES),
    "people.reset": Rule(Right.BE_HERE, Action.RESET_OFFICER),
    "people.withdraw": Rule(Right.BE_HERE, Action.WITHDRAW_OFFICER),
    "cases.index": Rule(Right.READ_CASES, Action.LIST_CASES),
    "cases.case": Rule(Right.READ_CASES, Action.READ_CASE),
    "steps.ask": Rule(Right.RECORD_STEPS),
    "steps.record": Rule(Right.RECORD_STEPS, Action.RECORD_STEP),
    "steps.note": Rule(Right.READ_CASES, Action.WRITE_NOTE),
    "proposals.ask": Rule(Right.READ_CASES, Action.READ_CASE),
    "proposals.agree": Rule(Right.READ_CASES, Action.AGREE_TO_STEP),
    "proposals.decline": Rule(Right.READ_CASES, Action.DECLINE_STEP),
    "steps.ask_readers": Rule(Right.NAME_READERS),
    "steps.readers": Rule(Right.NAME_READERS, Action.NAME_READERS),
    "archives.ask": Rule(Right.MAKE_ARCHIVES),
    "archives.make": Rule(Right.MAKE_ARCHIVES, Action.MAKE_ARCHIVE),
    "letters.ask": Rule(Right.WRITE_LETTERS, Action.READ_LETTER),
    "letters.make": Rule(Right.WRITE_LETTERS, Action.MAKE_LETTER),
    "deleting.index": Rule(Right.SEE_DELETIONS, Action.LIST_DELETIONS),
    "deleting.ask": Rule(Right.DELETE_CASES),
    "deleting.delete": Rule(Right.DELETE_CASES, Action.DELETE_CASE),
    "sorting.flag": Rule(Right.SORT, Action.SORT),
    "sorting.unflag": Rule(Right.SORT, Action.SORT),
    "sorting.link": Rule(Right.SORT, Action.SORT),
    "sorting.unlink": Rule(Right.SORT, Action.SORT),
    "sorting.mute": Rule(Right.SORT, Action.SORT),
    "sorting.set_aside": Rule(Right.SORT, Action.SET_ASIDE),
    "sorting.take_back": Rule(Right.SORT, Action.TAKE_FROM_JUNK),
    "files.save": Rule(Right.READ_CASES, Action.SAVE_FILE),
    "files.decrypt": Rule(Right.READ_CASES, Action.DECRYPT),
    "files.decrypt_text": Rule(Right.READ_CASES, Action.DECRYPT),
    "viewing.view": Rule(Right.READ_CASES, Action.LOOK_AT_FILE),
    "viewing.picture": Rule(Right.READ_CASES),
    "viewing.clean": Rule(Right.READ_CASES, Action.CLEAN_FILE),
    "viewing.save_clean": Rule(Right.READ_CASES, Action.SAVE_CLEAN),
    "answers.ask": Rule(Right.ANSWER),
    "answers.keep": Rule(Right.ANSWER, Action.ANSWER),
    "answers.ask_change": Rule(Right.ANSWER, Action.READ_CASE),
    "answers.change": Rule(Right.ANSWER, Action.CHANGE_ANSWER),
    "answers.take_back": Rule(Right.ANSWER, Action.TAKE_BACK_ANSWER),
    "sticks.choose": Rule(Right.CARRY),
    "sticks.import_": Rule(Right.CARRY, Action.IMPORT),
    "sticks.export": Rule(Right.CARRY, Action.EXPORT),
    "keys.index": Rule(Right.KEEP_KEYS),
    "keys.renew": Rule(Right.KEEP_KEYS, Action.RENEW_KEYS),
    "keys.ask_destroy": Rule(Right.KEEP_KEYS),
    "keys.destroy": Rule(Right.KEEP_KEYS, Action.DESTROY_KEYS),
    "keys.finish": Rule(Right.KEEP_KEYS, Action.FINISH_DESTRUCTION),
    "keys.ask_lost": Rule(Right.KEEP_KEYS),
    "keys.lost": Rule(Right.KEEP_KEYS, Action.LOSE_KEYS),
    "keys.ask_replace": Rule(Right.KEEP_KEYS),
    "keys.replace": Rule(Right.KEEP_KEYS, Action.REPLACE_KEY),
    "keys.copy": Rule(Right.KEEP_KEYS, Action.COPY_KEYS),
    "keys.copy_destroyed": Rule(Right.KEEP_KEYS, Action.DESTROY_COPY),
    "backups.make": Rule(Right.KEEP_KEYS, Action.MAKE_BACKUP),
    "backups.verify": Rule(Right.KEEP_KEYS, Action.VERIFY_BACKUP),
    "backups.destroyed": Rule(Right.KEEP_KEYS, Action.DESTROY_COPY),
    "audit.index": Rule(Right.READ_AUDIT, Action.READ_AUDIT),
    "audit.verify": Rule(Right.READ_AUDIT, Action.VERIFY_AUDIT),
}
"""By the endpoint of each view."""
SUBJECT_MAX: Final = 100
ENDED: Final = "Your session has ended and the station is locked. Sign in again to go on."
NO_RULE: Final = "Nobody may open this page: no rule says who. Nothing was done."


def install(app: Flask, clock: Clock) -> None:
    """Shut every view of `app` that is not in `OPEN`, and note in the audit log what goes through."""
    app.before_request(partial(_check, clock))
    app.jinja_env.globals["may"] = may


def may(endpoint: str) -> bool:
    """Whether the officer who asks can open a view, so that no link leads to a closed door."""
    officer = web_session().officer
    return officer is not None and endpoint in RULES and officer.may(RULES[endpoint].right)


def _check(clock: Clock) -> Response | None:
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    officer, unlocked = web_session().officer, web_session().unlocked()
    if officer is None or unlocked is None:
        if web_session().ended:
            flash(ENDED)
        return redirect(url_for("sign_in.form"), 303)
    rule = RULES.get(request.endpoint)
    if rule is None:
        abort(403, NO_RULE)
    require(officer.roles, rule.right)
    if rule.action is not None:
        Audit(unlocked, clock).note(officer, rule.action, _subject())
    return None


def _subject() -> str:
    """ "case 12": what the address names, by its number or id."""
    named = (request.view_args or {}).items()
    return ", ".join(f"{key.removesuffix('_id')} {value}" for key, value in named)[:SUBJECT_MAX]
