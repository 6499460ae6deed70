"""The packs that are shipped: they can be read, nothing in them claims to be checked, and each figure
stands here once more with its article, written down from the sources and not from the packs."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import cases
from cases.kinds import OnMiss, ReportEvent, RequestEvent, Status
from cases.packs import folder, reading
from cases.packs.findings import Finding
from cases.packs.pack import Pack
from cases.packs.schema import (
    Benefit,
    Category,
    CheckItem,
    ClosingReason,
    Deadline,
    Detriment,
    Institution,
    Law,
    Presumption,
    PublicText,
    Question,
    Record,
    Remedy,
    RequestType,
    Sanction,
    Setting,
    Statistic,
)

SHIPPED = Path(cases.__file__).parent / "jurisdictions"
NAMES = sorted(each.name for each in SHIPPED.iterdir() if each.is_dir() and each.name != "__pycache__")
KNOWN_WARNINGS = {
    # the law names no day on which an unread notice counts as read, and no event for asking for evidence
    "kr": ["a notice that is never read never starts this deadline.", "no event sends this notice"],
    "uncac": [],
    "eu": [],
}
# one place of the source covers several rules
REWARD = "PIWPA 26, 26-2, 29; PIWPA Decree 23, 25; ACA 68(6), 70, 70-2; ACA Decree 79, 81"
PENALTIES = "PIWPA 30, 31; ACA 88-2, 90, 91"
RELIEF = "PIWPA 27(1); PIWPA Decree 26; ACA 68(3); ACA Decree 74"
GROUNDS = "ACA 59(3); ACA Decree 58; PIWPA 10(2)"


@cache
def checked(name: str) -> tuple[Pack | None, tuple[Finding, ...]]:
    return reading.read(folder.files_of(SHIPPED / name))


def pack(name: str) -> Pack:
    found, _ = checked(name)
    assert found is not None
    return found


def basis(record: Record) -> str:
    return "; ".join(map(str, record.basis))


def period(rule: Deadline) -> str:
    """A deadline's length as a lawyer would note it: `60 calendar_day +30`, or `+?` without a bound."""
    more = "" if rule.extend is None else f" +{rule.extend.most or '?'}"
    return f"{rule.length} {rule.unit}{more}"


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_pack_has_no_error_and_no_warning_but_the_known(name: str) -> None:
    _, findings = checked(name)
    assert len(findings) == len(KNOWN_WARNINGS[name]), "\n".join(map(str, findings))
    for finding, known in zip(findings, KNOWN_WARNINGS[name], strict=True):
        assert finding.wrong.startswith(known)
    assert pack(name).head.id == name


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_verified_for_no_lawyer_has_looked(name: str) -> None:
    assert Status.VERIFIED not in {record.status for record in pack(name).records}
    assert pack(name).head.reviewer is None


def test_general_knowledge_is_unverified() -> None:
    assert {record.status for record in pack("eu").records} == {Status.UNVERIFIED}
    read = {basis(r) for r in pack("uncac").records if r.status is Status.DRAFT and r.basis}
    assert read == {"UNCAC 13(2)", "policy"}


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_cites_and_every_law_has_an_address(name: str) -> None:
    assert all(record.basis for record in pack(name).records if not isinstance(record, Law))
    assert all(source.url.startswith("http") for source in pack(name).sources)
    assert {str(source.retrieved) for source in pack(name).sources} == {"2026-11-22"}


def test_korea_is_complete_in_both_languages() -> None:
    korean, english = (pack("kr").words[language] for language in ("ko", "en"))
    assert list(korean) == list(english)
    for key, words in korean.items():
        other = english[key]
        parts = [(words.title, other.title), (words.text, other.text), (words.help, other.help)]
        parts += zip(words.cues, other.cues, strict=True)
        for ko, en in parts:
            assert bool(ko) == bool(en), key
            assert not ko or re.search("[가-힣]", ko), key
            assert not re.search("[가-힣]", en), key


# --- Korea: every period, with its article -------------------------------------------------------

