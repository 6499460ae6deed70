"""Every way in which the officer app refuses, with one root.

The first paragraph of a docstring is the sentence that the officer reads: what is wrong, and
what to do. A raiser may hand in a more exact sentence instead. None carries a key, a
passphrase, a word of a report or the name of a file in one.
"""

from inspect import cleandoc


class OfficerError(Exception):
    """Something was refused. Nothing was changed."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or " ".join(cleandoc(self.__doc__ or "").partition("\n\n")[0].split()))


class SettingsError(OfficerError):
    """The settings file cannot be used. Compare it with docs/operators/station.md."""


class TimeZoneError(OfficerError):
    """This machine does not know that time zone. Check its name, or install the package tzdata."""


class ClockError(OfficerError):
    """This machine's clock shows a day before 2024. Set it right first: keys and codes depend on it."""


class ClockQuestionError(OfficerError):
    """The station's clock went back or jumped. Nothing was done: compare it with another clock first."""

    def __init__(self, today: str, seen_before: str) -> None:
        super().__init__(
            f"The station's clock shows {today}; when it was last used it showed {seen_before}. Nothing was "
            "done. Compare it with another clock. If it is wrong, set it. If it is right, say so on the page "
            f'"Clock", or with "cleandrop-officer clock --confirm {today}".'
        )


class ClockStatementError(OfficerError):
    """This is not the day that the station's clock shows. If the clock is wrong, set it. If it is right,
    type its day in numbers, as 2026-11-22."""


class NoVaultError(OfficerError):
    """There is no vault here yet. Run "cleandrop-officer ceremony" first."""


class VaultExistsError(OfficerError):
    """There is a vault here already. A ceremony would replace it: choose another folder."""


class VaultDamagedError(OfficerError):
    """The vault does not open with this key, or is damaged. Nothing was changed. Restore it from
    a backup."""


class StateFileError(OfficerError):
    """The file intake.state is missing on the key stick, damaged, or not of this vault. Plug in the key
    stick and try again."""


class KeyFileError(StateFileError):
    """The file intake.state on the key stick cannot be used as it is. Look at the page "Intake keys"."""


class BackupError(OfficerError):
    """This is no whole backup of this vault. Do not rely on it: make another, on another medium."""


class BackupPlaceError(OfficerError):
    """A backup cannot be made here. Take another medium."""


class DestructionError(OfficerError):
    """The keys of these weeks cannot be destroyed now: they are destroyed already, or something is
    missing. Look at the page "Intake keys", or at "intake status"."""


class RoleError(OfficerError):
    """None of your roles lets you do this. Nothing was done. Ask an administrator."""


class PeopleError(OfficerError):
    """The officers cannot be changed like that. Nothing was changed."""


class StepError(OfficerError):
    """This step cannot be recorded as it is. Nothing was kept."""


class LetterError(OfficerError):
    """This letter cannot go out as it is."""


class ArchiveError(OfficerError):
    """The archive cannot be made like that. Nothing of it was kept."""


class DeletionError(OfficerError):
    """This case cannot be deleted. Nothing was deleted."""


class AuditBrokenError(OfficerError):
    """The audit log is not what was written. Keep this disk as it is, and tell the head of the agency."""


class BusyError(OfficerError):
    """Another import or export is running. Wait until it has ended, then try again."""


class SignInError(OfficerError):
    """Name, passphrase or code is wrong, or the code was used before. Check all three, wait for the
    next code, and try again."""


class ThrottledError(OfficerError):
    """There were too many wrong tries for this officer. Wait a little, then try again."""

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(
            "There were too many wrong tries for this officer. "
            f"Wait {wait_seconds} seconds, then try again. Other officers are not concerned."
        )


class ClosedVaultError(OfficerError):
    """The vault was locked in the meantime. Sign in again."""


class StickError(OfficerError):
    """No stick was found. Plug it in, wait a moment and try again."""


class StickChoiceError(StickError):
    """More than one stick could be meant. Choose one of them, or take the other one out.

    `sticks` are the paths to choose from.
    """

    def __init__(self, sticks: tuple[str, ...]) -> None:
        super().__init__()
        self.sticks = sticks


class UnknownServerError(OfficerError):
    """This bundle is from a server that was not accepted yet. Compare its ten words with those that
    "cleandrop-source keys" shows, and accept it only when they are the same.

    `key_hex` and `words` are what a person compares.
    """

    def __init__(self, key_hex: str, words: tuple[str, ...]) -> None:
        super().__init__()
        self.key_hex = key_hex
        self.words = words


class ServerWordsError(OfficerError):
    """These are not the ten words of the server whose bundle is on the stick. Nothing was imported.
    Compare them with what "cleandrop-source keys" shows."""


class RefusedObjectError(OfficerError):
    """This object was refused. It is kept in quarantine, byte for byte."""


class DiskError(OfficerError):
    """This machine's disk could not be written. Check that it has room, then try again: what was kept
    or imported before is still there."""


class NotFoundError(OfficerError):
    """There is nothing under this address. Go back to the list of cases."""


class EnvelopeError(OfficerError):
    """The kept envelope of this file is missing or was changed on this machine. Nothing was saved.
    Restore it from a backup."""


class ReplyError(OfficerError):
    """This answer cannot be kept as it is. Check its text, stage and date."""


class SortingError(OfficerError):
    """This case cannot be sorted like that."""


class SentReplyError(OfficerError):
    """This answer is in a bundle already and cannot be changed. Write another one."""


class UnanswerableError(ReplyError):
    """This source cannot be answered: the key that came with the report cannot be sealed to."""


class AgencyKeyMissingError(OfficerError):
    """The agency has no OpenPGP key yet. Make it with "cleandrop-officer openpgp create"."""


class AgencyKeyExistsError(OfficerError):
    """The agency has its OpenPGP key already. See it with "cleandrop-officer openpgp show"."""


class InstitutionError(OfficerError):
    """There is no institution of that name. See "cleandrop-officer openpgp list"."""


class OpenPgpRefusedError(OfficerError):
    """This message was not opened, and nothing of it was kept. It is damaged or has no protection
    against changes, or it is not encrypted to the agency's key, or not signed by the institution
    that you named. Ask for it again, encrypted to the key that "openpgp show" prints."""


class PackMissingError(OfficerError):
    """There is no such pack, or no such edition of it, at this station. See "cleandrop-officer pack list"."""


class PackWordsError(OfficerError):
    """These are not the ten words of the pack key in this file. It was not trusted. Ask its keeper for
    them once more, by another way than the file came: "python -m cases.sign show-key" says them."""


class InstalledPackError(OfficerError):
    """An installed pack cannot be read by this program any more. Nothing of it was changed. Install its
    newest edition; if that does not help, restore the vault from a backup."""


class DrawingError(OfficerError):
    """This file cannot be shown here. Nothing of it was opened outside of the sandbox."""


class RoomError(OfficerError):
    """The sandbox in which files are looked at does not work on this machine, so nothing is drawn. It
    takes the packages bubblewrap, util-linux and libseccomp2, and a system that allows user namespaces:
    docs/operators/station.md, "Files", says how."""


class ViewerMissingError(OfficerError):
    """A program that draws files of this kind is not installed, so nothing is drawn."""

    def __init__(self, packages: str) -> None:
        super().__init__(
            "The program that draws files of this kind is not installed here, so nothing is drawn. "
            f"An operator installs it: sudo apt-get install --no-install-recommends {packages}"
        )


class FileError(OfficerError):
    """This file cannot be read, or the new one cannot be written. Check both names, and that there
    is room. Nothing was left half written."""
