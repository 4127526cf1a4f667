from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "mingqu.insight"
    label = "insight"
    verbose_name = "统计"

    def ready(self) -> None:
        from mingqu.insight import waiting
        from mingqu.ui import menu

        menu.register_waiting("insight:statistics", waiting.morning)
        menu.register_waiting("insight:reports", waiting.to_sign)
        menu.register(
            menu.Entry("staff", "统计", "insight:statistics", order=280, group="统计"),
            menu.Entry("staff", "统计报告", "insight:reports", order=281, group="统计"),
        )
