from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "mingqu.notifications"
    label = "notifications"
