"""Made-up cases for the sample instance: nobody and nothing in them exists."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Sample:
    """A report as a source would write it, its files, and the first answer where there is one."""

    message: str
    files: tuple[tuple[str, str], ...] = ()
    reply: str = ""
    stage: str = "received"
    asks: tuple[str, ...] = ()
    """What the answer lets the source do: fields of the officer's form that are ticked."""


SAMPLES: Final = (
    Sample(
        message=(
            "I work in the purchasing office of a district hospital. Since spring, orders for "
            "surgical gloves have been split into parts of just under 20,000 so that no tender is "
            "needed. All parts went to the same firm. The firm's address is the flat of our deputy "
            "director's brother. I saw the orders myself; three people in the office could know this."
        ),
        files=(
            (
                "orders-may-to-august.csv",
                (
                    "order,date,item,amount,supplier\n"
                    "4471,2026-05-04,gloves M,19800,Northgate Medical\n"
                    "4472,2026-05-06,gloves L,19750,Northgate Medical\n"
                    "4519,2026-06-11,gloves M,19900,Northgate Medical\n"
                    "4602,2026-08-03,gloves S,19640,Northgate Medical\n"
                ),
            ),
            (
                "note.txt",
                "The register entry of the firm is public: same street and number as in the staff list.\n",
            ),
        ),
        reply=(
            "Thank you. We have read your report and the two files. Please do not collect anything more: "
            "what you sent is enough for us to begin. We will write again by the date above."
        ),
        stage="under_review",
        asks=("may_read", "may_object"),
    ),
    Sample(
        message=(
            "The road works on the ring road were signed off as finished in July. I drive there every day: "
            "the third section was never resurfaced. A colleague told me that the inspector was shown the "
            "second section twice. I am afraid to be seen near it with a camera."
        ),
    ),
    Sample(
        message=(
            "Two people on the payroll of our school district have not been seen by anybody for over a "
            "year. Their leave forms are signed in the same handwriting. I can tell more, but I would like "
            "to know first who reads this."
        ),
        files=(("leave-forms.txt", "Form 12/2025 and form 03/2026, both signed on a Sunday.\n"),),
    ),
)
