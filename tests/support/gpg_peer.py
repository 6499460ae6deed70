"""The other side of OpenPGP: gpg itself, at a command line of its own, with a keyring of its own.

It shares nothing with `crypto.openpgp` but the program, so that what one writes the other must
read. It can make what no honest side would make: weak, expired and revoked keys, messages
without integrity, bombs.
"""

import os
import subprocess
from pathlib import Path

PAST = ("--faked-system-time", "20200101T000000")


class GpgPeer:
    """Somebody with gpg and a folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(mode=0o700, exist_ok=True)

    def run(self, *arguments: str, data: bytes = b"", status: int = 0) -> bytes:
        """What gpg gives; it must end with this exit status."""
        line = ["gpg", "--homedir", str(self.home), "--batch", "--no-tty", "--yes", "--quiet"]
        line += ["--pinentry-mode", "loopback", "--passphrase", "open sesame" if "-c" in arguments else ""]
        done = subprocess.run(
            [*line, "--trust-model", "always", *arguments],
            input=data,
            capture_output=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
        assert done.returncode == status, done.stderr.decode("utf-8", "replace")
        return done.stdout

    def make_key(self, name: str, key: str = "ed25519", subkey: str = "cv25519", *more: str) -> str:
        """The fingerprint of a new key; without a subkey where that is empty."""
        self.run(*more, "--quick-gen-key", name, key, "sign", "1d" if PAST[0] in more else "never")
        fingerprint = self.fingerprint(name)
        if subkey:
            self.run(
                *more, "--quick-add-key", fingerprint, subkey, "encr", "1d" if PAST[0] in more else "never"
            )
        return fingerprint

    def fingerprint(self, name: str) -> str:
        """The fingerprint of a key in the keyring."""
        listed = self.run("--with-colons", "--list-keys", name).decode("utf-8", "replace")
        return next(row.split(":")[9] for row in listed.splitlines() if row.startswith("fpr:"))

    def revoke(self, fingerprint: str) -> None:
        """Publish the revocation that gpg wrote when it made the key."""
        written = (self.home / "openpgp-revocs.d" / f"{fingerprint}.rev").read_text()
        self.run("--import", data=written.replace(":-----BEGIN", "-----BEGIN").encode())

    def public(self, *fingerprints: str) -> bytes:
        """Public keys."""
        return self.run("--export", *fingerprints)

    def secret(self, *fingerprints: str) -> bytes:
        """Secret keys."""
        return self.run("--export-secret-keys", *fingerprints)

    def close(self) -> None:
        """End the agent."""
        subprocess.run(
            ["gpgconf", "--homedir", str(self.home), "--kill", "all"], check=True, env={"PATH": os.defpath}
        )
