"""Addresses of complaints, questions and suggestions."""

from django.urls import path

from mingqu.voice import views

app_name = "voice"

urlpatterns = [
    path("voice/", views.mine, name="mine"),
    path("voice/new/", views.new, name="new"),
    path("voice/<slug:ticket>/", views.ticket, name="ticket"),
    path("desk/voice/", views.desk, name="desk"),
    path("desk/voice/export/", views.export, name="export"),
    path("desk/voice/<slug:ticket>/", views.desk_ticket, name="desk_ticket"),
    path("desk/voice/<slug:ticket>/pass/", views.pass_on, name="pass_on"),
]
