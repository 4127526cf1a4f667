from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoiceConfig(AppConfig):
    name = "mingqu.voice"
    label = "voice"
    verbose_name = "投诉、咨询和建议"

    def ready(self) -> None:
        from mingqu.cases import services as cases
        from mingqu.ui import menu
        from mingqu.voice.wiring import about_a_case, to_answer

        cases.offer_further("voice", about_a_case)
        menu.register_waiting("voice:desk", to_answer)
        menu.register(
            menu.Entry("help", _("投诉、咨询和建议"), "voice:mine", order=30),
            menu.Entry("staff", "投诉、咨询和建议", "voice:desk", order=222, group="评价和诉求"),
        )
        from mingqu.identity.services import own_data
        from mingqu.voice import own_data as held

        own_data.register(held.holding())

        from mingqu.identity.services import settling
        from mingqu.voice.settling import TIES

        settling.register("voice", *TIES)
