"""OpenPGP for the world outside, over GnuPG (protocol 1, section 11; docs/protocol/openpgp.md).

The agency's key opens what a source encrypted to it before sending; an institution without this
software gets its package signed and encrypted. Never in the way of intake, and without forward
secrecy. The officer app's services call it.

This is the only module that knows python-gnupg, and its typed face: that library starts gpg and
moves the bytes; where gpg runs is `crypto.gpg_room`, what its answers mean is
`crypto.gpg_answers`. Each function is one use: a keyring is made in the room from the keys that
are handed in, and is gone when the function returns, raises, or is killed.
"""

import io
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, BinaryIO, Final

import gnupg

from crypto import gpg_answers, gpg_room, sizes
from crypto.errors import (
    OpenError,
    OpenPgpError,
    OpenPgpKeyError,
    OpenPgpLimitError,
    OpenPgpMissingError,
    OpenPgpRoomError,
)
from crypto.gpg_answers import Fingerprint, Status

Sink = Callable[[bytes], object]
"""Takes plaintext or ciphertext as it comes."""

MESSAGE_MAX: Final = sizes.PADDED_MAX
NAME_MAX: Final = 200
KEY_SECONDS: Final = 30
MESSAGE_SECONDS: Final = 1800
STATUSES_MAX: Final = 10_000
VERSION_MIN: Final = (2, 2, 40)

_OUTPUT_MAX: Final = 4 * sizes.OPENPGP_KEY_MAX
_NEW_KEY: Final = """\
Key-Type: eddsa
Key-Curve: ed25519
Key-Usage: sign
Subkey-Type: ecdh
Subkey-Curve: cv25519
Subkey-Usage: encrypt
Name-Real: {name}
Expire-Date: 0
%no-protection
%commit
"""


@dataclass(frozen=True)
class AgencyKey:
    """The agency's own key. `secret` is what the vault keeps, `public` what everybody may have, armoured."""

    fingerprint: Fingerprint
    public: bytes
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class PublicKey:
    """A key of an institution that passed every check: its fingerprint, and a minimal export."""

    fingerprint: Fingerprint
    data: bytes


def require() -> None:
    """Raise `OpenPgpMissingError` or `OpenPgpRoomError` unless gpg is here and works in its room."""
    _run(_Job(("--list-keys",), judged=False), io.BytesIO())


def generate(name: str) -> AgencyKey:
    """A new key for the agency called `name`: Ed25519 to sign, X25519 to be encrypted to, no expiry.

    Raises `OpenPgpError`. Safe because the secret key has no passphrase but never stands
    anywhere except in the room's memory and in what is returned, for the encrypted vault.
    """
    if not name.isprintable() or name != name.strip() or not 0 < len(name.encode()) <= NAME_MAX:
        raise OpenPgpKeyError("The name of a key is one line of up to 200 bytes.")
    wish = io.BytesIO(_NEW_KEY.format(name=name).encode())
    made = _run(_Job(("--gen-key",), after=(("--export-secret-keys",),)), wish)
    fingerprint = gpg_answers.created(made.statuses)
    public = _run(_Job(("--armor", "--export", fingerprint), keyring=(made.output,)), io.BytesIO())
    return AgencyKey(fingerprint, public.output, made.output)


def import_key(data: bytes, fingerprint: str) -> PublicKey:
    """The public key in `data`, armoured or not, if it is exactly the one that bears `fingerprint`.

    Checks: 1 the fingerprint is whole and the key not too large; the others are those of
    `gpg_answers.check_imported` and `check_listed`. Raises `OpenPgpKeyError` with the reason.

    Safe because a person compared the whole fingerprint, and what is kept is a minimal export of
    what gpg itself took: no foreign signature, no second key, nothing secret. Every use checks
    again, so a key that has expired is found.
    """
    wanted = gpg_answers.parse_fingerprint(fingerprint)  # 1
    if not 0 < len(data) <= sizes.OPENPGP_KEY_MAX:  # 1
        raise OpenPgpKeyError("A key is not empty, and has at most 256 KiB. Ask for a minimal export of it.")
    listed = _run(_Job(("--import",), after=(("--list-keys",),), judged=False), io.BytesIO(data))
    gpg_answers.check_imported(listed.statuses)
    gpg_answers.check_listed(listed.output, wanted)
    minimal = ("--export-options", "export-minimal", "--export", wanted)
    return PublicKey(wanted, _run(_Job(minimal, keyring=(data,)), io.BytesIO()).output)


