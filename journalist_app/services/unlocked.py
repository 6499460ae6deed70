"""The station while it is unlocked: the open vault and the key that opens it.

Made by a sign-in or a ceremony, kept by the sessions, handed to every service that needs the
vault. `close` is the lock: connections go and nobody holds the key any longer.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from crypto.errors import OpenError, SizeError
from crypto.vault import KeyFile, VaultKey, open_state, seal_state
from journalist_app.errors import KeyFileError, StateFileError
from journalist_app.store import vault_keys
from journalist_app.store.folders import Folders
from journalist_app.store.vault import Vault
from journalist_app.viewing.viewer import Viewer


@dataclass(frozen=True)
class Unlocked:
    """An open vault, its id and key, and the folders around it."""

    folders: Folders
    vault: Vault
    vault_id: bytes
    key: VaultKey = field(repr=False)
    viewer: Viewer = field(default_factory=Viewer, repr=False)

    def close(self) -> None:
        """Close the database, and forget what was drawn of files."""
        self.viewer.forget()
        self.vault.close()

    def keys(self) -> dict[int, VaultKey]:
        """The key of the vault and those it had before which something may still be sealed under, by
        their numbers, the newest first."""
        with self.vault.read() as session:
            return {vault_keys.number(session): self.key, **vault_keys.former(session)}

    def key_file(self, folder: Path | None = None) -> KeyFile:
        """The key file on the key stick, or on another medium, also where it is still sealed under a key
        from before. Raises `StateFileError`."""
        data = self.folders.read_state(folder)
        for key in self.keys().values():
            with suppress(OpenError):
                return open_state(key, self.vault_id, data)
        raise StateFileError

    def is_sealed_anew(self) -> bool:
        """Whether the key file in use is sealed under the key of the vault. Raises `StateFileError`."""
        try:
            open_state(self.key, self.vault_id, self.folders.read_state())
        except OpenError:
            return False
        return True

    def save_key_file(self, file: KeyFile, folder: Path | None = None) -> None:
        """Rewrite a key file, whole, and read it back. Raises `StateFileError`, `KeyFileError`."""
        try:
            self.folders.write_state(seal_state(self.key, self.vault_id, file), folder)
        except SizeError as error:
            raise KeyFileError(
                "The key file has no room for one more batch. Destroy the keys of old weeks first."
            ) from error
        if self.key_file(folder) != file:
            raise KeyFileError(
                "What was written to the key stick does not read back. Use another stick: this one fails."
            )
