"""No dataclass of ours shows what is secret when it is printed: in a log, a traceback, a debugger."""

import dataclasses
import importlib
import inspect
import pkgutil

import pytest

PACKAGES = ("crypto", "transfer", "cases", "source_app", "journalist_app")
SECRET = {
    "author",
    "codename",
    "file_key",
    "file_name",
    "forms",
    "keyring",
    "passphrase",
    "reply_address",
    "scalar",
    "secret",
    "seed",
    "seeds",
    "signing_seed",
    "state",
    "text",
    "token_secret",
    "value",
    "wrapped",
}
PUBLIC = {f"cases.packs.{name}" for name in ("draft", "pack", "schema", "toml_lines")}
"""What a pack says is the law of a country: no part of it is secret, whatever it is called."""


def classes(package: str) -> list[type]:
    """The dataclasses that are written in `package`, but for those of what is public anyway."""
    path = importlib.import_module(package).__path__
    names = [found.name for found in pkgutil.walk_packages(path, f"{package}.") if found.name not in PUBLIC]
    modules = [importlib.import_module(name) for name in names]
    return [
        found
        for module in modules
        for found in vars(module).values()
        if inspect.isclass(found) and found.__module__ == module.__name__ and dataclasses.is_dataclass(found)
    ]


def shown_secrets(found: type) -> list[str]:
    """The fields of `found` that are secret by their names, and would be printed."""
    return [field.name for field in dataclasses.fields(found) if field.repr and field.name in SECRET]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_dataclass_shows_a_secret(package: str) -> None:
    assert [
        (found.__qualname__, shown) for found in classes(package) if (shown := shown_secrets(found))
    ] == []


def test_a_shown_secret_is_found() -> None:
    loose = dataclasses.make_dataclass(
        "Loose", [("seed", bytes), ("text", str, dataclasses.field(repr=False))]
    )
    assert shown_secrets(loose) == ["seed"]
