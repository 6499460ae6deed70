"""From a codename to the master that a session carries: the slow step, at this instance.

A codename that nobody ever used takes the same way at the same cost.
"""

from source_app.errors import ClosedError
from source_app.services.derivation import Derivation, Queue
from source_app.services.trust import TrustReader


class Identities:
    """Derives masters for this server's instance."""

    def __init__(self, trust: TrustReader, derivation: Derivation) -> None:
        self._trust = trust
        self._derivation = derivation

    def for_first_report(self, codename: str) -> str:
        """The master of a codename that was just made, in hex. Raises `ClosedError`, `BusyError`."""
        return self._master(codename, Queue.FIRST_REPORT)

    def for_return(self, codename: str) -> str:
        """The master of a codename that was typed in, in hex. Raises `ClosedError`, `BusyError`."""
        return self._master(codename, Queue.RETURN)

    def _master(self, codename: str, queue: Queue) -> str:
        trust = self._trust.current()
        if trust is None:
            raise ClosedError("No instance is known yet: import the first OUT bundle of the station.")
        return self._derivation.master(codename, trust.instance_id, queue).hex()
