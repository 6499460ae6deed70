"""What a reader of packs takes in: signed by a key that it trusts, sound, and newer than what it has.

An older edition is refused however well it is signed: whoever could bring one back could bring back a
rule that was mended. The caller keeps the editions and the keys and hands both in; nothing here
remembers. Used by the officer app's `services.packs`.

Checks: 1 the signature, as `cases.packs.signature` says; 2 the files can be read and hold no error;
3 they say the id and the number that were signed; 4 the number is above that of the newest edition of
this pack, or it is that very edition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.errors import OlderPackError, PackSignatureError
from cases.packs import reading, signature
from cases.packs.pack import Pack, PackRef
from crypto.signing import VerifyingKey


@dataclass(frozen=True)
class Admitted:
    """A pack that may be used, whose key signed it, and whether it is not on the shelf already."""

    pack: Pack
    key: VerifyingKey
    is_new: bool


def admit(
    files: Mapping[str, bytes], keys: Iterable[VerifyingKey], newest: Mapping[str, PackRef]
) -> Admitted:
    """The pack in these files (name to contents); `newest` are the newest editions that are here, by id.

    Raises `PackSignatureError`, `OlderPackError`, and `PackError` with the findings of the reader.
    Source: docs/protocol/pack.md.
    """
    sealed = signature.verify(files, keys)  # 1
    pack = reading.load(files)  # 2
    if pack.ref != sealed.ref:  # 3
        raise PackSignatureError("Its pack.sig is for another pack or edition than pack.toml names.")
    held = newest.get(pack.head.id)
    if held is None or pack.ref.version > held.version:  # 4
        return Admitted(pack, sealed.key, is_new=True)
    if pack.ref == held:
        return Admitted(pack, sealed.key, is_new=False)
    if pack.ref.version < held.version:
        raise OlderPackError(
            f"This is edition {pack.ref.version} of {held.id}, and edition {held.version} is here already. "
            "An older one is not taken back."
        )
    raise OlderPackError(
        f"Edition {held.version} of {held.id} is here already, with other contents. "
        "What was changed needs a higher number in pack.toml."
    )
