"""What may not be written into a ledger, and in which words it is refused."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mingqu.clocks import errors
from mingqu.clocks.rules.deadline import check_whole
from mingqu.clocks.rules.ledger import corrected, replay
from mingqu.clocks.tests.ledgers import CALENDAR, Ledger, day, noon, terms
from mingqu.clocks.types import Action, Approver, Correction, Entry, StartedBy, Unit
from mingqu.kernel.legal_day import BEIJING


def running() -> Ledger:
    return Ledger().start("2026-11-02", terms(5))


def refused(ledger: Ledger, refusal: type[errors.ClockRefusal], do, sentence: str = "") -> None:
    """The step is refused with this sentence and the ledger stays as it was."""
    before = list(ledger.entries)
    with pytest.raises(refusal) as caught:
        do(ledger)
    assert ledger.entries == before
    assert sentence in caught.value.message
    assert "{" not in caught.value.message


def test_a_paused_clock_is_not_paused_again():
    ledger = running().pause("2026-11-04")
    refused(ledger, errors.AlreadyPaused, lambda x: x.pause("2026-11-05"), "行政许可法第四十五条")


def test_a_running_clock_is_not_resumed():
    refused(running(), errors.NotPaused, lambda x: x.resume("2026-11-05"), "行政许可法第四十五条")


def test_a_clock_is_extended_only_once():
    ledger = running().extend("2026-11-04", limit=1)
    refused(
        ledger,
        errors.ExtensionTwice,
        lambda x: x.extend("2026-11-05", limit=1),
        "《行政许可法》第四十二条第一款",
    )


def test_after_its_last_day_a_clock_is_not_extended():
    ledger = running().extend
    assert ledger("2026-11-09").due() == day("2026-11-23")  # on the last day it still may be
    refused(running(), errors.ExtensionAfterDeadline, lambda x: x.extend("2026-11-10"), "第四十二条第一款")


def test_an_extension_entered_after_the_last_day_is_refused_whatever_day_it_bears():
    late = {"recorded_at": noon("2026-11-10")}
    refused(running(), errors.ExtensionAfterDeadline, lambda x: x.extend("2026-11-09", **late), "已经届满")


def test_no_more_days_are_added_than_the_article_allows():
    refused(
        running(), errors.ExtensionTooLong, lambda x: x.extend("2026-11-04", limit=11), "最多为 10个工作日"
    )


def test_an_extension_is_approved_by_whom_the_article_names():
    wrong = {"approver": Approver.GOVERNMENT_HEAD}
    refused(
        running(), errors.WrongApprover, lambda x: x.extend("2026-11-04", **wrong), "须经本行政机关负责人批准"
    )


def test_an_extension_gives_its_reason():
    refused(running(), errors.ReasonMissing, lambda x: x.extend("2026-11-04", reason=" "), "须写明理由")


def test_an_extension_adds_at_least_one_day():
    refused(running(), errors.LimitMissing, lambda x: x.extend("2026-11-04", limit=0))


def test_a_clock_whose_law_knows_no_extension_is_not_extended():
    ledger = Ledger().start("2026-11-02", terms(5, extension=None))
    refused(ledger, errors.ExtensionNotAllowed, lambda x: x.extend("2026-11-04"), "依法不能延长")


@pytest.mark.parametrize("ground", ["site_visit", "", "third_party_opinion"])
def test_only_the_grounds_of_its_law_stop_a_clock(ground):
    """行政许可法 45 names eight; 现场核查 and 整改 are not among them."""
    refused(running(), errors.GroundNotAllowed, lambda x: x.pause("2026-11-04", ground=ground), "第四十五条")


def test_a_pause_needs_the_written_notice_and_the_time_needed():
    refused(running(), errors.ProofMissing, lambda x: x.pause("2026-11-04", proof=""), "书面告知")
    refused(running(), errors.ProofMissing, lambda x: x.pause("2026-11-04", expected_until=None), "所需时间")


def test_opinions_of_third_parties_stop_a_disclosure_clock_without_a_told_time():
    """政府信息公开条例 33, third paragraph."""
    ledger = Ledger().start("2026-11-02", terms(20, pauses=("third_party_opinion",)))

    ledger.pause("2026-11-04", ground="third_party_opinion", expected_until=None)

    assert ledger.at("2026-11-05").state == "paused"


def test_nothing_is_entered_for_a_day_to_come():
    early = {"recorded_at": noon("2026-11-04")}
    refused(running(), errors.EntryInFuture, lambda x: x.stop("2026-11-05", **early), "不得晚于今天")
    refused(Ledger(), errors.EntryInFuture, lambda x: x.start("2026-11-05", **early))


def test_what_is_entered_late_says_why():
    late = {"recorded_at": noon("2026-11-06")}
    refused(running(), errors.ReasonMissing, lambda x: x.stop("2026-11-05", **late), "补记")
    assert running().stop("2026-11-05", reason="系统停机，次日补记", **late).at(
        "2026-11-09"
    ).stopped_on == day("2026-11-05")


def test_a_deemed_acceptance_is_its_own_reason():
    late = {"recorded_at": noon("2026-11-12")}
    refused(Ledger(), errors.ReasonMissing, lambda x: x.start("2026-11-02", **late))
    assert Ledger().start("2026-11-02", terms(20, started_by=StartedBy.DEEMED_ACCEPTED), **late).entries


def test_a_missed_deadline_is_not_mended_by_a_pause_put_in_later():
    late = {"recorded_at": noon("2026-11-10"), "reason": "补记"}
    refused(running(), errors.PauseAfterDeadline, lambda x: x.pause("2026-11-05", **late), "已经届满")


def test_entries_follow_one_another():
    ledger = running().pause("2026-11-05")
    late = {"recorded_at": noon("2026-11-06"), "reason": "补记"}
    refused(ledger, errors.EntryOutOfOrder, lambda x: x.resume("2026-11-04", **late), "冲销")


@pytest.mark.parametrize("what", ["pause", "resume", "extend", "stop"])
def test_a_stopped_clock_takes_no_more_entries(what):
    ledger = running().stop("2026-11-04")
    refused(ledger, errors.ClockStopped, lambda x: getattr(x, what)("2026-11-05"), "已经停止")


@pytest.mark.parametrize("what", ["pause", "resume", "extend", "stop"])
def test_a_clock_that_never_started_takes_no_entries(what):
    refused(Ledger(), errors.ClockNotStarted, lambda x: getattr(x, what)("2026-11-05"), "尚未起算")


def test_an_empty_ledger_has_no_deadline():
    with pytest.raises(errors.ClockNotStarted):
        replay([])


def test_a_clock_starts_only_once():
    refused(running(), errors.ClockAlreadyStarted, lambda x: x.start("2026-11-03"), "不能重复起算")


def test_a_clock_needs_a_limit():
    refused(Ledger(), errors.LimitMissing, lambda x: x.start("2026-11-02", terms(0)))
    with pytest.raises(errors.LimitMissing):
        replay([Entry(1, Action.START, day("2026-11-02"), noon("2026-11-02"))])


def test_a_clock_in_hours_needs_the_instant():
    refused(
        Ledger(),
        errors.InstantMissing,
        lambda x: x.start("2026-11-02", terms(24, Unit.HOURS)),
        "第二百零一条",
    )
    hours = Ledger().start("2026-11-02", terms(24, Unit.HOURS), at=noon("2026-11-02"))
    refused(hours, errors.InstantMissing, lambda x: x.stop("2026-11-02"))
    before = datetime(2026, 11, 2, 11, tzinfo=BEIJING)
    refused(hours, errors.EntryOutOfOrder, lambda x: x.stop("2026-11-02", at=before))
    after = noon("2026-11-02") + timedelta(hours=2)
    refused(hours, errors.EntryInFuture, lambda x: x.stop("2026-11-02", at=after))


def test_hours_that_have_run_out_are_not_extended():
    hours = Ledger().start("2026-11-02", terms(2, Unit.HOURS), at=noon("2026-11-02"))
    at = noon("2026-11-02") + timedelta(hours=2)
    assert hours.copy().extend("2026-11-02", limit=1, at=at, recorded_at=at).at(at).total == 3
    late = at + timedelta(seconds=1)
    refused(
        hours,
        errors.ExtensionAfterDeadline,
        lambda x: x.extend("2026-11-02", limit=1, at=late, recorded_at=late),
    )


# Corrections ----------------------------------------------------------------------------------------


def reversal(on: str = "2026-11-20", reason: str = "录入日期有误") -> Entry:
    return Entry(0, Action.REVERSE, day(on), noon(on), reason=reason)


def moved(entry: Entry, to: str, recorded: str = "2026-11-20") -> Entry:
    return replace(entry, day=day(to), recorded_at=noon(recorded), reason="更正录入日期")


def test_a_wrong_day_is_taken_back_and_written_again_and_both_stay_in_the_ledger():
    ledger = running().pause("2026-11-04").resume("2026-11-06")
    pause, resume = ledger.entries[1:]
    change = Correction((2, 3), (moved(pause, "2026-11-05"), moved(resume, "2026-11-06")))

    entries = corrected(ledger.entries, change, reversal())

    assert entries[:3] == ledger.entries
    assert [e.action for e in entries[3:]] == ["reverse", "reverse", "pause", "resume"]
    assert [e.seq for e in entries] == list(range(1, 8))
    assert check_whole(entries, CALENDAR) == replay(entries)
    fresh = Ledger().start("2026-11-02", terms(5)).pause("2026-11-05").resume("2026-11-06")
    assert Ledger.at(as_ledger(entries), "2026-11-06").due_on == fresh.due() == day("2026-11-10")


def as_ledger(entries) -> Ledger:
    ledger = Ledger()
    ledger.entries = list(entries)
    return ledger


def test_a_wrong_start_is_taken_back_and_written_again():
    ledger = running().pause("2026-11-04").resume("2026-11-06")
    start = moved(ledger.entries[0], "2026-11-03")

    entries = corrected(ledger.entries, Correction((1,), (start,)), reversal())

    assert check_whole(entries, CALENDAR).start.day == day("2026-11-03")
    assert as_ledger(entries).due() == day("2026-11-12")


def test_a_start_moved_to_the_day_of_a_pause_still_comes_before_it():
    ledger = running().pause("2026-11-04").resume("2026-11-06")
    start = moved(ledger.entries[0], "2026-11-04")

    entries = corrected(ledger.entries, Correction((1,), (start,)), reversal())

    assert check_whole(entries, CALENDAR).start.day == day("2026-11-04")
    assert as_ledger(entries).due() == day("2026-11-12")  # counted from the 6th, a Friday


def test_a_stop_can_be_taken_back():
    entries = corrected(running().stop("2026-11-04").entries, Correction((2,)), reversal())

    assert check_whole(entries, CALENDAR).stop is None


def test_a_ledger_of_which_everything_was_taken_back_has_no_clock():
    entries = corrected(running().entries, Correction((1,)), reversal())

    assert check_whole(entries, CALENDAR) is None


def test_a_correction_that_leaves_nonsense_is_refused():
    ledger = running().pause("2026-11-04").resume("2026-11-06")
    entries = corrected(ledger.entries, Correction((2,)), reversal())
    with pytest.raises(errors.NotPaused):
        check_whole(entries, CALENDAR)


def test_taking_back_a_pause_does_not_leave_an_extension_that_came_too_late():
    """行政许可法 42: without the pause the last day was 9 November, and the extension came on the 12th."""
    ledger = running().pause("2026-11-04").resume("2026-11-10").extend("2026-11-12", limit=2)
    entries = corrected(ledger.entries, Correction((2, 3)), reversal())
    with pytest.raises(errors.ExtensionAfterDeadline):
        check_whole(entries, CALENDAR)


def test_a_correction_gives_its_reason():
    with pytest.raises(errors.ReasonMissing):
        corrected(running().entries, Correction((1,)), reversal(reason=" "))


@pytest.mark.parametrize("targets", [(9,), (1, 1)])
def test_only_an_entry_that_holds_is_taken_back(targets):
    with pytest.raises(errors.EntryUnknown):
        corrected(running().entries, Correction(targets), reversal())


def test_a_reversal_is_not_taken_back():
    entries = corrected(running().pause("2026-11-04").entries, Correction((2,)), reversal())
    for target in (2, 3):
        with pytest.raises(errors.EntryUnknown):
            corrected(entries, Correction((target,)), reversal())
