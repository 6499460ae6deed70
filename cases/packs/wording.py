"""Whether a pack has its words in every language: what is missing, and what nobody asks for."""

from collections.abc import Iterator

from cases.packs.draft import Draft
from cases.packs.findings import Finding


def judge(draft: Draft) -> Iterator[Finding]:
    """What is wrong with the words of a pack."""
    for language in draft.head.value.languages:
        if language not in draft.words:
            yield Finding(
                f"words.{language}.toml", 0, "this file is missing.", "Translate one of the others."
            )
