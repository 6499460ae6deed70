"""The one place that knows which parts a station is made of.

`build_station` is called once per process, by the app and by the command line. A `Desk` is what
one signed-in officer works at for one request: the services on the open vault.
"""

from dataclasses import dataclass
from datetime import timedelta

from crypto.source_keys import Cost
from journalist_app.clock import Clock
from journalist_app.services.answering import Answering
from journalist_app.services.archiving import Archiving
from journalist_app.services.audit import Audit
from journalist_app.services.backups import Backups
from journalist_app.services.ceremony import Ceremony
from journalist_app.services.copies import Copies
from journalist_app.services.decrypting import Decrypting
from journalist_app.services.deleting import Deleting
from journalist_app.services.destroying import Destroying
from journalist_app.services.letters import Letters
from journalist_app.services.notices import Notices
from journalist_app.services.openpgp import OpenPgp
from journalist_app.services.overview import Overview, overview
from journalist_app.services.own_access import OwnAccessDesk
from journalist_app.services.packs import Packs
from journalist_app.services.people import People
from journalist_app.services.proposals import Proposals
from journalist_app.services.reading import Reading
from journalist_app.services.receiving import Receiving
from journalist_app.services.sending import Sending
from journalist_app.services.sessions import Sessions
from journalist_app.services.sign_in import Officer, SignIn
from journalist_app.services.sorting import Sorting
from journalist_app.services.steps import Steps
from journalist_app.services.sticks import Media, Sticks
from journalist_app.services.unlocked import Unlocked
from journalist_app.services.viewing import Viewing
from journalist_app.settings import Settings
from journalist_app.store.folders import Folders


@dataclass(frozen=True)
class Station:
    """The parts of the station that live as long as its process."""

    settings: Settings
    clock: Clock
    folders: Folders
    sticks: Sticks
    key_copy_media: Media
    backup_media: Media
    archive_media: Media
    sign_in: SignIn
    sessions: Sessions

    def ceremony(self) -> Ceremony:
        """What makes the vault."""
        return Ceremony(self.folders, self.settings.passphrase_cost, self.clock)

    def desk(self, officer: Officer, unlocked: Unlocked) -> "Desk":
        """The services for one officer on an open vault."""
        return Desk(self.clock, officer, unlocked, self.settings.passphrase_cost)


@dataclass(frozen=True)
class Desk:
    """What an officer who is signed in can do."""

    clock: Clock
    officer: Officer
    unlocked: Unlocked
    passphrase_cost: Cost

    def people(self) -> People:
        """Who the officers are."""
        return People(self.unlocked, self.officer, self.clock, self.passphrase_cost)

    def own_access(self) -> OwnAccessDesk:
        """The officer's own passphrase, phone and codes."""
        return OwnAccessDesk(self.unlocked, self.officer, self.clock, self.passphrase_cost)

    def reading(self) -> Reading:
        """Cases and their files."""
        return Reading(self.unlocked, self.officer, self.clock)

    def steps(self) -> Steps:
        """Steps of cases, and notes."""
        return Steps(self.unlocked, self.officer, self.clock)

    def answering(self) -> Answering:
        """Answers to sources."""
        return Answering(self.unlocked, self.officer, self.clock)

    def archiving(self) -> Archiving:
        """Sealed archives of cases."""
        return Archiving(self.unlocked, self.officer, self.clock)

    def letters(self) -> Letters:
        """Letters to bodies."""
        return Letters(self.unlocked, self.officer, self.clock)

    def deleting(self) -> Deleting:
        """Cases whose time is over."""
        return Deleting(self.unlocked, self.officer, self.clock)

    def notices(self) -> Notices:
        """What answers begin with."""
        return Notices(self.unlocked, self.officer)

    def proposals(self) -> Proposals:
        """Steps that wait for a second officer."""
        return Proposals(self.unlocked, self.officer, self.clock)

    def sorting(self) -> Sorting:
        """Flags, links, junk."""
        return Sorting(self.unlocked, self.officer)

    def decrypting(self) -> Decrypting:
        """OpenPGP messages that sources sent."""
        return Decrypting(self.unlocked, self.officer, self.clock)

    def viewing(self) -> Viewing:
        """Looks at files, and cleaned copies."""
        return Viewing(self.unlocked, self.officer)

    def receiving(self) -> Receiving:
        """Import."""
        return Receiving(self.unlocked, self.clock)

    def sending(self) -> Sending:
        """Export."""
        return Sending(self.unlocked, self.clock)

    def openpgp(self) -> OpenPgp:
        """The agency's and institutions' OpenPGP keys, and messages under them."""
        return OpenPgp(self.unlocked, self.clock)

    def packs(self) -> Packs:
        """The packs of rules, and the keys that may sign them."""
        return Packs(self.unlocked, self.officer, self.clock)

    def backups(self) -> Backups:
        """Backups of the vault."""
        return Backups(self.unlocked, self.officer, self.clock)

    def copies(self) -> Copies:
        """The copies of the key file."""
        return Copies(self.unlocked, self.officer, self.clock)

    def destroying(self) -> Destroying:
        """The keys of weeks that are over."""
        return Destroying(self.unlocked, self.officer, self.clock)

    def audit(self) -> Audit:
        """The log of who asked for what."""
        return Audit(self.unlocked, self.clock)

    def overview(self) -> Overview:
        """The state at a glance."""
        return overview(self.unlocked, self.officer, self.clock)


def build_station(settings: Settings, clock: Clock) -> Station:
    """Put the parts together. Opens nothing."""
    folders = Folders(settings.vault_dir, settings.key_stick_dir)
    return Station(
        settings,
        clock,
        folders,
        Sticks(settings.stick_dirs),
        Media(settings.key_copy_dirs),
        Media(settings.backup_dirs),
        Media(settings.archive_dirs),
        SignIn(folders, settings.passphrase_cost, clock),
        Sessions(clock, timedelta(minutes=settings.idle_minutes)),
    )
