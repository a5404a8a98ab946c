"""Letters: whose turn it is, and the reporter; never whom the case complains about, nothing private in them."""

import pytest
from django.core import mail

from kb.cases import domain
from tests.factories.kb import FieldCaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Run a verb and return to whom it wrote."""

    def run(verb):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            verb()
        return sorted(letter.to[0].split("@")[0] for letter in mail.outbox)

    return run


def test_new_case_goes_to_who_looks_after_the_outlet(network, sent):
    assert sent(lambda: FieldCaseFactory(reporter=network.reporter)) == ["lead"]


def test_everybody_is_told_where_nobody_looks_after_the_outlet(network, sent):
    network.lead.groups.clear()
    assert sent(lambda: FieldCaseFactory(reporter=network.reporter)) == ["colleague", "lead", "reporter"]


def test_each_act_tells_whom_it_concerns(network, case, sent):
    assert sent(lambda: domain.take_over(case, network.lead)) == ["reporter"]
    assert sent(lambda: domain.ask_back(case, network.lead, "高压多少？")) == ["reporter"]
    assert sent(lambda: domain.reply(case, network.reporter, "1.9")) == ["lead"]
    assert sent(lambda: domain.pass_up(case, network.lead, "转大区")) == ["regional"]
    case.refresh_from_db()
    domain.take_over(case, network.regional)
    assert sent(lambda: domain.answer(case, network.regional, "清洗")) == ["reporter"]
    assert sent(lambda: domain.reopen(case, network.reporter, "没用")) == ["regional"]


def test_whom_it_complains_about_gets_no_letter(network, sent):
    assert sent(lambda: FieldCaseFactory(reporter=network.reporter, complains_about=[network.lead])) == []


def test_letter_leads_to_the_case_and_says_no_more(network, sent, settings):
    settings.PUBLIC_URL = "https://duty.example"
    sent(lambda: FieldCaseFactory(reporter=network.reporter, symptom="客户王先生家里", title="不制冷"))
    [letter] = mail.outbox
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "https://duty.example/kb/cases/" in letter.body
    assert "王先生" not in letter.body


def test_reporter_of_a_merged_case_hears_of_the_answer_on_their_own(network, sent):
    first, second = FieldCaseFactory(reporter=network.reporter), FieldCaseFactory(reporter=network.stranger)
    domain.merge(second, first, network.expert)
    domain.take_over(first, network.lead)
    assert sent(lambda: domain.answer(first, network.lead, "清洗")) == ["reporter", "stranger"]
    bodies = {letter.to[0]: letter.body for letter in mail.outbox}
    assert second.number in bodies["stranger@example.com"]
    assert first.number not in bodies["stranger@example.com"]


def test_who_is_merged_into_an_answered_case_is_sent_to_the_answer(network, sent):
    first, second = FieldCaseFactory(reporter=network.reporter), FieldCaseFactory(reporter=network.stranger)
    domain.take_over(first, network.lead)
    domain.answer(first, network.lead, "清洗")
    assert sent(lambda: domain.merge(second, first, network.expert)) == ["stranger"]
    assert "已答复" in mail.outbox[-1].body
