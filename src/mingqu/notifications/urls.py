from django.urls import URLPattern, path

from mingqu.notifications import choices_views as choices
from mingqu.notifications import notify_api, views
from mingqu.notifications import programs_views as programs

app_name = "notifications"


def notify_at(root: str, named: str = "") -> list[URLPattern]:
    """The addresses of notify_api under a root."""
    many, one = f"{root}notifications", "<uuid:notification_id>"
    template = f"{root}template/<uuid:template_id>"
    return [
        path(f"{many}/sms", notify_api.send, {"medium": "sms"}, name=f"{named}notify_sms"),
        path(f"{many}/email", notify_api.send, {"medium": "email"}, name=f"{named}notify_email"),
        path(f"{many}/{one}", notify_api.one, name=f"{named}notify_one"),
        path(many, notify_api.many, name=f"{named}notify_many"),
        path(f"{root}templates", notify_api.templates, name=f"{named}notify_templates"),
        path(template, notify_api.template, name=f"{named}notify_template"),
        path(f"{template}/version/<int:version>", notify_api.template, name=f"{named}notify_version"),
        path(f"{template}/preview", notify_api.preview, name=f"{named}notify_preview"),
    ]


urlpatterns = [
    path("my/messages/", views.inbox, name="inbox"),
    path("my/messages/read/", views.read_all, name="read_all"),
    path("my/messages/choices/", choices.choices, name="choices"),
    path("my/messages/choices/email/", choices.email, name="email"),
    path("my/messages/choices/email/code/", choices.email_code, name="email_code"),
    path("my/messages/<uuid:message_id>/", views.message, name="message"),
    path("desk/messages/", views.desk_messages, name="desk_messages"),
    path("desk/messages/read/", views.read_all_at_desk, name="desk_read_all"),
    path("notify/callback/<slug:channel>/", views.callback, name="callback"),
    *notify_at("notify/v2/"),
    *notify_at("v2/", named="bare_"),  # where clients of GOV.UK Notify ask, whatever address they are given
    path("desk/programs/", programs.programs, name="programs"),
    path("desk/programs/<uuid:service_id>/", programs.program, name="program"),
    path("desk/programs/<uuid:service_id>/keys/", programs.make_key, name="make_key"),
    path("desk/programs/<uuid:service_id>/keys/<uuid:key_id>/end/", programs.end_key, name="end_key"),
    path("desk/programs/<uuid:service_id>/templates/", programs.write_template, name="write_template"),
    path("double/sms/", views.double_sms, name="double_sms"),
]