PERIODS = {
    "handle_report": ("60 calendar_day +30", "ACA 59(8); PIWPA Decree 8; policy"),
    "investigate": ("60 calendar_day +?", "ACA 60(1),(2)"),
    "result_report": ("10 calendar_day", "ACA 60(1),(2); PIWPA Decree 11(2)"),
    "objection": ("7 calendar_day", "ACA Decree 63(2); PIWPA Decree 11-3(1); policy"),
    "objection_answer_aca": ("30 calendar_day", "ACA Decree 63(3)"),
    "objection_answer_piwpa": ("60 calendar_day", "PIWPA Decree 11-3(3)"),
    "reinvestigation_demand_aca": ("30 calendar_day", "ACA 60(5),(6)"),
    "reinvestigation_demand_piwpa": ("60 calendar_day", "PIWPA Decree 11-3(2)"),
    "reinvestigation_result_aca": ("7 calendar_day", "ACA 60(5),(6)"),
    "complaint_watch": ("3 month", "ACA 59(6); ACA 61"),
    "retaliation_watch": ("2 year", "PIWPA 23; ACA 63; policy"),
    "retaliation_apply": ("1 year", "PIWPA 17(2); ACA 62-2(2)"),
    "retaliation_apply_continuing": ("1 year", "PIWPA 17(2); ACA 62-2(2)"),
    "protect_decide": ("60 calendar_day +30", "PIWPA Decree 16; ACA Decree 67"),
    "prohibition_decide": ("60 calendar_day +30", "PIWPA Decree 18"),
    "hearing_notice": ("7 calendar_day", "PIWPA Decree 15(2)"),
    "stay_decide": ("14 calendar_day", "ACA Decree 68-2"),
    "stay_runs": ("45 calendar_day", "ACA 62-5"),
    "personnel_transfer_result": ("60 calendar_day", "ACA Decree 68(3)"),
    "comply": ("30 calendar_day", "PIWPA 20; ACA 62-3"),
    "compliance_report": ("30 calendar_day", "PIWPA Decree 19; ACA Decree 68"),
    "court_appeal": ("30 calendar_day", "PIWPA 21"),
    "fine_warning": ("30 calendar_day", "PIWPA 21-2"),
    "monitoring": ("2 year", "PIWPA 20(5); PIWPA Decree 17-2"),
    "monitoring_round": ("6 month", "PIWPA 20(5); PIWPA Decree 17-2"),
    "sanction_reply": ("30 calendar_day", "policy"),
    "relief_decide": ("90 calendar_day", "PIWPA Decree 27(2); ACA Decree 79"),
    "relief_decide_crime": ("1 month", "Crime Reporter Decree 10, 11, 18, 19"),
    "lawyer_support_repay": ("30 calendar_day", "PIWPA 8-3; PIWPA Decree 6-2, 6-3"),
    "reward_apply_known": ("3 year", REWARD),
    "reward_apply_final": ("5 year", REWARD),
    "reward_decide": ("90 calendar_day", REWARD),
    "body_refund": ("3 month", REWARD),
}


def deadline(name: str) -> Deadline:
    return pack("kr").rule(Deadline, name, date(2026, 11, 22))


def test_korea_has_these_periods_and_no_others() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, Deadline)]
    assert {rule.id: (period(rule), basis(rule)) for rule in rules} == PERIODS


def test_handling_is_extended_once_with_a_reason_and_a_second_officer() -> None:
    extend = deadline("handle_report").extend
    assert extend is not None
    assert (extend.most, extend.times, extend.reason, extend.approver) == (30, 1, True, "second_officer")


def test_the_investigating_body_extends_with_a_reason_alone() -> None:
    extend = deadline("investigate").extend
    assert extend is not None
    assert (extend.most, extend.times, extend.reason, extend.approver) == (None, None, True, None)


def test_an_objection_runs_from_reading_and_has_no_long_stop() -> None:
    rule = deadline("objection")
    assert (rule.served, rule.deemed_served, rule.on_miss) == (True, None, OnMiss.REFUSE)


def test_only_a_late_objection_is_refused_and_nothing_else_with_it() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, Deadline) and r.on_miss is OnMiss.REFUSE]
    assert [(r.id, r.stops_on) for r in rules] == [("objection", (ReportEvent.OBJECTED,))]


def test_three_months_of_silence_are_an_answer() -> None:
    assert deadline("complaint_watch").on_miss is OnMiss.DEEMED
    deemed = [r.id for r in pack("kr").records if isinstance(r, Deadline) and r.on_miss is OnMiss.DEEMED]
    assert deemed == ["complaint_watch"]


