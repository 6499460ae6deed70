"""Every way in which `crypto` refuses, with one root.

A docstring is the sentence a person may read. No error carries a key, a plaintext or a
codename, nor names a cause that would (`from None`: Python's own errors about text and dates repeat
it). `UnknownWordError` and `WordCountError` carry the words that are not in the list, which the person who
typed them needs to see, and `OpenError` never says why.
"""

from inspect import cleandoc


class CryptoError(Exception):
    """Something could not be sealed, opened, signed or read."""


class OpenError(CryptoError):
    """This could not be opened with this key: it is damaged, or meant for another."""


class EndedError(CryptoError):
    """This was sealed to its end already, or its writing broke off: nothing can be added."""


class FormatError(CryptoError):
    """These bytes do not have the form that the protocol asks for."""


class CanonicalError(FormatError):
    """This JSON is not in the one canonical form."""


class HeaderError(FormatError):
    """This is not an age header that we accept."""


class ArmorError(FormatError):
    """This is not an age file in its ASCII armour."""


class IdentityError(FormatError):
    """This is not a usable private key."""


class ParcelError(FormatError):
    """The sealed parcel breaks a rule of its format."""


class SizeError(FormatError):
    """This is larger than the limit, or not of a legal size."""


class RecipientError(FormatError):
    """This is not a usable public key."""


class SignatureError(CryptoError):
    """The signature does not belong to this document and this key."""


class WordListError(CryptoError):
    """The word list is not the one that codenames are made from."""


class CodenameError(CryptoError):
    """This is not a codename."""


class WordCountError(CodenameError):
    """A codename has eight words.

    `count` is how many were typed, 0 where the text was too long to be read; `unknown` as in
    `UnknownWordError`.
    """

    def __init__(self, count: int = 0, unknown: dict[str, tuple[str, ...]] | None = None) -> None:
        super().__init__("not eight words")
        self.count = count
        self.unknown = unknown or {}


class UnknownWordError(CodenameError):
    """Some of these words are not in the list that codenames are made from.

    `unknown` maps each word that is not in the list to the nearest words of the list, and to none
    where there are too many for slips of the pen.
    """

    def __init__(self, unknown: dict[str, tuple[str, ...]]) -> None:
        super().__init__("a word is not in the list")
        self.unknown = unknown


class CheckWordError(CodenameError):
    """All words are in the list, but together they are not a codename: one is mistaken."""


class WindowError(CryptoError):
    """There is no intake key for this week."""


class SelfTestError(CryptoError):
    """The cryptography of this machine does not give the answers that it must: nothing was started."""

    def __init__(self, check: str) -> None:
        super().__init__(f"{type(self).__doc__} The self-test stopped at: {check}.")
        self.check = check


class OpenPgpError(CryptoError):
    """GnuPG could not do this. Nothing was written."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or " ".join(cleandoc(self.__doc__ or "").split()))


class OpenPgpMissingError(OpenPgpError):
    """GnuPG and the sandbox that it works in are not on this machine. Install both:
    sudo apt-get install gnupg bubblewrap"""


class OpenPgpRoomError(OpenPgpError):
    """The sandbox for GnuPG does not start on this machine, or GnuPG is older than 2.2.40. It is never
    run without the sandbox: install bubblewrap and gnupg anew, and allow user namespaces."""


class OpenPgpKeyError(OpenPgpError):
    """This is not an OpenPGP key that can be used."""


class OpenPgpLimitError(OpenPgpError):
    """This is larger than is allowed, or takes too long. Nothing of it was kept."""
