"""Every way in which a bundle is refused, with one root.

The text of an error is a whole sentence for the person at the stick: what is wrong, and what
to do. It may name a bundle, a file of it or an object's id, and nothing of any content.
"""


class TransferError(Exception):
    """Something about this stick or bundle is not in order."""


class MediumError(TransferError):
    """The stick cannot be read or written. Check that it is plugged in and has room."""


class NoBundleError(TransferError):
    """There is no bundle for this machine on the stick."""


class DamagedBundleError(TransferError):
    """The bundle is damaged. Export it again, or carry it on another stick."""


class DamagedObjectError(TransferError):
    """One object of the bundle is damaged; the others are not concerned. Export it again."""


class BundleSignatureError(TransferError):
    """The bundle is not signed by the machine that it should come from. Do not use it."""


class ForkError(TransferError):
    """Two different bundles claim the same place. Keep both, and find out who made the second."""


class RestartError(TransferError):
    """The other machine was installed or restored anew. A person has to compare and accept it."""


class MissingBundleError(TransferError):
    """A bundle before this one has not been imported. Import that one, or export again."""


class MessageError(TransferError):
    """This is not a message to a source in the form that the protocol asks for."""
