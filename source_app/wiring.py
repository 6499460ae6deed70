"""The one place that knows concrete classes: from settings to services.

`open_services` serves the command line and the web alike; what only the web needs stands in
`open_web`. Nothing is a singleton: whoever calls owns what it gets.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from crypto import sizes
from crypto.signing import SigningSeed, verifying_key
from crypto.source_keys import CODENAME_COST, Cost
from source_app.clock import Clock
from source_app.errors import StorageError
from source_app.languages import CATALOGUES, Languages
from source_app.multipart import FieldRoom
from source_app.security.body import BodyCheck, CountedBody
from source_app.security.host import HostCheck
from source_app.security.left import LeftSessions
from source_app.security.session import SealedCookies
from source_app.security.tickets import TicketFolder
from source_app.services.derivation import Derivation
from source_app.services.export import Exporter
from source_app.services.gate import IntakeGate
from source_app.services.identities import Identities
from source_app.services.import_out import Importer
from source_app.services.inbox import InboxReader
from source_app.services.progress import Progress
from source_app.services.public import PublicTexts
from source_app.services.reports import ReportIntake
from source_app.services.retention import Retention
from source_app.services.trust import TrustReader
from source_app.settings import SourceSettings
from source_app.store.database import Database
from source_app.store.envelopes import EnvelopeStore
from source_app.store.progress_files import ProgressFiles
from source_app.store.secret_files import load_or_make

FORM_OVERHEAD_BYTES: Final = 1 * sizes.MIB
"""What a form adds to the files in it: boundaries, names, the token."""
THREADS_FOR_PAGES: Final = 32
"""Of each process; sendings never take them."""
LARGE_ENDPOINTS: Final = frozenset({"report.send", "inbox.write", "acts.send", "acts.withdraw"})


@dataclass(frozen=True)
class Services:
    """What the command line needs, and the web on top of it."""

    settings: SourceSettings
    clock: Clock
    database: Database
    envelopes: EnvelopeStore
    trust: TrustReader
    gate: IntakeGate
    inbox: InboxReader
    exporter: Exporter
    importer: Importer
    retention: Retention


@dataclass(frozen=True)
class Web:
    """What the pages need."""

    settings: SourceSettings
    trust: TrustReader
    gate: IntakeGate
    inbox: InboxReader
    public: PublicTexts
    identities: Identities
    reports: ReportIntake
    progress: ProgressFiles
    languages: Languages
    cookies: SealedCookies
    hosts: HostCheck
    bodies: BodyCheck
    field_room: FieldRoom
    token_secret: bytes = field(repr=False)

    def watch(self, session_id: str, body: CountedBody) -> Progress:
        """The progress of a sending of this session."""
        return Progress(self.progress, body, partial(self.reports.note_of, session_id))


def open_services(settings: SourceSettings, clock: Clock) -> Services:
    """Open the data folder; makes what is not there yet. Raises `StorageError`."""
    database_file, key_file = settings.data_dir / "source.sqlite3", settings.data_dir / "server.key"
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        envelopes = EnvelopeStore(settings.data_dir)
        _require_whole(database_file, key_file, envelopes)
        seed = SigningSeed(load_or_make(key_file, sizes.SEED))
    except OSError as error:
        raise StorageError(
            f"{settings.data_dir} cannot be used. Check that the disk has room and that this user owns it."
        ) from error
    server_key = verifying_key(seed)
    database = Database(database_file)
    trust = TrustReader(database, server_key)
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        envelopes=envelopes,
        trust=trust,
        gate=IntakeGate(database, trust, clock),
        inbox=InboxReader(database, trust),
        exporter=Exporter(database, envelopes, trust, seed, clock),
        importer=Importer(database, server_key, settings.delete_after_days, clock),
        retention=Retention(database, envelopes),
    )


def _require_whole(database_file: Path, key_file: Path, envelopes: EnvelopeStore) -> None:
    """Nothing is made anew beside what belongs to something that is missing. Raises `StorageError`."""
    has_database = database_file.exists() and database_file.stat().st_size > 0
    if not has_database and envelopes.holds_any():
        raise StorageError(
            f"{database_file} is missing or empty, and sealed reports lie beside it. Nothing was made anew "
            "or removed. Bring back the database that belongs to them."
        )
    if has_database and not key_file.exists():
        raise StorageError(
            f"{key_file} is missing, and the database beside it was made under it. Nothing was made anew. "
            "Bring back the file; where it is lost, set up another server, and keep this folder."
        )


def open_web(services: Services, catalogues: Sequence[Path] = (CATALOGUES,)) -> Web:
    """Open the run folder, which is memory. `catalogues`: folders of translations. Raises `StorageError`."""
    settings = services.settings
    try:
        settings.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        progress = ProgressFiles(settings.run_dir)
        tickets = TicketFolder(settings.run_dir, services.clock)
        left = LeftSessions(settings.run_dir, services.clock)
        token_secret = load_or_make(settings.run_dir / "token.key", sizes.SEED)
        receipt_secret = load_or_make(settings.run_dir / "receipt.key", sizes.SEED)
    except OSError as error:
        raise StorageError(f"{settings.run_dir} cannot be used. Check its owner and its rights.") from error
    cost = Cost(settings.kdf_memory_mib * sizes.MIB, CODENAME_COST.passes)
    places = max(1, (os.cpu_count() or 1) // settings.workers)
    identities = Identities(services.trust, Derivation(cost, places))
    return Web(
        settings=settings,
        trust=services.trust,
        gate=services.gate,
        inbox=services.inbox,
        public=PublicTexts(services.trust, services.clock),
        progress=progress,
        languages=Languages(services.trust, catalogues),
        identities=identities,
        reports=ReportIntake(
            services.database, services.envelopes, services.gate, identities, receipt_secret
        ),
        cookies=SealedCookies(tickets, left, services.trust, services.clock),
        hosts=HostCheck(settings.allowed_hosts),
        field_room=FieldRoom(),
        bodies=BodyCheck(
            settings.max_report_mib * sizes.MIB + FORM_OVERHEAD_BYTES,
            LARGE_ENDPOINTS,
            max(1, settings.threads - THREADS_FOR_PAGES),
        ),
        token_secret=token_secret,
    )


@contextmanager
def alone(data_dir: Path, what: str) -> Iterator[None]:
    """Hold the lock of a piece of work that only one process may do. Raises `StorageError`."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(data_dir / f"{what}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise StorageError(
            f"Another process of cleandrop-source is busy with this ({what}). Wait until it has ended."
        ) from error
    finally:
        os.close(descriptor)
