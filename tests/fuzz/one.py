"""One target under the coverage-guided guesser, in a process of its own: `python -m tests.fuzz.one NAME
[options]`.

`tests.fuzz.run` starts it with libFuzzer's options. By hand, the path of a saved input in their place
runs that input alone, and nothing else: `python -m tests.fuzz.one parcel
build/fuzz/found/parcel/crash-…`.
"""

import importlib
import sys

import atheris


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    # Only what is imported in here is instrumented, so the table cannot be imported above.
    with atheris.instrument_imports(include=["crypto", "transfer", "cases", "journalist_app.viewing"]):
        table = importlib.import_module("tests.fuzz.table")
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, table.TARGETS[name].run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
