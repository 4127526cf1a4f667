from django.urls import path

from mingqu.notifications import views

app_name = "notifications"

urlpatterns = [
    path("my/messages/", views.inbox, name="inbox"),
    path("my/messages/read/", views.read_all, name="read_all"),
    path("my/messages/<uuid:message_id>/", views.message, name="message"),
    path("desk/messages/", views.desk_messages, name="desk_messages"),
    path("desk/messages/read/", views.read_all_at_desk, name="desk_read_all"),
    path("double/sms/", views.double_sms, name="double_sms"),
]
