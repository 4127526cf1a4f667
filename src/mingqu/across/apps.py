from django.apps import AppConfig


class AcrossConfig(AppConfig):
    name = "mingqu.across"
    label = "across"
    verbose_name = "通办"

    def ready(self) -> None:
        from mingqu.across.services import require_agreement
        from mingqu.across.wiring import to_answer
        from mingqu.cases.services import window
        from mingqu.ui import menu

        window.ask_before_filing("across", require_agreement)
        menu.register_waiting("across:agreements", to_answer)
        menu.register(menu.Entry("staff", "通办协议", "across:agreements", order=64))

        from mingqu.across import own_data as held
        from mingqu.identity.services import own_data

        own_data.register(held.holding())
