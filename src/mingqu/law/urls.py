"""Addresses of the law library: for everybody, and for those who keep it."""

from django.urls import path

from mingqu.law import views

app_name = "law"

urlpatterns = [
    path("laws/", views.law_list, name="laws"),
    path("laws/articles/", views.article_search, name="articles"),
    path("laws/<slug:slug>/", views.law, name="law"),
    path("desk/laws/", views.library_list, name="library"),
    path("desk/laws/<slug:slug>/", views.kept, name="kept"),
    path("desk/laws/<slug:slug>/record/", views.record, name="record"),
    path("desk/laws/<slug:slug>/awaited/<uuid:awaited_id>/", views.decide, name="decide"),
]
