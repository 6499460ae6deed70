"""Money, protection and sanctions: an amount has its currency, a rate its base, a unit its number."""

import pytest

from tests.support import pack_files
from tests.support.pack_files import told

HEAD = '[defaults]\nfrom = 2026-01-01\nstatus = "draft"\n'

BENEFIT = """
[[benefit]]
id = "share"
pays = "percent"
rate = "0.30"
of = "recovered"
currency = "TLR"
min_exclusive = 300
truncate = 10
most = 5000
unit = "wage"
least_units = 2
most_units = 9
cap_factor = "2"
most_months = 36
basis = "TA 30"
"""
UNIT = '\n[[unit]]\nid = "wage"\namount = 100\ncurrency = "TLR"\nbasis = "TA 31"\n'
SANCTION = '\n[[sanction]]\nid = "leak"\nprison_years = 5\nfine = 50\ncurrency = "TLR"\nbasis = "TA 32"\n'
PROTECTION = """
[[request]]
id = "safety"
asks = ["what"]
deadlines = ["handle"]
measures = ["escort"]
basis = "TA 33"

[[presumption]]
id = "soon"
within = { length = 2, unit = "year" }
basis = "TA 34"

[[presumption]]
id = "always"
basis = "TA 34"

[[detriment]]
id = "dismissal"
remedy = "order"
relief = true
basis = "TA 35"
"""
TITLES = (
    "benefit.share",
    "unit.wage",
    "sanction.leak",
    "request.safety",
    "measure.escort",
    "presumption.soon",
    "presumption.always",
    "detriment.dismissal",
)


def rich(**changes: str) -> dict[str, str]:
    """Testland with money and protection."""
    titles = "".join(f'[{key}]\ntitle = "{key}"\n' for key in TITLES)
    plain = pack_files.testland()
    files = {"benefits": BENEFIT, "units": UNIT, "sanctions": SANCTION, "protection": PROTECTION, **changes}
    words = {f"words_{language}": plain[f"words.{language}.toml"] + titles for language in ("en", "tl")}
    return pack_files.testland(**words, **{name: HEAD + text for name, text in files.items()})


def test_a_rich_pack_is_in_order() -> None:
    assert told(rich()) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "said"),
    [
        (
            "benefits",
            'rate = "0.30"\n',
            "",
            7,
            'a percentage needs a rate and what it is of. Write rate = "0.30" and of = "recovered".',
        ),
        (
            "benefits",
            'of = "recovered"\n',
            "",
            7,
            'a percentage needs a rate and what it is of. Write rate = "0.30" and of = "recovered".',
        ),
        ("benefits", '"0.30"', '"30"', 8, 'a rate lies between 0 and 1. Write rate = "0.30" for 30 %.'),
        ("benefits", '"0.30"', '"0"', 8, 'a rate lies between 0 and 1. Write rate = "0.30" for 30 %.'),
        (
            "benefits",
            'currency = "TLR"\n',
            "",
            5,
            'an amount stands here without its currency. Write currency = "KRW".',
        ),
        (
            "benefits",
            "truncate = 10",
            "truncate = 0",
            12,
            "“truncate” is not above 0. Leave it out if there is no such limit.",
        ),
        (
            "benefits",
            'cap_factor = "2"',
            'cap_factor = "0"',
            17,
            "“cap_factor” is not above 0. Leave it out if there is no such limit.",
        ),
        (
            "benefits",
            'unit = "wage"\n',
            "",
            5,
            "units are counted and none is named, or the other way round. Write both.",
        ),
        (
            "benefits",
            "least_units = 2\nmost_units = 9\n",
            "",
            14,
            "units are counted and none is named, or the other way round. Write both.",
        ),
        (
            "benefits",
            "most_units = 9",
            "most_units = 1",
            16,
            "the most is less than the least. Exchange them.",
        ),
        (
            "units",
            "amount = 100",
            "amount = 0",
            7,
            "“amount” is not above 0. Leave it out if there is no such limit.",
        ),
        (
            "sanctions",
            "prison_years = 5",
            "prison_years = -5",
            7,
            "“prison_years” is not above 0. Leave it out if there is no such limit.",
        ),
        (
            "sanctions",
            'currency = "TLR"\n',
            "",
            5,
            'an amount stands here without its currency. Write currency = "KRW".',
        ),
        (
            "protection",
            "within = { length = 2",
            "within = { length = 0",
            14,
            "a period of 0 is none. Write how long it is, from 1 to 40000.",
        ),
    ],
)
def test_money_and_protection_make_sense(name: str, old: str, new: str, line: int, said: str) -> None:
    whole = {"benefits": BENEFIT, "units": UNIT, "sanctions": SANCTION, "protection": PROTECTION}[name]
    assert old in whole
    assert told(rich(**{name: whole.replace(old, new)})) == [f"{name}.toml:{line}: error: {said}"]


@pytest.mark.parametrize(
    "benefit",
    [
        BENEFIT.replace("least_units = 2\n", ""),
        BENEFIT.replace("most_units = 9\n", ""),
        BENEFIT.replace("most_units = 9", "most_units = 2"),
        BENEFIT.replace('"0.30"', '"1"'),
    ],
)
def test_one_bound_is_enough_and_the_whole_is_a_rate(benefit: str) -> None:
    assert told(rich(benefits=benefit)) == []


def test_one_amount_needs_its_currency_too() -> None:
    alone = BENEFIT.replace('currency = "TLR"\nmin_exclusive = 300\ntruncate = 10\n', "")
    assert told(rich(benefits=alone)) == [
        'benefits.toml:5: error: an amount stands here without its currency. Write currency = "KRW".'
    ]
