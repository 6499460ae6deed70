"""What may not be written into the tree, and where our import names must come from.

Locks and documents name no host to download from and no path of the machine they were made on. Our names
(`crypto`, `onion` …) are common ones, so each must resolve inside this tree, and no distribution may be
installed that brings its own.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

CLASHING_DISTRIBUTIONS = {"crypto", "pycrypto", "pycryptodome"}
# Hosts that a text may name: this machine, made-up ones, XML namespaces, and where standards are kept.
PLAIN_HOSTS = {"127.0.0.1", "localhost", "www.w3.org", "www.rfc-editor.org", "c2sp.org", "age-encryption.org"}
MADE_UP_ENDINGS = (".onion", ".example", ".invalid", ".test", "example.org", "example.com", "example.net")
FOREIGN_TEXTS = {"LICENSE"}
# A law says where its text was read: the `url` of a source, and nothing else in these files.
CITING_TEXTS = re.compile(r"cases/jurisdictions/[a-z-]+/laws\.toml|docs/operators/packs\.md")
CITED = re.compile(r'^url = "[^"]*"$', re.MULTILINE)
URL = re.compile(r"\b(?:https?|ftp|file|git\+\w+)://(/|[A-Za-z0-9][A-Za-z0-9.-]*)")
LOCK_OPTION = re.compile(
    r"^\s*-{1,2}(?:i|f|index-url|extra-index-url|find-links|trusted-host)\b", re.MULTILINE
)
HOME_PATH = re.compile(r"(?<![\w.*-])/(?:home/\w+|root)/[\w.]")


def named_hosts(root: Path, files: Iterable[str]) -> list[str]:
    """Complain of addresses in the given files whose host is neither plain nor made up.

    A single word (as in an example of an address) is no host that anybody could reach.
    """
    return [
        f"{name}: names {found.group(0)}"
        for name, text in _texts(root, files)
        for found in URL.finditer(CITED.sub("", text) if CITING_TEXTS.fullmatch(name) else text)
        if ("." in found.group(1) or found.group(1) == "/")
        and found.group(1) not in PLAIN_HOSTS
        and not found.group(1).endswith(MADE_UP_ENDINGS)
    ]


def named_indexes(root: Path, files: Iterable[str]) -> list[str]:
    """Complain of options in the locks that say where to download from."""
    locks = [name for name in files if name.startswith("requirements/")]
    return [f"{name}: names an index" for name, text in _texts(root, locks) if LOCK_OPTION.search(text)]


def machine_paths(root: Path, files: Iterable[str]) -> list[str]:
    """Complain of texts that name a home folder, or the folder in which this tree lies."""
    here = str(root.resolve()) + "/"
    return [
        f"{name}: names a path of one machine"
        for name, text in _texts(root, files)
        if HOME_PATH.search(text) or here in text
    ]


def strays(root: Path, origins: Mapping[str, str]) -> list[str]:
    """Complain of our import names (name to file) that resolve outside the tree."""
    return [
        f"{name}: is imported from {origin or 'nowhere'}"
        for name, origin in sorted(origins.items())
        if not Path(origin).is_relative_to(root / name)
    ]


def clashing_distributions(installed: Iterable[str]) -> list[str]:
    """Complain of installed distributions that bring a package named like ours."""
    names = {re.sub(r"[-_.]+", "-", name).lower() for name in installed}
    return [f"{name}: brings a package of our name" for name in sorted(names & CLASHING_DISTRIBUTIONS)]


def _texts(root: Path, files: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in files:
        path = root / name
        if name in FOREIGN_TEXTS or path.is_symlink() or not path.is_file():
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
