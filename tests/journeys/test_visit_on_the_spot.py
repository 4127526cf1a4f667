"""
Two officers on the spot with a phone: the checklist, a photograph and drawn signatures. The visit is the one that is
agreed on in the demo district, because one can be agreed on for a working day only and journeys run on any day.
"""

import pytest

from tests.journeys.people import PHONE, decide, numbers_on, photograph, sign_in_staff

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]
OFFICERS = ("王一帆", "赵青")


def test_two_officers_record_a_visit_on_a_phone_and_the_licence_follows(desk, browser, site):
    officer = sign_in_staff(browser, site, "hecha")
    officer.page.set_viewport_size(PHONE)
    officer.follow("菜单")
    officer.follow("现场核查")
    officer.sees("赵*", "核查人员：王一帆")
    number = numbers_on(officer.text())[0]
    officer.follow("到现场")
    for group in officer.page.locator("#spot").get_by_role("group").all():
        group.get_by_label("符合", exact=True).check()
    officer.upload("拍照或者选照片", photograph("现场"))
    officer.press("上传照片")
    officer.sees("现场照片（1张）", "条都已填写")
    officer.press("保存，去签名")
    officer.choose_in("核查结果", "符合")
    officer.fill("几点到的现场", "00:00")
    officer.fill("申请人一方签名", "赵望渠")
    officer.sign("申请人一方手写签名")
    for name in OFFICERS:
        officer.fill(f"核查人员签名：{name}", name)
        officer.sign(f"{name}手写签名")
    officer.press("完成核查记录")
    officer.sees("照片1张")
    officer.close()
    leader = desk.case("juzhang", number)
    leader.waits_for("现场核查记录")
    decide(leader)
