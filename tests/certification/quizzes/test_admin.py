"""Quizzes in the editing area."""

import pytest
from django.urls import reverse

from certification.models import Quiz
from tests.factories.certification import (
    QuizFactory,
)

pytestmark = pytest.mark.django_db


def test_quiz_keeps_its_rules_through_the_form(trainer_client):
    quiz = QuizFactory()
    page = trainer_client.get(reverse("quiz:edit", args=[quiz.pk]))

    assert "draw_rules-TOTAL_FORMS" in page.content.decode()
    assert Quiz.objects.get().draw_rules.count() == 1
