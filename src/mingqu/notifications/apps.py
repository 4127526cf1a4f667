from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "mingqu.notifications"
    label = "notifications"

    def ready(self) -> None:
        from mingqu.identity.services import register_code_sender
        from mingqu.notifications.contrib.double import DoubleChannel
        from mingqu.notifications.services import send_sign_in_code
        from mingqu.notifications.sms import registry
        from mingqu.ui import menu

        registry.register(DoubleChannel())
        register_code_sender(send_sign_in_code)
        menu.register(menu.Entry("staff", "消息", "notifications:desk_messages", order=28))
        menu.register(menu.Entry("main", _("我的消息"), "notifications:inbox", order=70))
