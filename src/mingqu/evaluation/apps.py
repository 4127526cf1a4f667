from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "mingqu.evaluation"
    label = "evaluation"
