"""Tags and components of the design system, rendered."""

import datetime as dt
from types import SimpleNamespace as Obj

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from portal.templatetags import portal_ui


def render(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load portal_ui %}" + source).render(context)


class VisitForm(forms.Form):
    name = forms.CharField(help_text="as on the card")
    remark = forms.CharField(required=False)
    kinds = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField()
    token = forms.CharField(widget=forms.HiddenInput)


def test_icon_is_silent_unless_it_has_words():
    silent, spoken = render('{% icon "search" %}'), render('{% icon "search" label="Search" %}')
    assert 'aria-hidden="true"' in silent
    assert "icons" in silent
    assert "#search" in silent
    assert 'role="img" aria-label="Search"' in spoken
    assert "aria-hidden" not in spoken


def test_icon_escapes_its_words():
    assert "<b>" not in render("{% icon name label=words %}", name='"><b>', words="<b>")


@pytest.mark.parametrize(
    ("number", "dialled"),
    [("400-800-1234", "4008001234"), ("+86 (571) 8800 1234", "+8657188001234"), ("", "")],
)
def test_dialable_keeps_digits_and_a_leading_plus(number, dialled):
    assert portal_ui.dialable(number) == dialled


@pytest.mark.parametrize(("state", "symbol"), [("green", "check-circle"), ("red", "cross-circle"), ("?", "minus")])
def test_lamp_draws_its_state(state, symbol):
    assert f"#{symbol}" in render_to_string("components/lamp.html", {"state": state, "label": "x"})


def test_block_components_escape_what_the_page_did_not_vouch_for():
    page = "{% card title=words %}{{ words }}{% endcard %}{% safety title=words %}{{ words }}{% endsafety %}"
    assert "<script>" not in render(page, words="<script>")


def test_safety_cannot_be_closed():
    page = render('{% safety level="warning" %}<p>x</p>{% endsafety %}')
    assert "<details" not in page
    assert 'role="note"' in page


def test_reasons_say_in_words_what_is_met_and_what_is_missing():
    reasons = [Obj(code="hours", message="8 h", met=True), Obj(code="quiz", message="quiz", met=False)]
    page = render_to_string("components/reasons.html", {"reasons": reasons})
    assert page.count('role="img"') == 2
    assert 'data-reason="hours"' in page
    assert 'data-reason="quiz"' in page


@pytest.mark.parametrize("allowed", [True, False])
def test_verdict_shows_the_answer_and_its_reasons(allowed):
    reasons = [Obj(code="quiz", message="Quiz passed", met=allowed)]
    page = render_to_string("components/verdict.html", {"allowed": allowed, "reasons": reasons})
    assert ("verdict--allowed" in page, "verdict--refused" in page) == (allowed, not allowed)
    assert "Quiz passed" in page


def test_pagination_keeps_the_filters_of_the_address():
    request = RequestFactory().get("/list/", {"kind": "a", "page": "2"})
    page = Paginator(range(100), 10).page(2)
    html = engines["django"].get_template("components/pagination.html").render({"page_obj": page}, request)
    assert 'href="?kind=a&amp;page=3"' in html
    assert 'aria-current="page"' in html


def test_pagination_says_nothing_for_one_page():
    page = Paginator(range(3), 10).page(1)
    html = engines["django"].get_template("components/pagination.html").render({"page_obj": page})
    assert html.strip() == ""


def test_page_range_leaves_gaps():
    page = Paginator(range(240), 20).page(6)
    assert portal_ui.page_range(page) == [1, page.paginator.ELLIPSIS, 5, 6, 7, page.paginator.ELLIPSIS, 12]


def test_field_ties_help_and_error_to_its_widget():
    form = VisitForm({"name": ""})
    html = render_to_string("components/field.html", {"field": form["name"]})
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


@pytest.mark.parametrize(
    ("name", "kind"), [("name", "line"), ("kinds", "group"), ("agree", "check"), ("token", "hidden")]
)
def test_widget_kind_knows_the_layout(name, kind):
    assert portal_ui.widget_kind(VisitForm()[name]) == kind


def test_form_summary_leads_to_each_wrong_field():
    html = render_to_string("components/form.html", {"form": VisitForm({"token": "t"})})
    assert 'role="alert"' in html
    assert 'href="#id_name"' in html


def test_clock_carries_the_deadline_in_utc():
    deadline = dt.datetime(2026, 3, 18, 6, 30, tzinfo=dt.UTC)
    html = render_to_string("components/clock.html", {"deadline": deadline, "text": "18:24"})
    assert 'data-deadline="2026-03-18T06:30:00+00:00"' in html


def test_button_takes_nothing_from_the_page_around_it():
    html = render('{% include "components/button.html" with label="Go" only %}', href="/x", disabled=True)
    assert html.strip() == '<button type="submit" class="btn"><span>Go</span></button>'


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_pages_render_with_nothing_in_the_context(code):
    html = engines["django"].get_template(f"{code}.html").render()
    assert "<h1>" in html
    assert "plate" in html


def test_base_page_renders_with_nothing_in_the_context():
    html = engines["django"].get_template("base.html").render()
    assert '<aside class="page__aside"></aside>' in html
    assert 'id="main"' in html
