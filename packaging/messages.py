"""`make messages`: the source pages' texts for translators, from the templates and the code.

Writes `messages.po` of each language in `source_app/translations/` anew: new texts come in empty, texts
that nobody asks for go out, nothing that was translated is lost. Then compiles each into the `.mo` that the
app loads. The sentences of errors are their docstrings. `--check` writes nothing, and fails where something
is not in step.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from source_app import errors
from source_app.errors import SEEN_BY_SOURCES, sentence
from source_app.languages import CATALOGUES

MADE_ON = datetime(2026, 11, 26, tzinfo=UTC)
"""Stands in each compiled file, so that the same texts make the same bytes."""
ROOT = Path(__file__).parents[1]
METHODS = [("views/**.py", "python"), ("languages.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}


def template() -> Catalog:
    """Every text of the source pages, with where it stands."""
    found = Catalog(project="CleanDrop", charset="utf-8", fuzzy=False)
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
    source = ROOT / "source_app"
    for name, _line, text, _comments, context in extract_from_dir(
        source, METHODS, options, keywords=KEYWORDS
    ):
        found.add(text, locations=[(f"source_app/{name}", 0)], context=context)
    for each in vars(errors).values():
        if isinstance(each, type) and issubclass(each, SEEN_BY_SOURCES):
            found.add(sentence(each.__new__(each)), locations=[("source_app/errors.py", 0)])
    return found


def updated(file: Path, texts: Catalog) -> Catalog:
    """A language's catalogue with exactly these texts."""
    with file.open("rb") as source:
        catalogue = read_po(source, locale=file.parts[-3])
    catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = MADE_ON
    return catalogue


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The text file and the compiled one."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=110, no_location=True, omit_header=True, sort_output=True)
    write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def main(arguments: list[str]) -> int:
    """Exit status 1 when `--check` finds something out of step, or a text is not translated."""
    texts, wrong = template(), []
    for file in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        catalogue = updated(file, texts)
        po, mo = written(catalogue)
        compiled = file.with_suffix(".mo")
        missing = [each.id for each in catalogue if each.id and not each.string]
        print(f"{file.parts[-3]}: {len(catalogue)} texts, {len(missing)} not translated")
        if "--check" not in arguments:
            file.write_bytes(po)
            compiled.write_bytes(mo)
        elif missing or file.read_bytes() != po or compiled.read_bytes() != mo:
            wrong.append(file)
    for file in wrong:
        print(f"{file.relative_to(ROOT)} is not in step with the pages: run make messages, and translate.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
