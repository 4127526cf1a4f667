"""Addresses of rating."""

from django.urls import path

from mingqu.evaluation import views

app_name = "evaluation"

urlpatterns = [
    path("rate/<slug:number>/", views.rate, name="rate"),
    path("desk/ratings/", views.ratings, name="ratings"),
]
