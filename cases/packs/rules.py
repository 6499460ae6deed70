"""Whether the rules of a pack make sense together: one in force on a day, and none naming what is not there."""

from collections.abc import Iterator

from cases.packs.draft import Draft
from cases.packs.findings import Finding


def judge(draft: Draft) -> Iterator[Finding]:
    """What is wrong with the rules of a pack."""
    for row in draft.rows:
        if row.value.until_on is not None and row.value.until_on < row.value.from_on:
            yield row.error(
                "until", "“until” is before “from”.", "Write the later of the two days as “until”."
            )
