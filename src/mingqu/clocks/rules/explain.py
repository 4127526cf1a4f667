"""
The explanation of a deadline: every day (or span of hours) with its reason, and sentences fit to print.

It walks day by day and shares no counting with `deadline`; the property tests hold the two together.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from mingqu.clocks.rules.calendar import Calendar, DayFact
from mingqu.clocks.rules.deadline import cut_from, days_to_count, evaluate, instant_spans, unit_length
from mingqu.clocks.rules.ledger import Clock, Pause, replay
from mingqu.clocks.rules.statutory import DAY
from mingqu.clocks.rules.wording import article_text, day_text, instant_text, quantity, say
from mingqu.clocks.types import (
    ART_DAY_ENDS,
    ART_DEEMED,
    ART_HOURS,
    ART_LAST_DAY,
    ART_MONTHS,
    ART_SPECIAL,
    ART_START_DAY,
    ART_WORKING_DAYS,
    GROUNDS,
    LICENCE_LAW,
    PAYMENT,
    Article,
    Deadline,
    Entry,
    Explanation,
    Ground,
    Row,
    StartedBy,
    State,
    Unit,
    Why,
)
from mingqu.kernel.errors import spoken, to_citizens
from mingqu.kernel.legal_day import legal_day

PROVISIONAL = to_citizens("暂按法定节假日推算")
HOLIDAY_LAW = "《全国年节及纪念日放假办法》第二条、第六条"
NOT_COUNTED = to_citizens("起算当日不计入")
TIME_NEEDED = to_citizens("{ground}所需时间不计入")
RUNS = to_citizens("计时")


def explain(entries: Iterable[Entry], calendar: Calendar, as_of: datetime) -> Explanation:
    """Deadline, rows and sentences. Raises ClockNotStarted for a ledger without a start."""
    clock = replay(entries)
    found = evaluate(clock, calendar, as_of)
    if clock.spec.unit.is_time_of_day:
        rows = tuple(_span_rows(clock, found, as_of))
    else:
        rows = tuple(_day_rows(clock, calendar, found.due_on or legal_day(as_of, clock.spec.closing)))
    cut = cut_from(clock, calendar)
    return Explanation(found, rows, tuple(_sentences(clock, found, rows, cut)))


# Rows ------------------------------------------------------------------------------------------------


def _day_rows(clock: Clock, calendar: Calendar, last: date) -> Iterator[Row]:
    day = clock.start.day
    yield Row(day, False, Why.START_DAY, say(NOT_COUNTED), 0, ART_START_DAY, calendar.provisional(day))
    number, total = 0, days_to_count(clock)
    working_days = clock.spec.unit is Unit.WORKING_DAYS
    while day < last:
        day += DAY
        fact, pause = calendar.fact(day), _pause_on(clock, day)
        if number >= total:
            row = _moved_row(clock, fact, pause, number)
        elif working_days and not fact.working:
            row = Row(day, False, fact.why, spoken(fact.text), number, _rest_article(clock), fact.provisional)
        elif pause is not None:
            row = _paused_row(clock, fact, pause, number)
        else:
            number += 1
            why, text = (fact.why, spoken(fact.text)) if working_days else (Why.COUNTED, _plain(fact))
            row = Row(day, True, why, text, number, None, fact.provisional)
        yield row


def _plain(fact: DayFact) -> str:
    if fact.working:
        return say(to_citizens("计入"))
    return say(to_citizens("计入（{day}）"), day=spoken(fact.text))


def _pause_on(clock: Clock, day: date) -> Pause | None:
    for pause in clock.pauses:
        if pause.since <= day and (pause.until is None or day < pause.until):
            return pause
    return None


def _paused_row(clock: Clock, fact: DayFact, pause: Pause, number: int) -> Row:
    ground = GROUNDS[pause.ground]
    text = say(TIME_NEEDED, ground=spoken(ground.text))
    return Row(fact.day, False, Why.PAUSED, text, number, _ground_article(clock, ground), fact.provisional)


def _moved_row(clock: Clock, fact: DayFact, pause: Pause | None, number: int) -> Row:
    if pause is not None and fact.working:
        return _paused_row(clock, fact, pause, number)
    if fact.working:
        text = say(to_citizens("顺延至此日"))
    else:
        text = say(to_citizens("{day}，最后一日顺延"), day=spoken(fact.text))
    return Row(fact.day, False, Why.MOVED, text, number, ART_LAST_DAY, fact.provisional)


def _ground_article(clock: Clock, ground: Ground) -> Article | None:
    """行政许可法 45 for licences alone; the articles of other laws are named for any clock."""
    if ground.code == PAYMENT:
        return clock.spec.fee_article
    return None if ground.article == ART_SPECIAL and not clock.spec.licence else ground.article


def _rest_article(clock: Clock) -> Article | None:
    """
    行政许可法 82 speaks for clocks of that law only; other laws define their own working days.

    Definitions name the law in full, 中华人民共和国行政许可法.
    """
    article = clock.spec.article
    ours = (
        clock.spec.licence
        and article is not None
        and article.law.removeprefix("中华人民共和国") == LICENCE_LAW
    )
    return ART_WORKING_DAYS if ours else None


def _span_rows(clock: Clock, found: Deadline, as_of: datetime) -> Iterator[Row]:
    """Hours and minutes: one row a span, numbered by the whole units that have run at its end."""
    unit, cursor = unit_length(clock.spec.unit), clock.start.at
    assert cursor is not None
    day, ran = clock.start.day, 0 * unit
    for (since, until), pause in zip(instant_spans(clock, None), clock.pauses, strict=True):
        if found.due_at is not None and since >= found.due_at:
            break
        ran += since - cursor
        yield Row(day, True, Why.COUNTED, say(RUNS), ran // unit, since=cursor, until=since)
        ground, ended = GROUNDS[pause.ground], until or max(since, as_of)
        text = say(TIME_NEEDED, ground=spoken(ground.text))
        article = _ground_article(clock, ground)
        yield Row(pause.since, False, Why.PAUSED, text, ran // unit, article, since=since, until=ended)
        cursor, day = ended, pause.until or pause.since
    if found.due_at is not None:
        ran += found.due_at - cursor
        yield Row(day, True, Why.COUNTED, say(RUNS), ran // unit, since=cursor, until=found.due_at)


# Sentences -------------------------------------------------------------------------------------------


def _sentences(clock: Clock, found: Deadline, rows: tuple[Row, ...], cut: date | None) -> Iterator[str]:
    yield _limit_sentence(clock)
    yield _start_sentence(clock)
    for pause in clock.pauses:
        yield _pause_sentence(clock, pause)
    for entry in clock.extensions:
        yield _extension_sentence(clock, entry)
    yield from _moved_sentence(rows)
    if cut is not None:
        yield cut_sentence(clock, cut)
    yield _due_sentence(clock, found)
    yield _state_sentence(found)
    if found.provisional:
        yield say(
            to_citizens("{provisional}：有关年份的放假安排尚未公布，公布并导入后将重新计算（{law}）。"),
            provisional=spoken(PROVISIONAL),
            law=HOLIDAY_LAW,
        )
    yield say(to_citizens("工作日日历版本：{version}。"), version=found.calendar_version)


def _in_brackets(article: Article | None) -> str:
    return say(to_citizens("（{article}）"), article=article_text(article)) if article else ""


def _limit_sentence(clock: Clock) -> str:
    spec = clock.spec
    return say(
        to_citizens("{kind}为{length}{article}。"),
        kind=spoken(spec.kind.text),
        length=quantity(spec.limit, spec.unit),
        article=_in_brackets(spec.article),
    )


def _start_sentence(clock: Clock) -> str:
    spec, start = clock.spec, clock.start
    if spec.unit.is_time_of_day:
        assert start.at is not None
        return say(
            to_citizens("自{instant}起计算{article}。"),
            instant=instant_text(start.at),
            article=_in_brackets(ART_HOURS),
        )
    begun = say(to_citizens("{event}为{day}"), event=spoken(spec.started_by.text), day=day_text(start.day))
    if spec.started_by is StartedBy.DEEMED_ACCEPTED:
        law = _in_brackets(ART_DEEMED) if spec.licence else ""
        begun += say(to_citizens("，逾期未一次告知补正，自该日起即为受理{article}"), article=law)
    counting = say(
        to_citizens("开始的当日不计入，自次日起计算{article}"), article=_in_brackets(ART_START_DAY)
    )
    if spec.unit is Unit.WORKING_DAYS:
        counting += say(
            to_citizens("，以工作日计算，不含法定节假日{article}"), article=_in_brackets(_rest_article(clock))
        )
    elif spec.unit in (Unit.MONTHS, Unit.YEARS):
        counting += say(
            to_citizens("，到期月的对应日为最后一日，没有对应日的为月末日{article}"),
            article=_in_brackets(ART_MONTHS),
        )
    return say(to_citizens("{begun}；{counting}。"), begun=begun, counting=counting)


def _pause_sentence(clock: Clock, pause: Pause) -> str:
    ground = GROUNDS[pause.ground]
    why = say(
        to_citizens("{ground}所需时间不计算在期限内{article}。"),
        ground=spoken(ground.text),
        article=_in_brackets(_ground_article(clock, ground)),
    )
    since = _moment(clock, pause.since, pause.since_at)
    if pause.until is None:
        if not pause.expected_until:
            return say(to_citizens("{since}起暂停计时；{why}"), since=since, why=why)
        return say(
            to_citizens("{since}起暂停计时，告知的所需时间至{until}；{why}"),
            since=since,
            until=day_text(pause.expected_until),
            why=why,
        )
    if pause.until == pause.since and not clock.spec.unit.is_time_of_day:
        return say(to_citizens("{day}暂停并于当日恢复，期限不变；{why}"), day=day_text(pause.since), why=why)
    until = _moment(clock, pause.until, pause.until_at)
    return say(to_citizens("{since}起暂停计时，{until}恢复；{why}"), since=since, until=until, why=why)


def _moment(clock: Clock, day: date, at: datetime | None) -> str:
    return instant_text(at) if clock.spec.unit.is_time_of_day and at is not None else day_text(day)


def _extension_sentence(clock: Clock, entry: Entry) -> str:
    rule = clock.spec.extension
    assert rule is not None  # `apply` refuses an extension without a rule
    return say(
        to_citizens("{day}经{who}批准，延长{length}，理由：{reason}{article}。"),
        day=day_text(entry.day),
        who=spoken(rule.approver.text),
        length=quantity(entry.limit, clock.spec.unit),
        reason=entry.reason,
        article=_in_brackets(rule.article),
    )


def _moved_sentence(rows: tuple[Row, ...]) -> Iterator[str]:
    moved = [row for row in rows if row.why is Why.MOVED]
    if moved:
        first = next(row for row in reversed(rows) if row.counted)
        yield say(
            to_citizens("期间的最后一日{day}为休假日，以休假日结束的次日{next}为最后一日{article}。"),
            day=day_text(first.day),
            next=day_text(rows[-1].day),
            article=_in_brackets(ART_LAST_DAY),
        )


def cut_sentence(clock: Clock, cut: date) -> str:
    """That the law's last day stands in place of the promise's own, `cut`."""
    within = clock.spec.within
    assert within is not None  # nothing else cuts a clock short
    return say(
        to_citizens(
            "按{length}算到{day}，晚于法定期限（{most}）的最后一日；承诺期限不得长于法定期限，以法定期限的最后一日为准。"
        ),
        length=quantity(clock.limit, clock.spec.unit),
        day=day_text(cut),
        most=quantity(within.limit, within.unit),
    )


def _due_sentence(clock: Clock, found: Deadline) -> str:
    if found.due_on is None or found.due_at is None:
        return say(
            to_citizens("暂停期间没有确定的截止日；如按上述时间恢复，截止日为{day}。"),
            day=day_text(found.projected_on),
        )
    if clock.spec.unit.is_time_of_day:
        return say(to_citizens("截止时间为{instant}。"), instant=instant_text(found.due_at))
    closing = clock.spec.closing
    return say(
        to_citizens("截止日为{day}，截止时间为当日{hour}{article}。"),
        day=day_text(found.due_on),
        hour=f"{closing:%H:%M}" if closing else say(to_citizens("24时")),
        article=_in_brackets(ART_DAY_ENDS),
    )


def _state_sentence(found: Deadline) -> str:
    unit = found.counted_in
    overdue, left = quantity(found.overdue_by, unit), quantity(found.remaining, unit)
    if found.state is State.STOPPED:
        assert found.stopped_on is not None
        given = {"day": day_text(found.stopped_on), "used": _used(found)}
        if found.in_time:
            return say(to_citizens("{day}办结，在期限内，用时{used}。"), **given)
        return say(to_citizens("{day}办结，超期{late}，用时{used}。"), **given, late=overdue)
    if found.state is State.OVERDUE:
        return say(to_citizens("已超期{late}。"), late=overdue)
    if found.state is State.PAUSED:
        return say(to_citizens("现已暂停，已用{used}，剩余{left}。"), used=_used(found), left=left)
    return say(to_citizens("已用{used}，剩余{left}。"), used=_used(found), left=left)


def _used(found: Deadline) -> str:
    return quantity(found.elapsed + found.overdue_by, found.counted_in)