def decrypt(
    own: AgencyKey, source: BinaryIO, sink: Sink, max_bytes: int, signed_by: PublicKey | None = None
) -> None:
    """Open the message that is read from `source`, armoured or not, and push its plaintext into `sink`.

    `max_bytes` is the most that may come out. With `signed_by`, the message must be signed by
    that key and by no other; without, signatures are not looked at. Raises `OpenError` for
    every message that does not open, whatever the reason, and `OpenPgpLimitError`.

    Checks: 1 gpg ended without complaint; the others are those of `gpg_answers.check_opened`. The
    caller throws away what it took until this returns: integrity is known only at the end.
    Safe because of the checks in `gpg_answers.check_opened`, and because names, times and sizes
    that stand inside the message are never looked at.
    """
    keys = (own.secret,) if signed_by is None else (own.secret, _still_good(signed_by).data)
    verify = ("--skip-verify",) if signed_by is None else ()
    job = _Job((*verify, "--decrypt"), keyring=keys, judged=False, seconds=MESSAGE_SECONDS)
    signer = None if signed_by is None else signed_by.fingerprint
    answer = _run(job, source, sink, min(max_bytes, MESSAGE_MAX))
    if answer.returncode != 0:  # 1
        raise OpenError
    gpg_answers.check_opened(answer.statuses, own.fingerprint, signer)


