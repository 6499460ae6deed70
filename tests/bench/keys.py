"""wrap_hybrid, batch_52, source_keys, selftest: what is done once per report, per batch, per sign-in,
per start.

wrap_hybrid: one `mlkem768x25519` stanza for a recipient whose public key is at hand as bytes. batch_52:
the 52 key pairs of a batch from its state, signed; and the same batch verified, each of its keys by a
trial encapsulation: the slower of the two counts. source_keys: from a codename to all keys of a source
at the real cost (Argon2id, 64 MiB, three passes), the public reply key included. selftest: the whole
self-test at the start of a program.
"""

from datetime import date

from crypto import codename, hybrid, selftest, signing, source_keys, windows
from crypto.age import hybrid_stanza
from tests.bench.rounds import Row, at_most, milliseconds
from tests.support.sealing import FILE_KEY, INSTANCE


def measure(rounds: int) -> dict[str, Row]:
    """The four rows."""
    recipient = hybrid.public_key(hybrid.generate_seed())
    state = windows.new_state(1, 150)
    seed = signing.generate_seed()
    station = signing.verifying_key(seed)
    batch = windows.sign_batch(seed, INSTANCE, state, date(2026, 11, 22))
    name = codename.generate()
    measured = milliseconds(
        {
            "wrap": lambda: hybrid_stanza.wrap(recipient, FILE_KEY),
            "sign": lambda: windows.sign_batch(seed, INSTANCE, state, date(2026, 11, 22)),
            "verify": lambda: windows.verify_batch(station, INSTANCE, batch),
            "keys": lambda: source_keys.derive_keys(source_keys.derive_master(name, INSTANCE)).reply_key,
            "selftest": selftest.run,
        },
        rounds,
    )
    both = {"make and sign": measured["sign"], "verify": measured["verify"]}
    return {
        "wrap_hybrid": at_most(measured["wrap"], "ms for a stanza", 0.3),
        "batch_52": at_most(max(both.values()), "ms", 100, also=both),
        "source_keys": at_most(measured["keys"], "ms", 150),
        "selftest": at_most(measured["selftest"], "ms", 100),
    }
