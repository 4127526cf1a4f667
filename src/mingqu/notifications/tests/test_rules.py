"""What a text message says, how long it is, and when it may be sent."""

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.kernel.legal_day import BEIJING
from mingqu.notifications import rules


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=BEIJING)


def test_seventy_signs_are_one_message_and_then_each_part_holds_sixty_seven():
    assert [rules.segments("字" * n) for n in (1, 70, 71, 134, 135, 201, 202)] == [1, 1, 2, 2, 3, 3, 4]


def test_a_rare_sign_takes_two_units_and_is_not_torn_apart():
    assert rules.segments("𡘙" * 35) == 1
    assert rules.segments("𡘙" * 36) == 2
    assert rules.segments("𡘙" * 67) == 3  # 33 in each part, not 33 and a half


@given(st.text(max_size=400))
def test_the_parts_of_a_message_always_hold_it(text):
    units = sum(2 if ord(sign) > 0xFFFF else 1 for sign in text)

    assert (
        units <= rules.ALONE if rules.segments(text) == 1 else units <= rules.segments(text) * rules.IN_PARTS
    )


@pytest.mark.parametrize("kind", sorted(k for k, t in rules.inbox_templates().items() if t.sms))
def test_a_text_message_of_a_usual_item_is_whole_and_takes_two_parts_at_most(kind):
    samples = {
        "date": datetime(2026, 12, 28, tzinfo=BEIJING).date(),
        "case_number": "99010420260918000001",
        "list": ["营业执照"],
        "number": 12,
        "text": "食品经营许可（新办）",
    }
    params = {name: samples[sort] for name, sort in rules.inbox_templates()[kind].params.items()}
    text = rules.push_words(kind, params, site="清禾区政务服务网")

    assert text.startswith("【清禾区政务服务网】") and text.endswith("。") and "{" not in text
    assert rules.segments(text) <= 2


def test_the_version_tells_which_words_were_said_and_changes_with_each_of_them():
    """Of its own kind alone: what another kind says is no change of this one."""
    said = {"params": {"item": "text"}, "title": "题", "body": "您的{item}好了。", "sms": "好了"}
    first = rules._version(said)

    changed = [said | {"title": "标题"}, said | {"body": "您的{item}办好了。"}, said | {"sms": "办好了"}]
    versions = [rules._version(one) for one in changed]
    assert len({first, *versions}) == 4 and all(len(one) == 12 for one in versions)
    assert rules._version(dict(reversed(said.items()))) == first
    shown = rules.inbox_templates()
    assert shown["case_received"].version != shown["case_accepted"].version


@pytest.mark.parametrize(
    "kind", ["fee_due", "fee_overdue", "outside_correction", "case_voided", "acted_for_you"]
)
def test_what_has_a_day_or_a_danger_in_it_does_not_stay_in_the_inbox(kind):
    assert rules.inbox_templates()[kind].sms


def test_words_that_would_be_too_long_are_said_otherwise_and_never_cut():
    long = {"item": "名" * 300, "number": "99010420260918000001", "received_on": at(9).date()}

    text = rules.push_words("case_received", long, site="网站")
    assert text == "【网站】您有一条新消息，请登录网站，在“我的消息”里看。"


def test_a_link_stands_at_the_end_for_who_wants_one():
    words = {"item": "证", "number": "99010420260918000001", "received_on": at(9).date()}

    assert rules.push_words("case_received", words, site="网", link="https://x.cn/a").endswith(
        " https://x.cn/a"
    )


@pytest.mark.parametrize(
    ("begins", "ends", "ready", "sent"),
    [
        (time(22), time(7), at(21, 59), at(21, 59)),
        (time(22), time(7), at(22), datetime(2026, 11, 21, 7, tzinfo=BEIJING)),
        (time(22), time(7), at(6, 59), at(7)),
        (time(22), time(7), at(7), at(7)),
        (time(12), time(14), at(13), at(14)),
        (time(8), time(8), at(8), at(8)),
    ],
)
def test_quiet_hours_end_in_the_morning(begins, ends, ready, sent):
    assert rules.quiet_until(ready, begins, ends) == sent
