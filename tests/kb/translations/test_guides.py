"""A guide in another language: its warnings in their own words, its closed steps as closed as before."""

import pytest
from django.conf import settings
from django.urls import reverse

from kb.control.domain import review
from kb.diagnosis.domain import publish_guide
from kb.diagnosis.search import guide_documents
from kb.enums import ReviewDecision
from kb.errors import ReviewMissing
from kb.models import ContentTranslation, DiagnosisGuide, DiagnosisRun
from kb.translations.domain import publish_translation, save_translation
from kb.translations.passages import passages_of
from portal.enums import Role
from tests.factories.certification import SchemeFactory, certificate_for
from tests.factories.kb import DiagnosisGuideFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

pytestmark = pytest.mark.django_db
STEPS = [
    {"key": "1", "text": "有电吗？", "yes": "2", "no": "9", "detail": "看指示灯"},
    {
        "key": "2",
        "text": "电压对吗？",
        "yes": "3",
        "no": "9",
        "detail": "拆罩后量端子",
        "task": "repair",
        "warning": "带电",
    },
    {"key": "3", "text": "换保险", "kind": "remedy"},
    {"key": "9", "text": "报修", "kind": "escalation"},
]
ENGLISH = {
    "title": "No power",
    "safety": "Switch off first",
    "steps.1.text": "Is there power?",
    "steps.1.detail": "Look at the lamp",
    "steps.2.text": "Is the voltage right?",
    "steps.2.detail": "Measure at the terminals behind the cover",
    "steps.2.warning": "Live parts",
    "steps.3.text": "Replace the fuse",
}


@pytest.fixture
def machine():
    return EquipmentModelFactory()


@pytest.fixture
def guide(machine):
    return DiagnosisGuideFactory(
        title="没电", safety="先断电", category=machine.category, equipment=[machine], steps=STEPS
    )


def published(guide, **further):
    return publish_translation(save_translation(guide, "en", ENGLISH | further))


def main_of(client_of, reader, address, language="en"):
    client = client_of(reader)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    html = client.get(address).content.decode()
    return html[html.index('<main class="page__main"') :]


def step_address(guide, path=""):
    return (
        reverse("kb:guide_step", args=[guide.number, path]) if path else reverse("kb:guide_first", args=[guide.number])
    )


def test_start_and_steps_are_read_in_english_and_warnings_in_both(client_of, engineer, guide):
    published(guide)
    start = main_of(client_of, engineer, guide.get_absolute_url())
    assert "No power" in start
    assert "先断电" in start
    assert "Switch off first" in start
    first = main_of(client_of, engineer, step_address(guide))
    assert "Is there power?" in first
    assert "Look at the lamp" in first
    assert "有电吗" not in first
    hazardous = main_of(client_of, engineer, step_address(guide, "y"))
    assert "带电" in hazardous
    assert "Live parts" in hazardous


def test_how_a_hazardous_step_is_done_stays_closed_in_every_language(client_of, engineer, guide):
    published(guide)
    fresh = DiagnosisGuide.objects.get(pk=guide.pk)
    steps = list(fresh.steps.all())
    steps[1].detail = "拆罩后量接线柱"
    fresh.steps = steps
    publish_guide(fresh)
    for address in (step_address(guide, "y"), reverse("kb:guide_whole", args=[guide.number]), guide.get_absolute_url()):
        main = main_of(client_of, engineer, address)
        assert "terminals" not in main
        assert "接线柱" not in main
        assert "量端子" not in main


def test_a_changed_step_stands_in_the_words_of_the_source(client_of, engineer, guide):
    published(guide)
    fresh = DiagnosisGuide.objects.get(pk=guide.pk)
    steps = list(fresh.steps.all())
    steps[0].text = "插座有电吗？"
    fresh.steps = steps
    publish_guide(fresh)
    main = main_of(client_of, engineer, step_address(guide))
    assert "Is there power?" not in main
    assert "插座有电吗？" in main
    assert "(translation out of date)" in main


def test_whoever_may_do_the_step_reads_it_in_english(client_of, hq, guide, machine):
    person = PersonFactory(organisation=hq, roles=[Role.ENGINEER])
    certificate_for(person, SchemeFactory(scopes=[machine.category]))
    published(guide)
    assert "Measure at the terminals" in main_of(
        client_of, person, f"{step_address(guide, 'y')}?equipment={machine.code}"
    )


def test_the_language_asked_for_is_kept_from_step_to_step_and_runs_are_kept_in_the_source(client_of, engineer, guide):
    published(guide)
    client = client_of(engineer)
    answer = client.post(f"{step_address(guide)}?in=en", {"answer": "n"})
    assert answer.url.endswith("&in=en")
    html = client.get(answer.url).content.decode()
    assert "报修" in html
    run = DiagnosisRun.objects.get()
    assert f"?run={run.token}&amp;in=zh-hans" in html
    assert DiagnosisGuide.objects.get(pk=guide.pk).steps.get(key="1").text == "有电吗？"


def test_search_finds_the_english_words_but_not_how_hazardous_work_is_done(guide):
    published(guide)
    words = next(iter(guide_documents(DiagnosisGuide.objects.get(pk=guide.pk)))).translations[0]
    assert words.title == "No power"
    assert "Look at the lamp" in words.text
    assert "terminals" not in words.text
    assert "Live parts" not in words.text


def test_a_version_of_a_guide_with_hazards_needs_a_second_person(hq, guide, machine, editor):
    draft = save_translation(guide, "en", ENGLISH, by=editor)
    with pytest.raises(ReviewMissing):
        publish_translation(draft, by=editor)
    specialist = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    certificate_for(specialist, SchemeFactory(scopes=[machine.category]))
    review(draft, specialist, ReviewDecision.APPROVED)
    assert publish_translation(draft, by=editor).live


def test_the_list_of_guides_names_them_in_english(client_of, engineer, guide):
    published(guide)
    assert "No power" in main_of(client_of, engineer, reverse("kb:guides"))
    assert "没电" in main_of(client_of, engineer, reverse("kb:guides"), "zh-hans")


def test_editor_translates_a_guide_in_the_editing_area(client_of, editor, guide):
    answer = client_of(editor).get(reverse("kb_translate", args=["guide", guide.pk, "en"]))
    assert answer.status_code == 200
    assert "steps.2.detail" in answer.content.decode()
    assert len(passages_of(guide)) == len({passage.key for passage in passages_of(guide)})
    assert not ContentTranslation.objects.exists()
