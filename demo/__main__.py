"""`make demo`: runs the sample instance until Ctrl-C and says how to use it."""

import json
import signal
import sys
import time
from types import FrameType

from demo import instance, place
from demo.errors import DemoError
from demo.journey import CODE_SECONDS, code_now
from demo.place import Access, Place
from demo.processes import Running
from demo.rules import PACK


def main() -> int:
    """Exit status 0 after Ctrl-C, 1 when the demo cannot run."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        here = place.from_environment()
        with Running(here) as running:
            access, codenames = _bring_up(here, running)
            _tell(here, access, codenames)
            running.wait()
    except DemoError as error:
        print(f"The demo cannot run. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nBoth apps have ended. The same demo comes back with: make demo")
    return 0


def _bring_up(here: Place, running: Running) -> tuple[Access, list[str]]:
    if not here.finished_mark.exists():
        print("Setting up a sample instance: keys, four officers, three made-up cases …", flush=True)
        desk = instance.make(here, running)
        access = place.read_access(here.access_file)
        codenames = instance.bring_samples(access, desk)
        desk.sign_out()
        here.finished_mark.write_text(json.dumps(codenames) + "\n")
        return access, codenames
    here.write_settings()
    here.write_access(place.read_access(here.access_file).officers)
    running.start()
    running.start_courier()
    return place.read_access(here.access_file), json.loads(here.finished_mark.read_text())


def _tell(here: Place, access: Access, codenames: list[str]) -> None:
    officer = access.officers[0]
    left = CODE_SECONDS - int(time.time()) % CODE_SECONDS
    print(
        f"""
CleanDrop is running with made-up cases. This is for trying it, not for real reports.

  Report or return     {access.source_url}
    a codename to return with: {codenames[0]}
  Officers' station    {access.officer_url}
    name        {officer.name}
    passphrase  {officer.passphrase}
    code        {code_now(officer)}   (for {left} more seconds; the next one: make demo-code)
  Stick                {access.stick}
    The source side writes to it and reads from it by itself; the officer presses Import and Export.
  Rules                the shipped pack "{PACK}", a draft, signed with a key of this demo alone
  Second key stick     {here.second_key_stick}
  Disk for backups     {here.backup_disk}
  Disk for archives    {here.archive_disk}
  The other officers' sign-ins are in {here.access_file}

Ctrl-C ends both apps.
""",
        flush=True,
    )


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
