"""The Django application: decisions has no tables, so this only declares its name."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """DMN and FEEL, pure."""

    name = "mingqu.decisions"
    verbose_name = "规则"