def test_each_variant_runs_under_its_own_law() -> None:
    variants = [
        r for r in pack("kr").records if isinstance(r, Deadline) and r.id.startswith("objection_answer")
    ]
    assert [r.id for r in variants if r.holds_under("ACA")] == ["objection_answer_aca"]
    assert [r.id for r in variants if r.holds_under("PIWPA")] == ["objection_answer_piwpa"]
    assert [r.id for r in variants if r.holds_under("Graft Act") or r.holds_under(None)] == []


def test_no_report_is_without_its_handling_clock() -> None:
    laws = {record.law for record in pack("kr").records if isinstance(record, Category)}
    assert laws == {"ACA", "PIWPA", "Graft Act", "COI Act", "Recovery Act", None}
    assert all(deadline("handle_report").holds_under(law) for law in laws)


def test_a_matter_that_is_handed_on_keeps_its_days_and_one_given_back_does_not() -> None:
    stops = deadline("investigate").stops_on
    assert ReportEvent.REROUTED not in stops
    assert ReportEvent.RETURNED in stops


def test_the_agency_keeps_its_own_days_when_a_matter_comes_back() -> None:
    resumes = deadline("handle_report").resumes_on
    assert resumes == (ReportEvent.RETURNED, ReportEvent.CONTINUED_EX_OFFICIO)


def test_the_watch_on_retaliation_outlives_the_report() -> None:
    assert deadline("retaliation_watch").stops_on == ()


def test_what_the_source_does_not_place_is_unverified() -> None:
    open_points = {
        r.id for r in pack("kr").records if isinstance(r, Deadline) and r.status is Status.UNVERIFIED
    }
    assert open_points == {"reinvestigation_result_aca", "personnel_transfer_result"}


# --- Korea: money and penalties ------------------------------------------------------------------

BENEFITS = {
    "share_reward": ("0.30", 300_000, 1_000, None, "PIWPA Decree 22; ACA Decree 77, 78; PIWPA 26-2"),
    "merit_award": (
        None,
        None,
        None,
        500_000_000,
        "PIWPA 26, 26-3; PIWPA Decree 25-3; ACA 68; ACA Decree 71",
    ),
    "reward_advance_aca": ("0.50", None, None, None, "ACA 68(6), 70, 70-2; ACA Decree 79, 81"),
    "reward_advance_piwpa": ("0.50", None, None, 1_500_000_000, "PIWPA 26, 26-2, 29; PIWPA Decree 23, 25"),
    "treatment": (None, None, None, None, RELIEF),
    "moving": (None, None, None, None, "PIWPA Decree 26; ACA Decree 74"),
    "litigation": (None, None, None, None, RELIEF),
    "lost_wage": (None, None, None, None, "PIWPA Decree 26; ACA Decree 74"),
    "other_loss": (None, None, None, None, RELIEF),
    "relief_advance": (None, None, None, None, "PIWPA 27(2), 29; PIWPA Decree 27(1),(4); ACA Decree 79(6)"),
}


def test_korea_has_these_benefits_and_no_others() -> None:
    found = {
        r.id: (str(r.rate) if r.rate else None, r.min_exclusive, r.truncate, r.most, basis(r))
        for r in pack("kr").records
        if isinstance(r, Benefit)
    }
    assert found == BENEFITS


def test_the_flat_share_begins_on_its_day_and_follows_the_claim() -> None:
    assert pack("kr").find(Benefit, "share_reward", date(2026, 9, 28)) is None
    rule = pack("kr").rule(Benefit, "share_reward", date(2026, 9, 29))
    assert (rule.of, rule.applies_by, rule.currency) == ("recovered", "claim_date", "KRW")


def test_lost_wages_have_two_bounds() -> None:
    rule = pack("kr").rule(Benefit, "lost_wage", date(2026, 11, 22))
    assert (str(rule.cap_factor), rule.most_months) == ("2", 36)
    others = [r for r in pack("kr").records if isinstance(r, Benefit) and r.id != "lost_wage"]
    assert all(r.cap_factor is None and r.most_months is None for r in others)


