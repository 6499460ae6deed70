"""What the station states to the world, signed: descriptor, certificates, intake batch, publication.

Each function works on the station's row inside the caller's transaction. A descriptor is made
anew when what it says has changed, or when it gets old: programs warn after 35 days.
"""

from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from cases.packs.signature import FILE as PACK_SIGNATURE
from crypto import trust
from crypto.signing import SigningSeed, VerifyingKey, verifying_key
from crypto.source_keys import InstanceId
from crypto.windows import IntakeState, sign_batch
from journalist_app.store import openpgp_keys, packs, received
from journalist_app.store.tables import BatchRow, ServerRow, StationRow
from transfer.publication import AgencyKey, Publication, sign_publication, verify_publication

RENEW_AFTER: Final = timedelta(days=21)


def station_row(session: Session) -> StationRow:
    """The one row of the station."""
    return session.get_one(StationRow, 1)


def issue_descriptor(session: Session, today: date) -> None:
    """State anew who we are, under the next number."""
    station = station_row(session)
    station.descriptor_number += 1
    station.descriptor_issued_on = today.isoformat()
    certificates = (station.certificate, *(row.certificate for row in received.servers(session)))
    station.descriptor = trust.sign_descriptor(
        SigningSeed(station.signing_seed),
        trust.Descriptor(
            instance_id=InstanceId(station.instance_id),
            number=station.descriptor_number,
            issued_on=station.descriptor_issued_on,
            root=VerifyingKey(station.root_key),
            certificates=certificates,
            batch_no=station.batch_no,
            oldest_window=station.oldest_window,
            time_zone=station.time_zone,
            languages=tuple(station.languages.split()),
        ),
    )


def keep_descriptor_fresh(session: Session, today: date) -> None:
    """State anew who we are when the last statement is three weeks old."""
    if today - date.fromisoformat(station_row(session).descriptor_issued_on) >= RENEW_AFTER:
        issue_descriptor(session, today)


def keep_publication_fresh(session: Session, today: date) -> None:
    """State anew what everybody may read, when the pack in use or the agency's OpenPGP key changed."""
    station = station_row(session)
    edition, key = packs.in_use(session), openpgp_keys.agency_key(session)
    # the pack's own signature was checked when it was installed; here the station signs
    pack = {n: d for n, d in packs.files(edition).items() if n != PACK_SIGNATURE} if edition else None
    openpgp = AgencyKey(key.fingerprint, key.public.decode()) if key else None
    instance, seed = InstanceId(station.instance_id), SigningSeed(station.signing_seed)
    if station.publication:
        said = verify_publication(verifying_key(seed), instance, station.publication)
        if (said.pack, said.openpgp) == (pack, openpgp):
            return
    elif pack is None and openpgp is None:
        return
    station.publication_number += 1
    station.publication = sign_publication(
        seed, Publication(instance, station.publication_number, today.isoformat(), pack, openpgp)
    )


def accept_server(session: Session, key: VerifyingKey, today: date) -> None:
    """Certify a server whose words a person compared, and say so in the next descriptor."""
    station = station_row(session)
    serial = 1 + max((row.serial for row in received.servers(session)), default=0)
    certificate = trust.Certificate(
        InstanceId(station.instance_id), trust.Role.SERVER, key, serial, today.isoformat()
    )
    session.add(
        ServerRow(
            board_epoch=b"",
            board_seq=0,
            key_id=key,
            serial=serial,
            certificate=trust.sign_certificate(SigningSeed(station.signing_seed), certificate),
            accepted_on=today.isoformat(),
            epoch=b"",
            seq=0,
            sha256=b"",
            made_on="",
            imported_on="",
        )
    )
    session.flush()
    issue_descriptor(session, today)


def issue_batch(session: Session, state: IntakeState, today: date) -> None:
    """Publish the public half of a new intake state."""
    station = station_row(session)
    station.batch_no = state.batch_no
    station.last_window = state.last_window
    session.add(
        BatchRow(
            batch_no=state.batch_no,
            issued_on=today.isoformat(),
            first_window=state.first_window,
            last_window=state.last_window,
            lost_on=None,
            lost_by="",
        )
    )
    seed = SigningSeed(station.signing_seed)
    station.batch = sign_batch(seed, InstanceId(station.instance_id), state, today)
