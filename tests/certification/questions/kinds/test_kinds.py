"""The kinds of question: their registry, their rules, how answers are shuffled, read and marked."""

from fractions import Fraction
from random import Random

import pytest
from django.urls import reverse

from certification.kinds import Registry, UnknownKind, question_kinds
from certification.models import Question, QuestionVersion
from certification.questions.domain import save_question
from certification.questions.errors import BadQuestion, UnknownAnswer
from certification.questions.kinds.base import Option, ShownQuestion
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from certification.quizzes.drawing import draw
from certification.quizzes.paper import paper_of
from portal.access.roles import synchronise_roles
from portal.enums import Role
from tests.factories.certification import QuestionBankFactory, QuestionFactory, QuizFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def written(kind, choices, **fields) -> QuestionVersion:
    return save_question(
        Question(bank=QuestionBankFactory(), ref="Q-1"), kind=kind, stem="题", choices=choices, **fields
    )


def test_kinds_are_offered_in_their_order():
    assert [kind.key for kind in question_kinds] == [
        "single",
        "multi",
        "judge",
        "numeric",
        "fill",
        "order",
        "match",
        "hotspot",
        "written",
    ]
    assert QuestionVersion._meta.get_field("kind").flatchoices == question_kinds.choices()


def test_two_kinds_of_one_name_are_refused():
    registry = Registry("question")
    registry.register(question_kinds.get("single"))
    registry.register(question_kinds.get("single"))

    class Other(type(question_kinds.get("multi"))):
        key = "single"

    with pytest.raises(ValueError, match="single"):
        registry.register(Other())


# --- what is not known ----------------------------------------------------------------------------------------------


def test_unknown_kind_is_named_and_never_taken_for_single_choice():
    with pytest.raises(UnknownKind, match="gone") as refused:
        question_kinds.get("gone")
    assert refused.value.params["kind"] == "gone"


def unknown_quiz():
    quiz = QuizFactory(questions=1, draw=[{"count": 1}])
    return quiz, quiz.bank.questions.get().versions.get()


def make_unknown(version):
    QuestionVersion.objects.filter(pk=version.pk).update(kind="gone")


def test_unknown_kind_is_neither_saved_nor_drawn():
    with pytest.raises(UnknownKind):
        written("gone", [("甲", True), ("乙", False)])
    quiz, version = unknown_quiz()
    make_unknown(version)
    with pytest.raises(UnknownKind):
        draw(quiz, 1)
    assert Question.objects.count() == 1


def test_unknown_kind_is_neither_shown_nor_answered_nor_marked(monkeypatch):
    quiz, version = unknown_quiz()
    attempt = start_attempt(PersonFactory(), quiz)
    save_answer(attempt, 1, [0])
    # What was shown is kept by the database; the module that knew the kind is gone.
    monkeypatch.delitem(question_kinds._kinds, version.kind)

    for act in (paper_of, submit_attempt, lambda attempt: save_answer(attempt, 1, [1])):
        with pytest.raises(UnknownKind):
            act(attempt)
    attempt.refresh_from_db()
    assert attempt.state == "open"


# --- choices that keep their place ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["single", "multi"])
def test_an_answer_that_keeps_its_place_stays_last_while_the_others_are_shuffled(kind):
    answers = [("甲", True), ("乙", kind == "multi"), ("丙", False), ("以上都不对", False)]
    version = written(kind, answers)
    choices = list(version.choices.all())

    orders = {tuple(question_kinds.get(kind).arrange(choices, Random(seed))) for seed in range(40)}

    assert [choice.keeps_place for choice in choices] == [False, False, False, True]
    assert {order[-1] for order in orders} == {choices[-1].pk}
    assert len(orders) == 6


def test_the_editor_has_the_last_word_about_places():
    version = written("single", [Option("甲", True, True), Option("以上都对", False, False), ("乙", False)])

    assert [choice.keeps_place for choice in version.choices.all()] == [True, False, False]


def test_a_new_place_is_a_new_version_of_a_shown_question():
    quiz, version = unknown_quiz()
    start_attempt(PersonFactory(), quiz)
    choices = [Option(choice.text, choice.is_correct, True) for choice in version.choices.all()]

    edited = save_question(version.question, kind="single", stem=version.stem, choices=choices)

    assert edited.number == 2


# --- answers --------------------------------------------------------------------------------------------------------


def shown(kind, answers):
    question = QuestionFactory(version__kind=kind, version__answers=answers)
    version = question.versions.get()
    choices = list(version.choices.all())[::-1]
    return ShownQuestion(version, [choice.pk for choice in choices], [choice.text for choice in choices])


MULTI = [("甲", True), ("乙", True), ("丙", False)]
SINGLE = [("甲", True), ("乙", False), ("丙", False)]


def test_responses_do_not_depend_on_the_order_shown():
    question, kind = shown("multi", MULTI), question_kinds.get("multi")

    response = kind.read(question, ["2", "1", "1"])

    assert response == [question.keys[1], question.keys[2]]
    assert kind.values(question, response) == ["1", "2"]
    assert [choice.is_picked for choice in kind.present(question, response)] == [False, True, True]
    assert kind.grade(question.version, response) == Fraction(1)


@pytest.mark.parametrize("values", [[], [""], ["  "]])
def test_blank_values_take_an_answer_back(values):
    question, kind = shown("single", SINGLE), question_kinds.get("single")

    assert kind.read(question, values) == []
    assert not kind.is_answered([])
    assert kind.grade(question.version, []) == 0


@pytest.mark.parametrize("values", [["3"], ["-1"], ["x"], ["1", ""], ["１"], ["0", "1"], ["100"]])
def test_values_off_the_paper_are_refused(values):
    with pytest.raises(UnknownAnswer):
        question_kinds.get("single").read(shown("single", SINGLE), values)


def test_result_marks_what_is_right_and_what_was_given():
    question, kind = shown("single", SINGLE), question_kinds.get("single")

    lines = kind.result(question, [question.keys[0]])

    assert [(line.letter, line.text, line.is_right, line.is_given) for line in lines] == [
        ("A", "丙", False, True),
        ("B", "乙", False, False),
        ("C", "甲", True, False),
    ]


def test_right_or_wrong_has_two_answers():
    with pytest.raises(BadQuestion):
        written("judge", [("正确", True), ("错误", False), ("不知道", False)])


def test_the_form_recognises_wording_and_lets_the_editor_decide(client_of):
    synchronise_roles()
    client = client_of(PersonFactory(roles=[Role.TRAINER]))
    form = {
        "bank": QuestionBankFactory().pk,
        "ref": "Q-1",
        "kind": "single",
        "stem": "下列说法哪个正确？",
        "difficulty": "1",
        "answer_1": "甲",
        "right_1": "on",
        "answer_2": "乙",
        "answer_3": "以上都不对",
    }

    client.post(reverse("question:add"), form)
    url = reverse("question:edit", args=[Question.objects.get().pk])
    recognised = [choice.keeps_place for choice in QuestionVersion.objects.get().choices.all()]
    client.post(url, form | {"fixed_1": "on"})

    assert recognised == [False, False, True]
    assert [choice.keeps_place for choice in QuestionVersion.objects.get().choices.all()] == [True, False, False]
