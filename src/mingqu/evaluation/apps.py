from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "mingqu.evaluation"
    label = "evaluation"
    verbose_name = "好差评"

    def ready(self) -> None:
        from mingqu.ui import menu

        menu.register(menu.Entry("staff", "好差评", "evaluation:ratings", order=60))
