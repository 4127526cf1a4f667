"""
The other system is down, slow, tells everything twice and in the wrong order, asks for a correction and decides:
nothing is lost, and neither she nor the desk is told more than is known.
"""

import re

import pytest

from tests.journeys.people import Citizen, Person, photograph
from tests.journeys.test_opening_a_restaurant import apply

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("journeys"),
]
SYSTEM = "省经营主体登记系统"
DOWN, SLOW, TWICE, REORDER = "停机", "很慢", "每条状态通知两次", "先后颠倒"


def test_nothing_is_lost_and_progress_is_honest_whatever_the_other_system_does(desk, browser, site):
    theirs = Person(browser, site, {"width": 1280, "height": 900})
    faults(theirs, DOWN)
    citizen = Citizen(browser, site)
    bundle = apply(citizen)
    clerk = desk("chuangkou")
    it_is_down(citizen, clerk, bundle)
    it_is_slow_and_has_it_once(theirs, citizen, clerk, bundle)
    faults(theirs, TWICE, REORDER)
    it_asks_and_she_answers_here(theirs, citizen, bundle)
    it_decides_out_of_order(theirs, citizen, clerk, bundle)
    faults(theirs)
    theirs.close()
    citizen.close()


def faults(theirs: Person, *names: str) -> None:
    theirs.go("/double/registry/")
    for box in theirs.page.get_by_role("checkbox").all():
        box.set_checked(False)
    theirs.choose(*names)
    theirs.press("设置故障")
    theirs.page.get_by_text("演示故障已设置").wait_for()


def progress(citizen: Citizen, bundle: str, *words: str) -> None:
    citizen.go(f"/bundles/mine/{bundle}/")
    citizen.waits_for(*words)


def in_minutes(person: Person, words: str, minutes: int = 5) -> None:
    """What comes with the next turn of the sweep."""
    for _look in range(minutes * 30):
        if words in person.text():
            return
        person.page.wait_for_timeout(2000)
        person.page.reload()
    person.sees(words)


def at_desk(clerk: Person, bundle: str) -> None:
    clerk.go(f"/desk/exchange/?number={bundle}")
    clerk.follow(re.compile("营业执照"))


def it_is_down(citizen: Citizen, clerk: Person, bundle: str) -> None:
    progress(citizen, bundle, f"正在转到{SYSTEM}，还没有得到对方的回音")
    citizen.shoot("other system down")
    at_desk(clerk, bundle)
    clerk.waits_for("等待转出", "现在再送", "ConnectionRefusedError")
    clerk.shoot("handover while down")


def it_is_slow_and_has_it_once(theirs: Person, citizen: Citizen, clerk: Person, bundle: str) -> None:
    faults(theirs, SLOW)
    clerk.press("现在再送")
    progress(citizen, bundle, "还没有得到对方的回音")  # it may have it: that is not known, so not said
    faults(theirs)
    theirs.waits_for(bundle)
    at_desk(clerk, bundle)
    in_minutes(
        clerk, "已转出，对方还没有回音"
    )  # asked for first, when the attempt without an answer is given up
    theirs.page.reload()
    assert theirs.page.get_by_text(bundle).count() == 1, "it has it once"
    progress(citizen, bundle, f"已经转到{SYSTEM}")


def it_asks_and_she_answers_here(theirs: Person, citizen: Citizen, bundle: str) -> None:
    decide(theirs, bundle, "办理中")
    decide(theirs, bundle, "要求补正", "经营场所没有写门牌号")
    progress(citizen, bundle, f"{SYSTEM}要求补正，别的事项照常办")
    citizen.shoot("outside correction on progress")
    citizen.follow("去补正")
    citizen.sees("经营场所没有写门牌号")
    citizen.page.locator("input[type=file]").first.set_input_files([photograph("门牌号")])
    citizen.sees("门牌号.jpg")
    citizen.fill("补正说明", "门牌号是示例路41号")
    citizen.shoot("outside correction")
    citizen.press("交上补正")
    citizen.sees(f"补正已经交上，正在转给{SYSTEM}")
    theirs.go("/double/registry/")
    theirs.waits_for("门牌号是示例路41号", "第1次补正，文件")


def it_decides_out_of_order(theirs: Person, citizen: Citizen, clerk: Person, bundle: str) -> None:
    decide(theirs, bundle, "办结")
    progress(citizen, bundle, "已准予")
    citizen.shoot("decided outside")
    at_desk(clerk, bundle)
    clerk.waits_for("对方已办结", "不用再做什么")
    told = clerk.part("对方说过的").get_by_role("listitem")
    assert told.filter(has_text="要求补正").count() == 1, "told twice, kept once"
    clerk.shoot("handover decided")


def decide(theirs: Person, bundle: str, button: str, words: str = "") -> None:
    theirs.go("/double/registry/")
    matter = theirs.page.locator("section").filter(has_text=bundle)
    if words:
        matter.get_by_label("说明").fill(words)
    matter.get_by_role("button", name=button, exact=True).click()
    theirs.page.wait_for_load_state()
