from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "mingqu.certificates"
    label = "certificates"
    verbose_name = "电子证照"

    def ready(self) -> None:
        from mingqu.certificates import waiting, wiring
        from mingqu.kernel.training import asks_before_marking
        from mingqu.ui import menu

        asks_before_marking("certificates", wiring.issued_in)
        wiring.connect()

        menu.register(
            menu.Entry("main", _("我的证照"), "certificates:wallet", order=40),
            menu.Entry("staff", "证照", "certificates:desk", order=307, group="事项、证照、法规"),
            menu.Entry("staff", "存量证照", "certificates:imports", order=308, group="事项、证照、法规"),
            menu.Entry("open", _("证照核验"), "certificates:verify", order=30),
        )
        menu.register_waiting("certificates:desk", waiting.deeds)
        menu.register_waiting("certificates:imports", waiting.undos)
        from mingqu.certificates import own_data as held
        from mingqu.identity.services import own_data

        own_data.register(held.holding())
