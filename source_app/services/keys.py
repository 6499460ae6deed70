"""The keys of this instance as a person compares them: words and hex.

The key page shows the root's words to sources; `cleandrop-source keys` shows the server's own to the
administrator, who reads them out to the officers at first contact.
"""

from dataclasses import dataclass

from crypto.words import fingerprint
from source_app.services.trust import TrustReader
from transfer.publication import AgencyKey


@dataclass(frozen=True)
class KeyCard:
    """What the key page and `cleandrop-source keys` show. The root's part is empty before first contact."""

    root_words: tuple[str, ...]
    root_hex: str
    server_words: tuple[str, ...]
    server_hex: str
    confirmed: bool
    batch_no: int
    last_week_ends: str
    openpgp: AgencyKey | None
    """The agency's key for what is encrypted beforehand, once the station has published one."""


def key_card(trust: TrustReader) -> KeyCard:
    """The keys as they are now."""
    found = trust.current()
    server = trust.server_key
    return KeyCard(
        root_words=fingerprint(found.root) if found else (),
        root_hex=found.root.hex() if found else "",
        server_words=fingerprint(server),
        server_hex=server.hex(),
        confirmed=found is not None and found.confirmed,
        batch_no=found.batch.batch_no if found else 0,
        last_week_ends=found.batch.expires_on if found else "",
        openpgp=found.publication.openpgp if found and found.publication else None,
    )
