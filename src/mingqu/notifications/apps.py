from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "mingqu.notifications"
    label = "notifications"

    def ready(self) -> None:
        from mingqu.identity.services import register_code_sender
        from mingqu.notifications.channels import registry
        from mingqu.notifications.channels.double import DoubleChannel, DoubleLetters
        from mingqu.notifications.channels.mail import SmtpChannel
        from mingqu.notifications.services import send_sign_in_code
        from mingqu.ui import menu

        for channel in (DoubleChannel(), DoubleLetters(), SmtpChannel()):
            registry.register(channel)
        register_code_sender(send_sign_in_code)
        menu.register(menu.Entry("staff", "消息", "notifications:desk_messages", order=12))
        menu.register(menu.Entry("staff", "接入系统", "notifications:programs", order=506, group="平台"))
        menu.register(menu.Entry("main", _("我的消息"), "notifications:inbox", order=70))
        from mingqu.identity.services import own_data
        from mingqu.notifications import own_data as held

        own_data.register(held.holding())

        from mingqu.identity.services import settling
        from mingqu.notifications.settling import TIES

        settling.register("notifications", *TIES)
