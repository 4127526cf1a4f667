"""Addresses of rating, and of following up bad ratings."""

from django.urls import path

from mingqu.evaluation.views import following, rating

app_name = "evaluation"

urlpatterns = [
    path("rate/<slug:number>/", rating.rate, name="rate"),
    path("ratings/", following.public_tally, name="tally"),
    path("desk/ratings/", rating.ratings, name="ratings"),
    path("desk/ratings/bad/", following.follow_ups, name="follow_ups"),
    path("desk/ratings/bad.xlsx", following.export, name="follow_ups_export"),
    path("desk/ratings/bad/<slug:follow_up>/", following.follow_up, name="follow_up"),
    path("desk/ratings/bad/<slug:follow_up>/agree/", following.agree, name="agree_exclusion"),
    path("desk/ratings/bad/<slug:follow_up>/decline/", following.decline, name="decline_exclusion"),
    path("desk/ratings/bad/<slug:follow_up>/rater/", following.rater, name="rater"),
]
