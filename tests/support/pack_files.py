"""The pack of Testland, a country that is not: small, whole, with one rule of every sort that clocks,
lives and signatures are tried on. Its figures are nobody's law."""

from typing import NamedTuple

from cases.packs import reading
from cases.packs.pack import Pack

PACK = """
id = "testland"
version = 1
languages = ["en", "tl"]
time_zone = "Europe/Rome"
status = "draft"
"""

LAWS = """
[defaults]
from = 2026-01-01
status = "draft"

[[source]]
id = "gazette"
title = "Gazette of Testland"
url = "https://gazette.example/acts"
retrieved = 2026-01-01

[[law]]
id = "TA"
sort = "act"
source = "gazette"

[[law]]
id = "TA Decree"
sort = "decree"
source = "gazette"

[[law]]
id = "policy"
sort = "policy"
"""

DEADLINES = """
[defaults]
from = 2026-01-01
status = "draft"

[[deadline]]
id = "acknowledge"
scope = "report"
starts_on = ["received"]
stops_on = ["acknowledged", "closed", "withdrawn"]
length = 7
unit = "calendar_day"
basis = "TA 1"

[[deadline]]
id = "feedback"
scope = "report"
starts_on = ["acknowledged"]
after = "acknowledge"
stops_on = ["result_notified", "closed", "withdrawn"]
length = 3
unit = "month"
extend = { most = 3, times = 1 }
basis = "TA 2"

[[deadline]]
id = "handle"
scope = "allegation"
starts_on = ["received"]
stops_on = ["transferred", "forwarded", "complaint_filed", "allegation_closed", "closed", "withdrawn"]
length = 60
unit = "calendar_day"
extend = { most = 30, times = 1, approver = "second_officer" }
warn = [-14, -3, 0]
basis = ["TA 3(1)", "TA Decree 3"]

[[deadline]]
id = "answer_questions"
scope = "questions"
starts_on = ["questions_asked"]
stops_on = ["questions_answered", "questions_lapsed"]
length = 10
unit = "working_day"
notify = ["source"]
basis = "TA Decree 4"

[[deadline]]
id = "investigate"
scope = "referral"
starts_on = ["transferred", "forwarded"]
stops_on = ["investigation_ended", "result_received", "returned"]
length = 60
unit = "calendar_day"
roll = "next_working_day"
extend = {}
notify = ["agency"]
basis = "TA 5"

[[deadline]]
id = "tell_result"
scope = "referral"
starts_on = ["investigation_ended"]
stops_on = ["result_received"]
length = 10
unit = "calendar_day"
applies_by = "start_date"
until = 2026-12-31
basis = "TA 6"

[[deadline]]
id = "tell_result"
scope = "referral"
starts_on = ["investigation_ended"]
stops_on = ["result_received"]
length = 5
unit = "working_day"
applies_by = "start_date"
from = 2027-01-01
basis = "TA 6"

[[deadline]]
id = "object"
scope = "allegation"
starts_on = ["result_notified"]
served = true
deemed_served = { length = 30, unit = "calendar_day" }
stops_on = ["objected"]
length = 7
unit = "calendar_day"
on_miss = "refuse"
basis = "TA Decree 7"

[[deadline]]
id = "answer_objection"
scope = "allegation"
starts_on = ["objected"]
stops_on = ["objection_dismissed", "reinvestigation_demanded"]
length = 30
unit = "calendar_day"
basis = "TA Decree 8"

[[deadline]]
id = "complaint_watch"
scope = "allegation"
starts_on = ["complaint_filed"]
stops_on = ["result_received", "petition_filed"]
length = 3
unit = "month"
on_miss = "deemed"
basis = "TA 9"

[[deadline]]
id = "watch_over_source"
scope = "report"
starts_on = ["closed"]
stops_on = ["reopened"]
length = 2
unit = "year"
basis = "policy"
"""

CALENDAR = """
[defaults]
from = 2026-01-01
status = "draft"

[[rest_days]]
id = "weekend"
weekdays = [6, 7]
basis = "TA Decree 20"

[[holidays]]
id = "2026"
year = 2026
days = [2026-01-01, 2026-05-01, 2026-12-25]
basis = "TA Decree 20"

[[holidays]]
id = "2027"
year = 2027
days = [2027-01-01, 2027-05-01, 2027-12-25]
basis = "TA Decree 20"

[[holidays]]
id = "2028"
year = 2028
days = [2028-01-01, 2028-05-01, 2028-12-25]
basis = "TA Decree 20"
"""

CATEGORIES = """
[defaults]
from = 2026-01-01
status = "draft"

[[category]]
id = "bribery"
law = "TA"
asks = ["amount"]
basis = "TA 10"

[[category]]
id = "waste"
basis = "policy"
"""

TEMPLATES = """
[defaults]
from = 2026-01-01
status = "draft"

[[question]]
id = "what"
answer = "text"
core = true
required = true
basis = "TA 11"

[[question]]
id = "how_known"
answer = "choice"
core = true
choices = ["saw_it", "was_told"]
basis = "TA 11"

[[question]]
id = "amount"
answer = "amount"
basis = "policy"
"""

