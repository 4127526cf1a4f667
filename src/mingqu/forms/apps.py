from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "mingqu.forms"
    label = "forms"

    def ready(self) -> None:
        from mingqu.forms import own_data as held
        from mingqu.identity.services import own_data

        own_data.register(held.holding())
