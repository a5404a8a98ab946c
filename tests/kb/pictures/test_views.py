"""Each picture is served to who may read what shows it, and to nobody else."""

import base64
import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import ReferenceIndex

from kb.diagnosis.pictures import place_of_step
from kb.enums import CitationChoice
from kb.faults import views
from kb.manuals.domain import publish_edition
from kb.manuals.verdicts import EDITORIAL
from kb.pictures.printing import printed_data
from portal.access.content_roles import synchronise_content_rights
from portal.access.roles import synchronise_roles
from portal.enums import Audience, Role, Task, Tier
from portal.models import AuditEvent, PortalImage
from tests.factories.kb import (
    SHORT_TREE,
    DiagnosisGuideFactory,
    FaultArticleFactory,
    ManualChapterFactory,
    ManualEditionFactory,
    ManualFactory,
)
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def readers():
    """One person of each kind; ``nobody`` has not signed in."""
    staff, customer = OrganisationFactory(), OrganisationFactory(tier=Tier.CUSTOMER)
    return {
        "nobody": None,
        "customer": PersonFactory(organisation=customer, roles=[Role.CUSTOMER_CONTACT]),
        "engineer": PersonFactory(organisation=staff, roles=[Role.ENGINEER]),
        "editor": PersonFactory(organisation=staff, roles=[Role.EDITOR]),
    }


def file_url(kind, name, pk, width=480):
    return reverse("kb:picture_file", args=[kind, name, pk, width])


def status(client, address):
    """Ask for a file, read it to its end, return the status."""
    answer = client.get(address)
    b"".join(answer.streaming_content if answer.streaming else ())
    return answer.status_code


@pytest.mark.parametrize(
    ("audience", "allowed"),
    [
        (Audience.PUBLIC, {"nobody", "customer", "engineer", "editor"}),
        (Audience.CUSTOMERS, {"customer", "engineer", "editor"}),
        (Audience.STAFF, {"engineer", "editor"}),
        (Audience.RESTRICTED, {"editor"}),
    ],
)
def test_picture_opens_for_who_may_open_the_article(client_of, readers, drawing, figure, audience, allowed):
    article = FaultArticleFactory(audience=audience, pictures=[figure])
    addresses = [
        file_url("fault", article.number, drawing.pk),
        reverse("kb:picture", args=["fault", article.number, drawing.pk]),
    ]
    for address in addresses:
        answers = {name: status(client_of(person), address) for name, person in readers.items()}
        assert {name for name, status in answers.items() if status == 200} == allowed
        assert all(answers[name] == 404 for name in answers.keys() - allowed)


def test_picture_of_another_article_is_not_found_through_one_that_is_open(client_of, readers, drawing, figure):
    FaultArticleFactory(audience=Audience.RESTRICTED, pictures=[figure])
    other = FaultArticleFactory(audience=Audience.PUBLIC)
    assert status(client_of(None), file_url("fault", other.number, drawing.pk)) == 404


def test_picture_of_a_withdrawn_article_and_of_an_unknown_place_is_not_found(client_of, readers, drawing, figure):
    draft = FaultArticleFactory(published=False, pictures=[figure])
    client = client_of(readers["engineer"])
    for kind, name in (("fault", draft.number), ("fault", "NONE"), ("other", draft.number), ("manual", "x")):
        assert status(client, file_url(kind, name, drawing.pk)) == 404


def test_drawing_stands_still_when_it_is_opened_by_itself(client_of, readers, drawing, figure):
    article = FaultArticleFactory(audience=Audience.PUBLIC, pictures=[figure])
    answer = client_of(None).get(file_url("fault", article.number, drawing.pk))
    assert b"<rect" in b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_draft_shows_its_pictures_to_editors_only(client_of, readers, drawing):
    synchronise_roles()
    synchronise_content_rights()
    answers = {
        name: status(client_of(person), file_url("draft", "fault", drawing.pk)) for name, person in readers.items()
    }
    assert answers == {"nobody": 404, "customer": 404, "engineer": 404, "editor": 200}


def test_picture_of_a_hazardous_step_needs_proof_that_the_step_is_open(client_of, readers, drawing, figure):
    steps = [SHORT_TREE[0], SHORT_TREE[1] | {"task": Task.REPAIR, "pictures": [figure]}, *SHORT_TREE[2:]]
    guide = DiagnosisGuideFactory(steps=steps)
    step = guide.steps.get(key="2")
    engineer, editor = readers["engineer"], readers["editor"]
    proven = place_of_step(guide, step, engineer).address("kb:picture_file", drawing.pk, 480)
    assert status(client_of(engineer), file_url("guide", guide.number, drawing.pk)) == 404
    assert status(client_of(engineer), proven) == 200
    assert status(client_of(editor), proven) == 404
    assert status(client_of(engineer), f"{proven}x") == 404


