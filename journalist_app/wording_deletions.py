"""The words for what is still open of a deletion: which condition, what is missing, what to do.

Plain English for the page "Deleted cases"; the rule itself is in `services.deletion_rules`.
"""

from typing import Final

from journalist_app.services.deletion_rules import Condition, How, Still
from journalist_app.wording import count, spell_day

DELETION_CONDITIONS: Final = {
    Condition.WINDOW: "Intake keys destroyed",
    Condition.SERVER: "Gone from the server",
    Condition.KEY: "Vault key replaced since",
    Condition.BACKUPS: "Older backups destroyed",
}


def spell_still(still: Still) -> str:
    """What is missing, and what to do, in one or two sentences."""
    day = spell_day(still.day) if still.day else ""
    return {
        How.KEY_EXISTS: f"The intake key of the week up to {day} still exists. Destroy it: “Intake keys”.",
        How.KEY_IN_COPIES: (
            f"{count(still.number, 'copy', 'copies')} of the key file still hold the key of the week up to "
            f"{day}. Bring them up to date, or destroy them: “Intake keys”."
        ),
        How.NOT_TOLD: "The server was not told yet that its reports are here. Export, and carry it there.",
        How.NOT_HEARD: (
            "The server has not said yet that it knows of our receipt. Carry the last export there, and "
            "import what it makes afterwards."
        ),
        How.KEEPS_A_WHILE: (
            f"The server deletes its copy by {day} at the latest. Import a bundle that it made on that day "
            "or later."
        ),
        How.SAME_KEY: "The vault has the same key as then. It is offered on the home page once a month.",
        How.FORMER_KEY_KEPT: (
            "The vault has another key, and keeps the one from then, because a copy of the key file or a "
            "backup is sealed under it. Bring it up to date, or destroy it: “Intake keys”."
        ),
        How.BACKUPS_EXIST: (
            f"{count(still.number, 'backup', 'backups')} from before still exist. Make a new one, verify it, "
            "destroy the older: “Intake keys”."
        ),
    }[still.how]