SANCTIONS = {
    "reveal_reporter_aca": (5, 50_000_000, "ACA 88"),
    "reveal_reporter_piwpa": (5, 50_000_000, "PIWPA 30"),
    "reveal_reporter_graft": (3, 30_000_000, "Graft Act 22"),
    "reveal_reporter_recovery": (3, 30_000_000, "Recovery Act 28"),
    "disclose_before_finding": (5, 50_000_000, "PIWPA 10(5); PIWPA 30(1)"),
    "official_secret": (5, 50_000_000, "ACA 87"),
    "dismissal": (3, 30_000_000, PENALTIES),
    "other_retaliation": (2, 20_000_000, PENALTIES),
    "obstruct_or_force_withdrawal": (2, 20_000_000, f"PIWPA 15(2); {PENALTIES}"),
    "refuse_evidence": (None, 30_000_000, PENALTIES),
    "protective_order_ignored": (None, 20_000_000, PENALTIES),
    "asset_data_misused": (2, 20_000_000, PENALTIES),
    "order_not_complied": (3, 30_000_000, "PIWPA (article not seen); ACA (article not seen)"),
    "stay_ignored": (1, 10_000_000, "ACA 90(3)"),
    "compulsory_fine": (None, 30_000_000, "PIWPA 21-2"),
}


def test_korea_has_these_sanctions_and_no_others() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, Sanction)]
    assert {r.id: (r.prison_years, r.fine, basis(r)) for r in rules} == SANCTIONS
    assert {r.currency for r in rules} == {"KRW"}
    assert [r.id for r in rules if r.status is Status.UNVERIFIED] == ["order_not_complied"]


def test_money_and_the_presumption_are_claimed_under_the_two_laws_alone() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, Benefit | Presumption)]
    assert {r.id: r.under for r in rules if r.under != ("ACA", "PIWPA")} == {
        "reward_advance_aca": ("ACA",),
        "reward_advance_piwpa": ("PIWPA",),
    }


# --- Korea: the life of a report, protection -----------------------------------------------------


def test_seven_grounds_of_the_law_close_a_report() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, ClosingReason)]
    assert [r.id for r in rules if basis(r) == GROUNDS] == [
        "clearly_false",
        "unknown_identity",
        "unanswered",
        "already_answered",
        "already_public",
        "already_investigated",
        "not_corruption",
    ]
    assert [r.id for r in rules if basis(r) == "policy"] == ["concluded"]
    assert {r.id: r.unanswered for r in rules if r.unanswered} == {"unanswered": 2}


def test_seven_items_are_verified_before_a_transfer() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, CheckItem)]
    assert len(rules) == 7
    assert {basis(r) for r in rules[:6]} == {"ACA Decree 55; PIWPA Decree 7"}
    assert (rules[6].id, basis(rules[6])) == ("identity_consent", "ACA Decree 55(1)7; PIWPA Decree 7")


def test_an_anonymous_report_may_be_closed_and_a_second_objection_is_refused_under_one_law() -> None:
    anonymous = pack("kr").rule(Setting, "anonymous_report", date(2026, 11, 22))
    assert (anonymous.value, basis(anonymous)) == ("closable", GROUNDS)
    second = pack("kr").rule(Setting, "second_objection", date(2026, 11, 22))
    assert (second.value, second.under, basis(second)) == ("no", ("ACA",), "ACA Decree 63(4)")


def test_nine_detriments_the_last_two_without_order_and_relief() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, Detriment)]
    assert [r.id for r in rules[7:]] == ["permit_cancelled", "contract_ended"]
    expected = [(Remedy.ORDER, True)] * 7 + [(Remedy.RECOMMENDATION, False)] * 2
    assert [(r.remedy, r.relief) for r in rules] == expected
    assert {basis(r) for r in rules} == {"PIWPA 2(6); PIWPA 20(2); PIWPA 27(1)5"}


def test_retaliation_is_presumed_for_two_years() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, Presumption)]
    assert {basis(r) for r in rules} == {"PIWPA 23; ACA 63"}
    assert [(r.id, r.within.length, r.within.unit) for r in rules if r.within] == [("two_years", 2, "year")]


REQUESTS = {
    "confidentiality": ("check_circumstances demand_materials demand_discipline", "PIWPA 12(2)-(4); ACA 64"),
    "personal_safety": (
        "safe_facility escort accompaniment patrol other_safety",
        "PIWPA Decree 14; ACA Decree 70; PIWPA 13(2); Crime Reporter Act 13-2",
    ),
    "reinstatement": (
        "restore back_pay cancel_or_forbid transfer recommend_permit_or_contract",
        "PIWPA 17(2), 20; ACA 62-2(2), 62-3",
    ),
    "prohibition": ("recommend_not_to_act", "PIWPA Decree 18; PIWPA 22"),
    "interim_stay": ("halt_procedure", "ACA Decree 68-2; ACA 62-5"),
    "personnel_transfer": ("priority_transfer", "ACA Decree 68(3); PIWPA 16; ACA 62-3(5)"),
    "liability_mitigation": ("demand_mitigation court_opinion", "PIWPA 14; ACA 66"),
    "settlement": ("settlement_draft", "PIWPA 24"),
    "sanction": ("demand_discipline criminal_referral", "PIWPA 29-2, 30-2; policy"),
}


