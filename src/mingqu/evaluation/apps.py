from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "mingqu.evaluation"
    label = "evaluation"
    verbose_name = "好差评"

    def ready(self) -> None:
        from mingqu.evaluation.wiring import bad_ratings
        from mingqu.ui import menu

        menu.register_waiting("evaluation:follow_ups", bad_ratings)
        menu.register(
            menu.Entry("staff", "好差评", "evaluation:ratings", order=60),
            menu.Entry("staff", "差评整改", "evaluation:follow_ups", order=60),
            menu.Entry("open", _("好差评"), "evaluation:tally", order=60),
        )
