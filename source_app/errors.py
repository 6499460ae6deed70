"""Every way in which the source app refuses, with one root.

A docstring is the sentence that a person may read; where an error is raised with a text of its
own, that text is such a sentence too. None carries a plaintext, a codename or a file name;
`UnknownWordsError` carries the words that are not in the list, for the person who typed them.
"""

from collections.abc import Mapping
from typing import Final


class SourceAppError(Exception):
    """The source server cannot do this."""


class SettingsError(SourceAppError):
    """A setting is missing or cannot be used. The message names the file and the key."""


class UserError(SourceAppError):
    """This process cannot become the user that it should serve as."""


class StorageError(SourceAppError):
    """The data folder cannot be used as it is. Check its disk, its owner and its rights."""


class ClosedError(SourceAppError):
    """This site cannot take reports at the moment. Nothing was stored. Please come back later."""


class BusyError(SourceAppError):
    """Too many people are using this site at this moment. Nothing was stored. Please try again soon."""


class ForeignHostError(SourceAppError):
    """You did not come here by the address of this site. Somebody may be reading along."""


class ReportError(SourceAppError):
    """This could not be sent. Nothing was stored."""


class TokenError(ReportError):
    """This page was open for too long, or the browser does not keep cookies for this site.

    Nothing was stored.
    """


class EmptyReportError(ReportError):
    """There is nothing in it yet: write a few words, or choose a file. Nothing was stored."""


class CodenameInTextError(ReportError):
    """Your text contains a codename. Nobody should ever see yours, so nothing was stored. Take it out."""


class TextTooLongError(ReportError):
    """Your text is longer than one mebibyte. Nothing was stored. Send it as a file instead."""


class AnswersTooLongError(ReportError):
    """Your answers are too long together. Nothing was stored. Put the longest into a file."""


class TooLargeError(ReportError):
    """All of it together is larger than this site accepts. Nothing was stored. Send it in several parts."""


class NoRoomForFilesError(ReportError):
    """There is no room for files here at the moment. Nothing was stored. A text without files still goes."""


class TooSlowError(ReportError):
    """This took more than two days, so it was stopped. Nothing was stored. Send it in several parts."""


class TooManyFilesError(ReportError):
    """More than 1,000 files cannot be sent at once. Nothing was stored. Send them in several parts."""


class FormError(ReportError):
    """The form did not arrive in the order in which a browser sends it. Nothing was stored."""


class BrokenUploadError(ReportError):
    """The connection broke off before everything had arrived. Nothing was stored."""


class CodenameError(SourceAppError):
    """This is not a codename."""


class WordCountError(CodenameError):
    """A codename has eight words; here are more or fewer.

    `count` is how many, 0 where the text was too long to be read; `unknown` as in `UnknownWordsError`.
    """

    def __init__(self, count: int, unknown: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.count = count
        self.unknown = unknown


class UnknownWordsError(CodenameError):
    """Some of these words are not in the list that codenames are made from.

    `unknown` maps each of them to the nearest words of the list.
    """

    def __init__(self, unknown: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__("a word is not in the list")
        self.unknown = unknown


class MistakenWordError(CodenameError):
    """All the words are in the list, but together no codename: one of them is mistaken, or their order."""


class ImportRefusedError(SourceAppError):
    """This bundle cannot be imported. Nothing was changed."""


class UnknownRootError(SourceAppError):
    """This server does not know its instance yet: a person has to compare ten words first.

    `words` are the words of the root key that the bundle names.
    """

    def __init__(self, message: str, words: tuple[str, ...]) -> None:
        super().__init__(message)
        self.words = words


class NotInstalledError(SourceAppError):
    """This server does not know its instance yet. Import the first OUT bundle of the station."""


SEEN_BY_SOURCES: Final = (ReportError, CodenameError, BusyError, ClosedError, ForeignHostError)
"""The other errors are for the administrator, in English: they may name files of the server."""


def sentence(error: SourceAppError) -> str:
    """What a person reads: the error's own text, or the first paragraph of its docstring."""
    text = str(error) or (type(error).__doc__ or "").partition("\n\n")[0]
    return " ".join(text.split())