def test_locked_step_names_no_picture(client_of, readers, figure):
    steps = [SHORT_TREE[0] | {"task": Task.REPAIR, "pictures": [figure]}, *SHORT_TREE[1:]]
    guide = DiagnosisGuideFactory(steps=steps)
    page = client_of(readers["engineer"]).get(reverse("kb:guide_first", args=[guide.number])).content.decode()
    assert "/pictures/" not in page
    assert "排水泵叶轮" not in page


def test_article_shows_description_callouts_and_size(client_of, readers, figure):
    article = FaultArticleFactory(audience=Audience.PUBLIC, pictures=[figure])
    page = client_of(None).get(article.get_absolute_url()).content.decode()
    for expected in (
        'alt="排水泵叶轮被异物卡住"',
        'width="960" height="640"',
        'loading="lazy"',
        'cx="480" cy="160"',
        "<li>叶轮</li>",
    ):
        assert expected in page
    assert page.index("故障现象") < page.index("<figure")


def test_ten_pictures_cost_one_query_more_than_none(client_of, readers, figure):
    client, counts = client_of(readers["engineer"]), []
    for pictures in ([], [figure]):
        pairs = [{"cause": f"原因 {n}", "check_text": "看", "pictures": pictures} for n in range(10)]
        article = FaultArticleFactory(pairs=pairs)
        client.get(article.get_absolute_url())
        with CaptureQueriesContext(connection) as caught:
            page = client.get(article.get_absolute_url()).content
        counts.append(len(caught))
        assert len(page) < 60_000
    assert counts[1] - counts[0] == 1


def test_player_gets_the_part_of_a_video_it_asks_for(client_of, readers, video):
    article = FaultArticleFactory(pictures=[video])
    address = reverse("kb:picture_video", args=["fault", article.number, video[1]["document"].pk])
    client = client_of(readers["engineer"])
    part = client.get(address, headers={"Range": "bytes=12-15"})
    assert (part.status_code, part.content, part["Content-Range"]) == (206, b"0123", "bytes 12-15/22")
    assert client.get(address, headers={"Range": "bytes=90-"}).status_code == 416
    whole = client.get(address)
    assert (whole.status_code, len(b"".join(whole.streaming_content))) == (200, 22)
    assert status(client_of(None), address) == 404


def test_restricted_video_is_played_under_the_readers_name_and_each_start_is_logged(client_of, readers, video):
    article = FaultArticleFactory(pictures=[video], audience=Audience.RESTRICTED)
    client, editor = client_of(readers["editor"]), readers["editor"]
    page = client.get(article.get_absolute_url()).content.decode()
    assert f"<span>{editor.name} {editor.staff_number}</span>" in page
    assert "nodownload" in page
    address = reverse("kb:picture_video", args=["fault", article.number, video[1]["document"].pk])
    for part in ("bytes=0-", "bytes=12-15"):
        answer = client.get(address, headers={"Range": part, "Sec-Fetch-Dest": "video"})
        assert (answer.status_code, answer["Cache-Control"]) == (206, "private, no-store")
    taken = AuditEvent.objects.get(action="portal.restricted_taken")
    assert taken.actor == editor
    assert client.get(address, headers={"Sec-Fetch-Dest": "document"}).status_code == 403
    plain = FaultArticleFactory(pictures=[video])
    assert "picture__reader" not in client.get(plain.get_absolute_url()).content.decode()


def test_card_carries_the_drawing(client_of, readers, figure):
    article = FaultArticleFactory(pictures=[figure])
    plain = FaultArticleFactory()
    client = client_of(readers["engineer"])
    with_picture, without = (client.get(reverse("kb:fault_card", args=[one.number])) for one in (article, plain))
    assert with_picture.status_code == 200
    assert len(with_picture.content) > len(without.content)


def test_copy_asked_for_without_a_place_is_seen_by_who_may_open_the_article(client_of, readers, drawing, figure):
    drawing.audience = Audience.STAFF
    drawing.save()
    article = FaultArticleFactory(audience=Audience.RESTRICTED, pictures=[figure])
    ReferenceIndex.create_or_update_for_object(article)
    answers = {name: status(client_of(person), drawing.file.url) for name, person in readers.items()}
    assert answers == {"nobody": 404, "customer": 404, "engineer": 404, "editor": 200}


