"""Makes the sample instance: ceremony, rules, first contact, and a few cases, all by the real way."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Final

from demo.browser import Upload
from demo.errors import DemoError
from demo.journey import Desk, Source, next_answer
from demo.place import Access, Officer, Place
from demo.processes import Running, run
from demo.rules import bring_pack
from demo.samples import SAMPLES
from demo.signed_in import run_as

_HEAD: Final = (
    "administrator, intake, handler, second officer, protection officer, approver, supervisor, liaison, "
    "records, head"
)
OFFICERS: Final = (f"First officer: {_HEAD}", "Second officer", "Third officer", "Auditor: auditor")
"""As the ceremony takes them: with their roles, or with the usual ones."""


def hold_ceremony(place: Place) -> tuple[Officer, ...]:
    """Keys, officers and the first OUT bundle; then the server learns the root from the stick."""
    place.claim()
    place.write_settings()
    written = place.folder / "ceremony.json"
    names = [part for name in OFFICERS for part in ("--officer", name)]
    run(
        "cleandrop-officer",
        place.officer_settings,
        *(
            "ceremony",
            "--unattended",
            "--languages",
            "en,ko",
            *names,
            "--access-file",
            str(written),
            "--stick",
            str(place.stick),
        ),
    )
    made = json.loads(written.read_text())
    written.unlink()
    stick = ("--stick", str(place.stick))
    root_words = " ".join(made["root_words"])
    run("cleandrop-source", place.source_settings, "import", *stick, "--accept-root", root_words)
    run("cleandrop-source", place.source_settings, "export", *stick)
    officers = tuple(Officer(o["name"], o["passphrase"], o["totp_secret"]) for o in made["officers"])
    place.write_access(officers)
    return officers


def bring_samples(access: Access, desk: Desk) -> list[str]:
    """Send the sample reports, carry them over, answer the first; gives their codenames."""
    codenames = []
    for sample in SAMPLES:
        source = Source(access.source_url)
        with tempfile.TemporaryDirectory() as folder:
            uploads = [_upload(Path(folder), number, *file) for number, file in enumerate(sample.files)]
            codenames.append(source.report(sample.message, uploads))
    for sample in SAMPLES:
        case = desk.wait_for_case(sample.message[:60])
        if sample.reply:
            desk.reply(case, sample.reply, sample.stage, next_answer(), sample.asks)
    desk.export_stick()
    return codenames


def make_openpgp_key(place: Place, officer: Officer) -> None:
    """The agency's OpenPGP key; on a machine that has no sandbox for gpg the demo says so, and goes on."""
    try:
        run_as(officer, place, "openpgp", "create")
    except DemoError as error:
        print(f"This demo shows no OpenPGP key. {error}", file=sys.stderr, flush=True)


def make(place: Place, running: Running) -> Desk:
    """A whole instance without cases, both apps running; what was half-made before is begun anew.

    Gives the desk at which the third officer, still signed in, accepted the server's key and
    wrote the bundle that certifies it.
    """
    officers = hold_ceremony(place)
    first, second, third, _ = officers
    bring_pack(place, trusting=first, installing=second)
    make_openpgp_key(place, third)
    running.start()
    running.start_courier()
    desk = Desk(place.officer_url)
    desk.sign_in(third)
    desk.import_stick()
    desk.export_stick()
    return desk


def _upload(folder: Path, number: int, name: str, text: str) -> Upload:
    path = folder / str(number)
    path.write_text(text)
    return Upload(name, path)
