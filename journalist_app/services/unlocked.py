"""The station while it is unlocked: the open vault and the key that opens it.

Made by a sign-in or a ceremony, kept by the sessions, handed to every service that needs the
vault. `close` is the lock: connections go and nobody holds the key any longer.
"""

from dataclasses import dataclass, field

from crypto import hybrid
from crypto.errors import CryptoError
from crypto.vault import VaultKey, open_state, seal_state
from crypto.windows import IntakeState
from journalist_app.errors import StateFileError
from journalist_app.store.folders import Folders, write_whole
from journalist_app.store.vault import Vault


@dataclass(frozen=True)
class Unlocked:
    """An open vault, its id and key, and the folders around it."""

    folders: Folders
    vault: Vault
    vault_id: bytes
    key: VaultKey = field(repr=False)

    def close(self) -> None:
        """Close the database."""
        self.vault.close()

    def seeds(self) -> tuple[tuple[int, hybrid.Seed], ...]:
        """Every window that can still be opened, with its private key; a window that two batches
        cover stands there twice. Raises `StateFileError`."""
        return tuple(pair for state in self.states() for pair in state.seeds())

    def states(self) -> tuple[IntakeState, ...]:
        """The intake states on the key stick. Raises `StateFileError`."""
        try:
            return open_state(self.key, self.vault_id, self.folders.read_state())
        except CryptoError as error:
            raise StateFileError from error

    def save_states(self, states: tuple[IntakeState, ...]) -> None:
        """Rewrite the state file, whole."""
        write_whole(self.folders.state, seal_state(self.key, self.vault_id, states))
