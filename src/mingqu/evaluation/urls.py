"""Addresses of rating, and of following up bad ratings."""

from django.urls import path

from mingqu.evaluation.views import by_code, channels, following, limits, months, rating, reviews, screen

app_name = "evaluation"

urlpatterns = [
    path("rate/", by_code.rate_by_code, name="rate_by_code"),
    path("rate/<slug:number>/", rating.rate, name="rate"),
    path("rate/<slug:number>/open/", by_code.rate_opened, name="rate_opened"),
    path("rate/<slug:number>/mistaken/", reviews.mistaken, name="say_mistaken"),
    path("rate-here/<str:token>/", screen.press, name="press"),
    path("desk/rate/<slug:number>/", screen.ask, name="ask_rating"),
    path("ratings/", following.public_tally, name="tally"),
    path("desk/ratings/", rating.ratings, name="ratings"),
    path("desk/ratings/channels/", channels.channels, name="channels"),
    path("desk/ratings/channels.xlsx", channels.export, name="channels_export"),
    path("desk/ratings/bad/", following.follow_ups, name="follow_ups"),
    path("desk/ratings/bad.xlsx", following.export, name="follow_ups_export"),
    path("desk/ratings/bad/limits/", limits.limits, name="limits"),
    path("desk/ratings/bad/months/", months.months, name="months"),
    path("desk/ratings/bad/months.xlsx", months.export, name="months_export"),
    path("desk/ratings/bad/<slug:follow_up>/", following.follow_up, name="follow_up"),
    path("desk/ratings/bad/<slug:follow_up>/agree/", following.agree, name="agree_exclusion"),
    path("desk/ratings/bad/<slug:follow_up>/decline/", following.decline, name="decline_exclusion"),
    path("desk/ratings/bad/<slug:follow_up>/rater/", following.rater, name="rater"),
    path("desk/ratings/bad/<slug:follow_up>/review/", reviews.ask, name="ask_review"),
    path("desk/ratings/bad/<slug:follow_up>/review/answer/", reviews.answer, name="answer_review"),
]