def test_pictures_of_restricted_articles_carry_the_readers_name(client_of, readers, figure):
    article = FaultArticleFactory(audience=Audience.RESTRICTED, pictures=[figure])
    editor, image = readers["editor"], figure[1]["image"]
    answer = client_of(editor).get(file_url("fault", article.number, image.pk))
    assert editor.staff_number in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    taken = AuditEvent.objects.get(action="portal.restricted_taken")
    assert (taken.actor, taken.subject) == (editor, f"kb.faultarticle:{article.pk}")
    assert client_of(readers["engineer"]).get(file_url("fault", article.number, image.pk)).status_code == 404


def test_pictures_of_other_articles_carry_none(client_of, readers, figure):
    article = FaultArticleFactory(audience=Audience.STAFF, pictures=[figure])
    answer = client_of(readers["editor"]).get(file_url("fault", article.number, figure[1]["image"].pk))
    assert readers["editor"].staff_number.encode() not in b"".join(answer.streaming_content)


@pytest.mark.parametrize(("audience", "is_named"), [(Audience.RESTRICTED, True), (Audience.STAFF, False)])
def test_pictures_on_the_card_carry_the_readers_name_where_the_article_is_restricted(
    client_of, readers, figure, monkeypatch, audience, is_named
):
    printed, render = [], views.render_pdf

    def rendered(template, facts):
        printed.append(render_to_string(template, facts))
        return render(template, facts)

    monkeypatch.setattr(views, "render_pdf", rendered)
    causes = [
        {"cause": "叶轮卡住", "check_text": "看", "pictures": [figure]},
        {"check_text": "听", "pictures": [figure]},
    ]
    article = FaultArticleFactory(audience=audience, pictures=[figure], pairs=causes)
    assert client_of(readers["editor"]).get(reverse("kb:fault_card", args=[article.number])).status_code == 200
    drawings = [base64.b64decode(data).decode() for data in re.findall(r"image/svg\+xml;base64,([^\"]+)", printed[0])]
    assert len(drawings) == 3
    assert all((readers["editor"].staff_number in drawing) == is_named for drawing in drawings)


def test_photo_for_paper_carries_the_name_it_is_asked_for(readers):
    image = PortalImage.objects.create(title="铭牌", file=get_test_image_file(size=(640, 480)))
    plain, named = printed_data(image), printed_data(image, readers["editor"])
    assert plain.startswith("data:image/jpeg;base64,")
    assert named.startswith("data:image/jpeg;base64,")
    assert plain != named


@pytest.fixture
def open_drawing(drawing):
    """The drawing, for staff by itself."""
    drawing.audience = Audience.STAFF
    drawing.save()
    return drawing


def shown_by(figure, **facts):
    article = FaultArticleFactory(pictures=[figure], **facts)
    ReferenceIndex.create_or_update_for_object(article)


@pytest.mark.parametrize(
    ("articles", "is_named"),
    [
        ([(Audience.RESTRICTED, True)], True),
        ([(Audience.RESTRICTED, True), (Audience.STAFF, True)], False),
        ([(Audience.RESTRICTED, True), (Audience.STAFF, False)], True),
        ([(Audience.RESTRICTED, False)], True),
        ([(Audience.STAFF, True)], False),
        ([], False),
    ],
)
def test_copy_asked_for_by_its_address_carries_the_name_where_only_restricted_articles_show_it(
    client_of, readers, open_drawing, figure, articles, is_named
):
    for audience, published in articles:
        shown_by(figure, audience=audience, published=published)
    answer = client_of(readers["editor"]).get(open_drawing.file.url)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (readers["editor"].staff_number.encode() in content) == is_named
    assert AuditEvent.objects.filter(action="portal.restricted_taken").count() == is_named


def test_copy_of_a_restricted_edition_asked_for_by_its_address_carries_the_name(
    client_of, readers, open_drawing, figure
):
    manual = ManualFactory(audience=Audience.RESTRICTED)
    edition = ManualEditionFactory(manual=manual, published=False, chapters=[])
    ManualChapterFactory(edition=edition, body=[figure])
    publish_edition(edition, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    ReferenceIndex.create_or_update_for_object(edition)
    answer = client_of(readers["editor"]).get(open_drawing.file.url)
    assert not answer.streaming
    assert readers["editor"].staff_number.encode() in answer.content