INSTITUTIONS = """
[defaults]
from = 2026-01-01
status = "draft"

[[institution]]
id = "ministry"
takes = ["transferred", "forwarded"]
basis = "TA 12"

[[institution]]
id = "works_office"
takes = ["transferred", "forwarded"]
supervisor = "ministry"
basis = "TA 12"

[[institution]]
id = "old_prosecutor"
takes = ["complaint_filed"]
until = 2026-10-01
basis = "TA 13"

[[institution]]
id = "new_prosecutor"
takes = ["complaint_filed"]
replaces = ["old_prosecutor"]
from = 2026-10-02
basis = "TA 13"
"""

LIFE = """
[defaults]
from = 2026-01-01
status = "draft"

[[closing]]
id = "clearly_false"
basis = "TA 14"

[[closing]]
id = "unanswered"
unanswered = 2
basis = "TA 14"

[[check]]
id = "evidence"
basis = "TA 15"

[[check]]
id = "consent"
basis = "TA 15"

[[setting]]
id = "anonymous_report"
value = "accepted"
basis = "policy"

[[setting]]
id = "second_objection"
value = "no"
basis = "TA 16"
"""

TEXTS = """
[defaults]
from = 2026-01-01
status = "draft"

[[text]]
id = "your_rights"
place = "rights"
basis = "TA 17"

[[text]]
id = "was_received"
place = "notice"
sent_on = ["received"]
basis = "TA 18"
"""

RETENTION = """
[defaults]
from = 2026-01-01
status = "draft"

[[retention]]
id = "case"
starts_on = ["closed"]
length = 5
unit = "year"
basis = "TA 19"
"""

STATISTICS = """
[defaults]
from = 2026-01-01
status = "draft"

[[statistic]]
id = "least_people"
value = 10
basis = "policy"
"""

TITLES = (
    "pack.name",
    "pack.authority",
    "stage.received",
    "stage.under_review",
    "stage.questions",
    "stage.with_competent_body",
    "stage.result",
    "stage.closed",
    "law.TA",
    'law."TA Decree"',
    "law.policy",
    "deadline.acknowledge",
    "deadline.feedback",
    "deadline.handle",
    "deadline.answer_questions",
    "deadline.investigate",
    "deadline.tell_result",
    "deadline.object",
    "deadline.answer_objection",
    "deadline.complaint_watch",
    "deadline.watch_over_source",
    "category.bribery",
    "category.waste",
    "question.what",
    "question.how_known",
    "question.amount",
    "choice.saw_it",
    "choice.was_told",
    "institution.ministry",
    "institution.works_office",
    "institution.old_prosecutor",
    "institution.new_prosecutor",
    "closing.clearly_false",
    "closing.unanswered",
    "check.evidence",
    "check.consent",
    "retention.case",
)
TEXT_KEYS = ("text.your_rights", "text.was_received")


def words(language: str) -> str:
    """The words of Testland in a language, each naming the language so that a test can tell them apart."""
    titles = [f'[{key}]\ntitle = "{_plain(key)} ({language})"\n' for key in TITLES]
    texts = [
        f'[{key}]\ntitle = "{_plain(key)} ({language})"\ntext = "About {_plain(key)}."\n' for key in TEXT_KEYS
    ]
    return "\n".join(titles + texts)


def testland(**changes: str | None) -> dict[str, str]:
    """The files of Testland, name to text.

    A change is named by its file without “.toml”, with “_” for “.”: `deadlines="…"` or
    `words_en="…"` puts another text in its place, None leaves the file out.
    """
    texts: dict[str, str | None] = {
        "pack": PACK,
        "laws": LAWS,
        "categories": CATEGORIES,
        "templates": TEMPLATES,
        "deadlines": DEADLINES,
        "institutions": INSTITUTIONS,
        "texts": TEXTS,
        "retention": RETENTION,
        "statistics": STATISTICS,
        "life": LIFE,
        "calendar": CALENDAR,
        "words_en": words("en"),
        "words_tl": words("tl"),
        **changes,
    }
    return {
        f"{name.replace('_', '.')}.toml": text.lstrip("\n")
        for name, text in texts.items()
        if text is not None
    }


def as_bytes(files: dict[str, str]) -> dict[str, bytes]:
    """The same files as a folder would hold them."""
    return {name: text.encode() for name, text in files.items()}


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """Testland with the first `old` in one file put right or wrong by `new`."""
    files = testland()
    assert old in files[name], f"{name} of Testland holds no {old}"
    return {**files, name: files[name].replace(old, new, 1)}


def told(files: dict[str, str]) -> list[str]:
    """All findings about these files, as a lawyer reads them."""
    return [str(finding) for finding in reading.read(as_bytes(files))[1]]


def testland_pack(**changes: str | None) -> Pack:
    """Testland as it is read, with the same changes as `testland` takes. Raises `PackError`."""
    return reading.load(as_bytes(testland(**changes)))


def _plain(key: str) -> str:
    return key.split(".", 1)[1].strip('"').replace("_", " ")


class Slip(NamedTuple):
    """One slip in one file of Testland, and what a lawyer is told of it.

    It is told at the line that holds `at`, or at the first line of `new`.
    """

    name: str
    old: str
    new: str
    said: str
    at: str = ""

    @property
    def told(self) -> list[str]:
        """All that is said of the pack with this slip."""
        return told(changed(self.name, self.old, self.new))

    @property
    def expected(self) -> list[str]:
        """What alone should be said."""
        lines = changed(self.name, self.old, self.new)[self.name].split("\n")
        mark = self.at or self.new.strip("\n").split("\n")[0]
        number = next(number for number, line in enumerate(lines, 1) if mark in line)
        return [f"{self.name}:{number}: {self.said}"]
