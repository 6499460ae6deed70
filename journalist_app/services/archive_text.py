"""What a case archive says in words: its READ ME, and what came, was sent and happened, as people read it.

Made from the same plain values as the page of the case, so that nothing is in an archive that an officer
could not see there: no key, no address of answers, no author. Flags, links to other cases and what waits to
be sent are not among them.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from journalist_app.services.audit_chain import Line
from journalist_app.services.case_life import Rules
from journalist_app.services.case_work import Happened, Note
from journalist_app.services.forms_shown import FormShown
from journalist_app.services.reading import CasePage, Received, Reply
from journalist_app.wording import HAPPENED, STAGE_LABELS, STATE_LABELS, spell_day

READ_ME: Final = """Case {code}, as it was kept by {instance} on {day}.

case.txt        where the case stood, and by which rules
messages/       what the source sent, in order: text, forms and files, each with details.json
answers/        every answer that was sent to the source
timeline.txt    the steps of the case{notes}
audit.txt       who of the office did what with this case, by the audit log of the station
{proof}SHA256SUMS      the SHA-256 of every other entry. Check it in this folder: sha256sum -c SHA256SUMS

Names of files begin with a number of ours; what the sender called a file stands in details.json. A file is
as it came: it may be false, and it may harm whoever opens it.
"""
PROOF: Final = """proof/          what the server signed when it handed the messages over. A *.manifest.json
                lists sealed objects by SHA-256 ("id"); details.json of a message says which is its own.
                *.manifest.sig is an Ed25519 signature over "cleandrop/v1/manifest/in" and the bytes of
                the manifest, by the key whose certificate lies beside it. A list also names objects of
                other cases: by hash, size, week and day.
"""


def read_me(page: CasePage, instance: str, day: str, *, notes: bool, proof: bool) -> bytes:
    """The first entry."""
    said = "\nnotes.txt       what officers wrote for each other" if notes else ""
    return READ_ME.format(
        code=page.code, instance=instance, day=day, notes=said, proof=PROOF if proof else ""
    ).encode()


def case_text(page: CasePage) -> bytes:
    """Where the case stands."""
    work, rules = page.work, page.rules
    lines = [
        f"Case: {page.code}",
        f"Received on: {spell_day(page.received_on)}",
        f"The source is told: {STAGE_LABELS[page.stage]}",
        f"Sealed by our server at least once: {_yes(page.server_sealed)}",
        f"Somebody is in danger, by what they said: {_yes(page.danger)}",
    ]
    if isinstance(rules, Rules):
        lines.append(f"Rules: {rules.name} ({rules.ref.id}, edition {rules.ref.version}, {rules.status})")
    if work is not None:
        lines += [f"State: {STATE_LABELS[work.state]}", f"Handler: {work.handler or 'nobody'}"]
        for title, rows in (
            ("Matter", work.matters),
            ("At a body", work.referrals),
            ("Questions", work.rounds),
        ):
            lines += [f"{title} {row.id}: {row.title}, {row.standing}, since {row.since}" for row in rows]
    return _text(lines)


def timeline_text(steps: Iterable[Happened], *, notes: bool) -> bytes:
    """What happened; with what was written for each step where `notes` are wanted."""
    lines: list[str] = []
    for step in steps:
        about = f" ({step.subject})" if step.subject else ""
        agreed = f", agreed by {step.second}" if step.second else ""
        lines.append(
            f"{step.number}. {step.on}: {HAPPENED[step.kind]}{about}, by {step.by}{agreed}; "
            f"entered on {step.recorded_on}"
        )
        if notes and step.text:
            lines += [f"    {line}" for line in step.text.splitlines()]
    return _text(lines)


def notes_text(notes: Iterable[Note]) -> bytes:
    """What officers wrote for each other."""
    return _text(part for note in notes for part in (f"{note.written_on}, {note.written_by}:", note.text, ""))


def answer_text(reply: Reply) -> bytes:
    """One answer as the source reads it."""
    lines = [f"Written on: {reply.written_on}, by {reply.written_by}", f"Carried by: OUT {reply.out_seq}"]
    lines.append(f"Stage: {STAGE_LABELS[reply.stage]}")
    if reply.due_on:
        lines.append(f"They hear next by: {reply.due_on}")
    if reply.may_read:
        lines.append("Asked to say: I have read this")
    if reply.may_object:
        lines.append("They may say: I do not agree")
    if reply.consent_body:
        lines.append(f"Asked to agree that {reply.consent_body} learns: {', '.join(reply.consent_fields)}")
    if reply.read_on:
        lines.append(f"They said to have read it: {reply.read_on}")
    return _text([*lines, "", reply.text])


def forms_text(forms: Iterable[FormShown]) -> bytes:
    """The forms of a message, with the questions in words."""
    lines: list[str] = []
    for form in forms:
        lines += [form.title, ""]
        for question, answer in form.answers:
            lines += [question, *(f"    {line}" for line in answer.splitlines()), ""]
    return _text(lines)


def details(parcel: Received, object_id: bytes, size_bytes: int, names: Iterable[str]) -> bytes:
    """What is known of a message and its files, for programs."""
    value = {
        "kind": parcel.kind,
        "received_on": str(parcel.received_on),
        "sealed_on": str(parcel.sealed_on),
        "sealed_by": parcel.origin,
        "language": parcel.language,
        "sealed_object": {"id": object_id.hex(), "size": size_bytes},
        "files": [
            {
                "entry": name,
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size_bytes,
                "sha256": file.sha256,
            }
            for name, file in zip(names, parcel.files, strict=True)
        ],
    }
    return _json(value)


def audit_text(lines: Iterable[tuple[Line, bytes]]) -> bytes:
    """Lines of the audit log, each with the head after it, which says where in the whole log it stood."""
    return _text(
        f"{line.number} {line.at} {line.officer} {line.action} {line.subject} [{head.hex()}]"
        for line, head in lines
    )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _text(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _yes(value: bool) -> str:
    return "yes" if value else "no"