def test_korea_has_nine_kinds_of_request() -> None:
    rules = [r for r in pack("kr").records if isinstance(r, RequestType)]
    assert {r.id: (" ".join(r.measures), basis(r)) for r in rules} == REQUESTS
    assert all(r.asks for r in rules)


def test_every_period_of_a_protection_request_belongs_to_a_kind_of_request() -> None:
    named = {name for r in pack("kr").records if isinstance(r, RequestType) for name in r.deadlines}
    protection = list(RequestEvent)[: list(RequestEvent).index(RequestEvent.RELIEF_FILED)]
    rules = [r for r in pack("kr").records if isinstance(r, Deadline)]
    assert named == {r.id for r in rules if set(r.starts_on) & set(protection)}


def test_the_prosecution_changes_hands_on_its_day() -> None:
    before, after = (
        [r.id for r in pack("kr").in_force(Institution, day) if ReportEvent.COMPLAINT_FILED in r.takes]
        for day in (date(2026, 10, 1), date(2026, 10, 2))
    )
    assert before == ["prosecutors_office"]
    assert after == ["prosecution_office", "serious_crimes_agency"]
    names = [pack("kr").say(f"institution.{each}", "ko").title for each in after]
    assert names == ["공소청", "중대범죄수사청"]


def test_only_what_happened_must_be_told() -> None:
    for name in NAMES:
        core = [r for r in pack(name).records if isinstance(r, Question) and r.core]
        assert [r.id for r in core if r.required] == ["what"]
        assert len(core) == 19


def test_the_guidance_sheet_goes_out_at_receipt_at_transfer_and_at_the_result() -> None:
    sheets = [
        r
        for r in pack("kr").records
        if isinstance(r, PublicText) and basis(r).startswith("PIWPA Decree 11-4")
    ]
    sent = {event for r in sheets for event in r.sent_on}
    assert {ReportEvent.RECEIVED, ReportEvent.TRANSFERRED, ReportEvent.RESULT_NOTIFIED} <= sent


@pytest.mark.parametrize("name", NAMES)
def test_small_numbers_stay_hidden(name: str) -> None:
    rules = {r.id: (r.value, basis(r)) for r in pack(name).records if isinstance(r, Statistic)}
    assert rules == {
        "least_people": (10, "policy"),
        "least_for_median": (10, "policy"),
        "dominance_percent": (50, "policy"),
    }


# --- the international default and the European skeleton -----------------------------------------


def test_the_convention_sets_no_period_and_says_so() -> None:
    assert not [r for r in pack("uncac").records if isinstance(r, Deadline)]
    assert "no periods" in pack("uncac").say("text.no_periods", "en").text


def test_the_convention_names_its_offences_by_article() -> None:
    rules = [r for r in pack("uncac").records if isinstance(r, Category) and r.id != "other"]
    assert [basis(r) for r in rules] == [f"UNCAC {article}" for article in (*range(15, 26), 27)]


def test_the_convention_wants_access_without_a_name() -> None:
    rule = pack("uncac").rule(Setting, "anonymous_report", date(2026, 11, 22))
    assert (rule.value, basis(rule), rule.status) == ("accepted", "UNCAC 13(2)", Status.DRAFT)


def test_europe_acknowledges_in_seven_days_and_answers_in_three_months_or_six() -> None:
    rules = [r for r in pack("eu").records if isinstance(r, Deadline)]
    assert {r.id: (period(r), r.after, basis(r)) for r in rules} == {
        "acknowledge": ("7 calendar_day", None, "Directive 9; Directive 11"),
        "feedback": ("3 month +3", "acknowledge", "Directive 9(1)(f); Directive 11"),
    }
    assert rules[1].extend is not None
    assert rules[1].extend.reason


def test_europe_has_its_twelve_areas() -> None:
    rules = [r for r in pack("eu").records if isinstance(r, Category) and r.id != "other"]
    assert (len(rules), {basis(r) for r in rules}) == (12, {"Directive 2"})
