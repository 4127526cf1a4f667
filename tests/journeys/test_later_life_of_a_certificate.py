"""
What a holder does with a certificate later on: 变更 begun on the page of the certificate, a new version that replaces
the old one wherever it is checked, and at last 注销.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.people import (
    PHONE,
    Citizen,
    Desks,
    Person,
    act,
    decide,
    numbers_on,
    opinion,
    photograph,
    today,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]
HOLDER = "19900000008"  # of a licence granted in the demo district


def test_a_holder_changes_a_certificate_and_later_gives_it_up(desk, browser, site, tmp_path):
    citizen = Citizen(browser, site, HOLDER)
    citizen.go("/")
    citizen.follow("登录")
    citizen.sign_in()
    citizen.go("/certificates/")
    citizen.follow("查看证照")
    citizen.waits_for("下载PDF")
    citizen.download("下载PDF", tmp_path / "old.pdf")

    citizen.follow("变更")
    citizen.choose("经营者名称")
    citizen.press("继续")
    citizen.choose("热食")
    citizen.press("继续")
    number = file(citizen, {"变更以后的经营者名称": "梧桐家常菜", "变更的内容和原因": "换了店名。"})
    carry(desk, number, with_check=True)

    citizen.go("/certificates/")
    citizen.follow("查看证照")
    citizen.waits_for("梧桐家常菜", "以前的版本")
    verify(Person(browser, site, PHONE), tmp_path / "old.pdf", "文件是真的，但证照现在不能使用")

    citizen.follow("注销")
    citizen.choose("不再经营了")
    citizen.press("继续")
    number = file(citizen, {})
    carry(desk, number, with_check=False)
    citizen.go("/certificates/")
    citizen.waits_for("已注销")
    citizen.shoot("cancelled")
    citizen.close()


def file(citizen: Citizen, answers: dict[str, str]) -> str:
    citizen.press("开始填写")
    citizen.page.wait_for_url("**/apply/draft/**")
    citizen.shoot("draft of a later step")
    if "/page/" not in citizen.page.url:
        citizen.page.get_by_role("region", name="一、填写申请表").get_by_role("link").first.click()
    for label, value in answers.items():
        citizen.fill(label, value)
    if not answers:
        citizen.fill_date("停止经营的日期", today() - timedelta(days=1))
    citizen.fill("联系电话", HOLDER)
    citizen.press("保存并继续")
    if answers:
        citizen.follow("营业执照")
        citizen.upload("选择文件或者照片", photograph("营业执照"))
        citizen.sees("营业执照.jpg")
        citizen.follow("这份交好了，继续")
    if "/check/" not in citizen.page.url:
        citizen.follow("核对")
    citizen.sees("核对并提交", "吴桐")
    citizen.choose("电子送达", "我已核对")
    citizen.press("提交申请")
    citizen.sees("申请已提交")
    return numbers_on(citizen.text())[0]


def carry(desk: Desks, number: str, *, with_check: bool) -> None:
    act(desk.case("chuangkou", number), "受理", "确认受理", "已受理")
    opinion(desk.case("chengban", number))
    if with_check:
        opinion(desk.case("shenhe", number), "同意")
    decide(desk.case("juzhang", number))


def verify(stranger: Person, file: Path, finding: str) -> None:
    stranger.go("/verify/")
    stranger.page.locator("input[type=file]").set_input_files(file)
    stranger.press("核对文件")
    stranger.sees(finding)
    stranger.shoot("replaced")
    stranger.close()
