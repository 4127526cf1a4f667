"""Forms in GOV.UK markup: label, hint, error and input belong together; a wrong answer is kept."""

from datetime import date

import pytest
from django import forms
from django.template import engines

from mingqu.ui.forms import PageRenderer, ZhDateField
from mingqu.ui.tests import gallery


def summary(*given):
    return (
        engines["django"]
        .from_string("{% load mq %}{% error_summary form other %}")
        .render({"form": given[0] if given else None, "other": None})
    )


def test_an_input_is_described_by_its_hint_and_its_error():
    shown = str(gallery.wrong_form()["area"].as_field_group())

    assert 'aria-describedby="id_area_helptext id_area_error"' in shown
    assert 'id="id_area_helptext"' in shown
    assert 'id="id_area_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert "govuk-input--error" in shown
    assert 'value="一百二"' in shown


def test_choices_are_rows_under_one_legend_with_their_explanation():
    shown = str(gallery.ShopForm()["building"].as_field_group())

    assert shown.count('class="govuk-radios__item"') == 2
    assert "<legend" in shown
    assert 'class="mq-opt-hint">烟道通到楼顶' in shown
    assert shown.count('class="govuk-checkboxes__item"') == 0
    assert str(gallery.ShopForm()["food"]).count('class="govuk-checkboxes__item"') == 2


def test_each_kind_of_choice_has_the_class_that_draws_its_tick():
    class Many(forms.Form):
        one = forms.ChoiceField(choices=[("a", "甲")], widget=forms.RadioSelect)
        some = forms.MultipleChoiceField(choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple)
        yes = forms.BooleanField()

    form = Many(renderer=PageRenderer())
    assert 'class="govuk-radios__input"' in str(form["one"])
    assert 'class="govuk-checkboxes__input"' in str(form["some"])
    assert 'class="govuk-checkboxes__input"' in str(form["yes"])


def test_every_error_stands_in_the_summary_and_leads_to_its_input():
    form = gallery.wrong_form()
    shown = summary(form)

    assert "有6处要改一下" in shown
    for name, target in [
        ("area", "id_area"),
        ("building", "id_building_0"),
        ("opening", "id_opening_0"),
        ("plan", "id_plan"),
    ]:
        assert f'href="#{target}"' in shown
        assert f'id="{target}"' in str(form[name])


def test_a_missing_answer_is_asked_for_by_name():
    form = gallery.wrong_form()

    assert form["building"].error_words == ["请选择：店铺所在的楼栋"]
    assert form["plan"].error_words == ["请上传：平面布局图"]
    assert form["promise"].error_words == ["请先确认：我确认以上内容属实"]


def test_a_form_without_errors_has_no_summary():
    assert summary(gallery.ShopForm()).strip() == ""
    assert summary(None).strip() == ""


def test_an_error_of_the_whole_form_is_shown_even_without_a_summary():
    class Pair(forms.Form):
        def clean(self):
            raise forms.ValidationError("两次填的不一样")

    form = Pair({}, renderer=PageRenderer())

    assert "两次填的不一样" in str(form)
    assert "两次填的不一样" in summary(form)


def test_optional_questions_say_so():
    assert "（选填）" in str(gallery.ShopForm()["about"].as_field_group())
    assert "（选填）" not in str(gallery.ShopForm()["area"].as_field_group())


class Opening(forms.Form):
    day = ZhDateField(label="开业日期")
    end = ZhDateField(label="停业日期", required=False)


def opening(year, month, day):
    return Opening({"day_year": year, "day_month": month, "day_day": day}, renderer=PageRenderer())


def test_a_date_is_asked_for_as_year_month_and_day():
    form = opening("2026", " 11 ", "9")

    assert form.is_valid()
    assert form.cleaned_data == {"day": date(2026, 11, 9), "end": None}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (("2026", "2", "30"), "没有这一天：您写的是“2026年2月30日”"),
        (("二〇二六", "1", "1"), "没有这一天：您写的是“二〇二六年1月1日”"),
        (("99999999999999999999", "1", "1"), "没有这一天"),
        (("2026", "", "9"), "请把年、月、日都填上"),
        (("", "", ""), "请填写日期"),
    ],
)
def test_a_date_that_does_not_exist_is_repeated_with_an_example(written, words):
    form = opening(*written)

    assert not form.is_valid()
    assert words in form.errors["day"][0]
    assert all(f'value="{part}"' in str(form["day"]) for part in written if part)