def encrypt(own: AgencyKey, to: PublicKey, source: BinaryIO, sink: Sink) -> None:
    """Sign with the agency's key what is read from `source`, encrypt it to `to`, push it into `sink`.

    Checks: 1 the key of `to` passes all of its checks again; the others are those of
    `gpg_answers.check_sealed`. Raises `OpenPgpKeyError` when that key has expired since it was
    imported, and `OpenPgpError`. Safe because the signature lies inside the encryption, and the
    recipient's key is named by its whole fingerprint.
    """
    keys = (own.secret, _still_good(to).data)  # 1
    how = ("--cipher-algo", "AES256", "--digest-algo", "SHA512", "--compress-algo", "none")
    whom = ("--local-user", own.fingerprint, "--recipient", to.fingerprint)
    job = _Job((*how, *whom, "--sign", "--encrypt"), keyring=keys, seconds=MESSAGE_SECONDS)
    answer = _run(job, source, sink, MESSAGE_MAX + MESSAGE_MAX // 16)
    gpg_answers.check_sealed(answer.statuses, own.fingerprint)


def _still_good(key: PublicKey) -> PublicKey:
    return import_key(key.data, key.fingerprint)


@dataclass(frozen=True)
class _Job:
    """One use of a room: `keyring` is imported, the `step` that counts runs, then what comes `after` it.

    A job that is `judged` fails when gpg says so; else the caller reads the statuses.
    """

    step: gpg_room.Step
    after: tuple[gpg_room.Step, ...] = ()
    keyring: tuple[bytes, ...] = field(default=(), repr=False)
    judged: bool = True
    seconds: int = KEY_SECONDS


_PROBE: Final = _Job(())


@dataclass(frozen=True)
class _Answer:
    """What came of a job; `output` is empty where a sink took it."""

    statuses: list[Status]
    returncode: int
    output: bytes = field(repr=False)


def _run(job: _Job, source: BinaryIO, sink: Sink | None = None, max_bytes: int = _OUTPUT_MAX) -> _Answer:
    if not Path(gpg_room.BWRAP).exists() or not Path(gpg_room.GPG).exists():
        raise OpenPgpMissingError
    output = bytearray()
    try:
        gpg = _Gpg(job, sink or output.extend, max_bytes)
    except (OSError, ValueError) as error:
        raise OpenPgpRoomError from error
    if gpg.version is None or gpg.version < VERSION_MIN:
        raise OpenPgpRoomError
    returncode = gpg.work(source)
    if job.judged and returncode != 0:
        raise OpenPgpError
    return _Answer(gpg.statuses, returncode, bytes(output))


class _Outcome(gnupg.StatusHandler):  # type: ignore[misc]  # python-gnupg has no types
    """What python-gnupg fills in; the statuses are kept by `_Gpg`."""

    returncode: int = -1
    on_data_failure: Exception | None = None


class _Gpg(gnupg.GPG):  # type: ignore[misc]  # python-gnupg has no types
    """python-gnupg for one job: started in a room, its answers read strictly, its output capped.

    That library reads answers as Latin-1 text, in which more characters end a line than a line
    feed, and collects all output; and its log repeats names and answers. So those parts are ours.
    """

    def __init__(self, job: _Job, sink: Sink, max_bytes: int) -> None:
        gnupg.logger.disabled = True
        self.statuses: list[Status] = []
        self._sink = sink
        self._left = max_bytes
        self._stopped = False
        self._job = _PROBE
        super().__init__(gpgbinary=gpg_room.GPG)  # starts an empty room, to see that rooms work
        self._job = job
        self.buffer_size = sizes.CHUNK
        self.on_data = self._take

    def work(self, source: BinaryIO) -> int:
        """Do the job: its exit status. Raises `OpenPgpLimitError`, and what source and sink raise."""
        outcome = _Outcome(self)
        try:
            self._handle_io(self._job.step, source, outcome, binary=True)
        except BrokenPipeError:
            outcome.returncode = -1  # gpg ended before it had read everything
        if outcome.on_data_failure is not None:
            raise outcome.on_data_failure
        if self._stopped:
            raise OpenPgpLimitError
        return outcome.returncode

    def _open_subprocess(self, args: Sequence[str], passphrase: bool = False) -> Popen[bytes]:  # noqa: ARG002
        job = self._job
        names = [f"/keys/{number}" for number in range(len(job.keyring))]
        before = (("--import", *names),) if names else ()
        with _open_files(job.keyring) as files:
            command = gpg_room.command(before, args, job.after, files)
            self._process = Popen(  # noqa: S603  # our own words and checked fingerprints
                command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env={}, cwd="/", pass_fds=files
            )
        return self._process

    def _collect_output(self, process: Popen[bytes], *rest: Any, **named: Any) -> Any:
        watch = threading.Timer(self._job.seconds, self._stop)
        watch.start()
        try:
            return super()._collect_output(process, *rest, **named)
        finally:
            watch.cancel()
            process.kill()
            process.wait()

    def _read_response(self, stream: Any, result: Any) -> None:
        result.stderr = ""
        while line := stream.stream.readline(sizes.GPG_STATUS_LINE_MAX):
            status = gpg_answers.status_of(line)
            if not line.endswith(b"\n") or len(self.statuses) == STATUSES_MAX:
                self._stop()
            elif status is not None:
                self.statuses.append(status)

    def _take(self, data: bytes) -> bool:
        self._left -= len(data)
        if self._left < 0:
            self._stop()
        if data and not self._stopped:
            try:
                self._sink(data)
            except BaseException:
                self._stop()
                raise
        return False

    def _stop(self) -> None:
        self._stopped = True
        self._process.kill()


@contextmanager
def _open_files(contents: Sequence[bytes]) -> Iterator[tuple[int, ...]]:
    """Open files in memory that hold `contents`, to be read from their beginning."""
    files = []
    try:
        for content in contents:
            file = os.memfd_create("key")
            files.append(file)
            with os.fdopen(file, "wb", closefd=False) as writer:
                writer.write(content)
            os.lseek(file, 0, os.SEEK_SET)
        yield tuple(files)
    finally:
        for file in files:
            os.close(file)
