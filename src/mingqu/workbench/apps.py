from django.apps import AppConfig
from django.urls import reverse

ARCHIVE_PAGES = frozenset({"workbench:archive_package"})
VISIT_PAGES = frozenset(
    f"workbench:{name}"
    for name in (
        *("visit", "visit_plan", "visit_move", "visit_sign"),
        *("findings", "findings_sign", "findings_close", "finding_correct"),
    )
)


class WorkbenchConfig(AppConfig):
    name = "mingqu.workbench"
    label = "workbench"

    def ready(self) -> None:
        from mingqu.catalogue import services as catalogue
        from mingqu.certificates import services as certificates
        from mingqu.federation import services as federation
        from mingqu.insight import services as insight
        from mingqu.ui import menu
        from mingqu.workbench.selectors.amending import waiting_changes, waiting_slips
        from mingqu.workbench.selectors.consulting import waiting_answers
        from mingqu.workbench.selectors.counter import uncollected
        from mingqu.workbench.selectors.discretion import waiting_discretions
        from mingqu.workbench.selectors.elsewhere import waiting as waiting_elsewhere
        from mingqu.workbench.selectors.hand_over import waiting_shifts
        from mingqu.workbench.selectors.of_certificates import case_of
        from mingqu.workbench.selectors.of_papers import papers_to_mend
        from mingqu.workbench.selectors.of_seals import seals_to_agree
        from mingqu.workbench.selectors.originals import papers_waiting
        from mingqu.workbench.selectors.recusing import waiting_recusals
        from mingqu.workbench.selectors.suspended import waiting_suspensions
        from mingqu.workbench.selectors.unserved import waiting_service

        catalogue.offer_look("窗口收件", "窗口人员问的、逐份核的材料", "workbench:window_preview", 30)
        certificates.offer_case_page(case_of)
        federation.offer_case_page(lambda number: reverse("workbench:case", args=[number]))
        insight.offer_case_page(lambda number: reverse("workbench:case", args=[number]))
        menu.register_page("case_at_desk", "workbench:case")
        menu.register_page("errand_form", "workbench:errand_start")
        menu.register_page("errand_fix", "workbench:errand_fix")
        menu.register_waiting("workbench:desk", papers_to_mend)
        menu.register_waiting("workbench:counter", uncollected)
        menu.register_waiting("workbench:paper", papers_waiting)
        menu.register_waiting("workbench:unserved", waiting_service)
        menu.register_waiting("workbench:suspended", waiting_suspensions)
        menu.register_waiting("workbench:across", waiting_elsewhere)
        menu.register_waiting("workbench:hand_over", waiting_shifts)
        menu.register_waiting("workbench:seals", seals_to_agree)
        menu.register_waiting("workbench:recusals", waiting_recusals)
        menu.register_waiting("workbench:changes", waiting_changes)
        menu.register_waiting("workbench:discretions", waiting_discretions)
        menu.register_waiting("workbench:outages", waiting_slips)
        menu.register_waiting("workbench:consultations", waiting_answers)
        menu.register(
            menu.Entry("staff_home", "工作台", "workbench:desk"),
            menu.Entry("staff_search", "查办件", "workbench:search"),
            menu.Entry("staff", "我的工作台", "workbench:desk", order=10),
            menu.Entry("staff", "综合窗口", "workbench:window", order=100, group="窗口和收费"),
            menu.Entry("staff", "叫号", "workbench:queue", order=101, group="窗口和收费"),
            menu.Entry("staff", "出件", "workbench:counter", order=102, group="窗口和收费"),
            menu.Entry("staff", "文书送达", "workbench:unserved", order=103, group="窗口和收费"),
            menu.Entry("staff", "材料交接", "workbench:paper", order=105, group="窗口和收费"),
            menu.Entry("staff", "日终清单", "workbench:closing", order=112, group="窗口和收费"),
            menu.Entry("staff", "通办代收", "workbench:across", order=108, group="窗口和收费"),
            menu.Entry("staff", "查办件", "workbench:search", order=11),
            menu.Entry("staff", "特别程序", "workbench:suspended", order=154, group="审查和决定"),
            menu.Entry("staff", "一件事", "workbench:bundles", order=150, group="审查和决定"),
            menu.Entry("staff", "工程建设项目", "workbench:projects", order=151, group="审查和决定"),
            menu.Entry(
                "staff", "现场核查", "workbench:visits", order=152, group="审查和决定", also=VISIT_PAGES
            ),
            menu.Entry(
                "staff",
                "归档清单",
                "workbench:archive_list",
                order=159,
                group="审查和决定",
                also=ARCHIVE_PAGES,
            ),
            menu.Entry("staff", "征求意见", "workbench:consultations", order=153, group="审查和决定"),
            menu.Entry("staff", "回避", "workbench:recusals", order=157, group="审查和决定"),
            menu.Entry("staff", "换班交接", "workbench:hand_over", order=13),
            menu.Entry("staff", "停机和补录", "workbench:outages", order=110, group="窗口和收费"),
            menu.Entry("staff", "复核改动", "workbench:changes", order=156, group="审查和决定"),
            menu.Entry("staff", "裁量复核", "workbench:discretions", order=155, group="审查和决定"),
            menu.Entry("staff", "常用语", "workbench:phrases", order=160, group="审查和决定"),
            menu.Entry("staff", "跑动和时限", "workbench:figures", order=282, group="统计"),
            menu.Entry("staff", "裁量统计", "workbench:discretion_figures", order=284, group="统计"),
            menu.Entry(
                "staff", "清单之外的办件", "workbench:outside_lists", order=303, group="事项、证照、法规"
            ),
            menu.Entry("staff", "运行状况", "workbench:health", order=500, group="平台"),
            menu.Entry("staff", "电子印章", "workbench:seals", order=505, group="平台"),
            menu.Entry("staff", "办理存证", "workbench:audit", order=510, group="平台"),
        )

        from mingqu.identity.services import settling
        from mingqu.workbench.settling import TIES

        settling.register("workbench", *TIES)
