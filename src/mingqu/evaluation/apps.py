from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "mingqu.evaluation"
    label = "evaluation"
    verbose_name = "好差评"

    def ready(self) -> None:
        from mingqu.cases.services import offer_further
        from mingqu.evaluation.wiring import bad_ratings, rating_by_code_of, rating_of_a_case
        from mingqu.ui import menu

        offer_further("evaluation", rating_of_a_case, place="herself")
        offer_further("evaluation", rating_by_code_of, place="code")
        menu.register_waiting("evaluation:follow_ups", bad_ratings)
        menu.register(
            menu.Entry("staff", "好差评", "evaluation:ratings", order=220, group="评价和诉求"),
            menu.Entry("staff", "差评整改", "evaluation:follow_ups", order=221, group="评价和诉求"),
            menu.Entry("open", _("好差评"), "evaluation:tally", order=60),
        )

        from mingqu.evaluation.settling import TIES
        from mingqu.identity.services import settling

        settling.register("evaluation", *TIES)
