"""Citations name a chapter of an edition: publishing moves nothing by itself, editors decide, each decision is kept."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from kb.enums import CitationChoice, CounterpartFit
from kb.errors import CitationsChanged, EditionIsPublished, EditionNotPublished, NotAChapterToFollow
from kb.faults.domain import publish_fault
from kb.manuals import citations
from kb.manuals.citations import Citation, CitationKey, CitationSource, citations_of, register_citations
from kb.manuals.decisions import DROP, STAY, Decision, propose
from kb.manuals.domain import move_citations, new_edition, publish_edition
from kb.manuals.queries import newer_editions
from kb.manuals.verdicts import EDITORIAL
from kb.models import FaultArticle, ManualChapter, ManualEdition
from portal.models import AuditEvent
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory

pytestmark = pytest.mark.django_db


def key_of(article):
    return CitationKey("fault", article.pk, article.chapter_id)


def follow(chapter):
    return Decision(CitationChoice.FOLLOW, chapter.pk)


def rewrite(draft, *titles):
    """Give a draft exactly these chapters."""
    for chapter in list(draft.chapters.all()):
        chapter.delete()
    return [
        ManualChapterFactory(edition=draft, sort_order=position, number=str(position + 1), title=title)
        for position, title in enumerate(titles)
    ]


@pytest.fixture
def book():
    """Edition A/1 whose two chapters are cited by an article each, and the draft A/2 that knows only fans."""
    old = ManualEditionFactory(edition="A/1", chapters=["产品的特点", "常见故障"])
    first, second = old.chapters.order_by("number")
    draft = new_edition(old.manual, "A/2")
    (fans,) = rewrite(draft, "风机")
    return SimpleNamespace(
        old=old,
        draft=draft,
        first=first,
        second=second,
        fans=fans,
        features=FaultArticleFactory(chapter=first),
        faults=FaultArticleFactory(chapter=second),
    )


def chapter_of(article):
    return FaultArticle.objects.get(pk=article.pk).chapter


# --- what is proposed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cited", "offered", "fit", "counterpart"),
    [
        (("8", "常见故障的分析及处理方法"), [("8", "常见故障分析与处理方法")], CounterpartFit.SAME, "8"),
        (("1", "产品的特点"), [("1", "风机")], CounterpartFit.OTHER_TITLE, "1"),
        (("1", "产品的特点"), [("1", "风机"), ("2", "产品的特点")], CounterpartFit.OTHER_TITLE, "2"),
        (("7", "维护"), [("1", "风机")], CounterpartFit.MISSING, None),
        (("7", "维护"), [("6", "维 护")], CounterpartFit.MISSING, "6"),
        (("3", "冷库的维护保养"), [("3", "冷库的安装调试")], CounterpartFit.OTHER_TITLE, "3"),
    ],
)
def test_counterpart_needs_the_number_and_a_similar_title_to_be_proposed(cited, offered, fit, counterpart):
    chapter = ManualChapter(number=cited[0], title=cited[1])
    others = [ManualChapter(pk=pk, number=number, title=title) for pk, (number, title) in enumerate(offered, start=1)]
    proposal = propose(chapter, others)
    assert (proposal.fit, proposal.counterpart and proposal.counterpart.number) == (fit, counterpart)
    expected = follow(proposal.counterpart) if fit == CounterpartFit.SAME else STAY
    assert proposal.decision == expected


def test_same_title_under_another_topic_is_not_the_same_chapter():
    chapter, other = (ManualChapter(pk=1, number="1", title="说明", topic_id=topic) for topic in ("T01", "T07"))
    assert propose(chapter, [other]).fit == CounterpartFit.OTHER_TITLE


# --- publishing ----------------------------------------------------------------------------------------------


def test_publishing_moves_nothing_by_itself(book):
    publish_edition(book.draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    assert chapter_of(book.features) == book.first
    assert chapter_of(book.faults) == book.second


def test_only_staying_goes_without_a_decision_for_each_citation(book):
    with pytest.raises(ValueError, match="only staying"):
        publish_edition(book.draft, decisions=CitationChoice.FOLLOW, verdict=EDITORIAL)
    assert not ManualEdition.objects.get(pk=book.draft.pk).is_published


def test_each_citation_follows_stays_or_is_dropped_as_decided(book, engineer):
    staying = FaultArticleFactory(chapter=book.second)
    decisions = {key_of(book.features): follow(book.fans), key_of(book.faults): DROP, key_of(staying): STAY}
    publish_edition(book.draft, decisions=decisions, by=engineer, verdict=EDITORIAL)
    assert chapter_of(book.features) == book.fans
    assert chapter_of(book.faults) is None
    assert chapter_of(staying) == book.second


def test_each_decision_is_in_the_audit_log(book, engineer):
    staying = FaultArticleFactory(chapter=book.second)
    decisions = {key_of(book.features): follow(book.fans), key_of(book.faults): DROP, key_of(staying): STAY}
    publish_edition(book.draft, decisions=decisions, by=engineer, verdict=EDITORIAL)
    events = {event.subject: event for event in AuditEvent.objects.filter(action__startswith="kb.citation_")}
    subjects = {name: f"kb.faultarticle:{article.pk}" for name, article in vars(book).items() if name in events_of}
    moved = events[subjects["features"]]
    assert (moved.action, moved.actor) == ("kb.citation_moved", engineer)
    assert moved.detail == {
        "title": str(book.features),
        "manual": book.old.manual.number,
        "from_edition": "A/1",
        "from_chapter": "1 产品的特点",
        "to_edition": "A/2",
        "to_chapter": "1 风机",
        "changes": [{"field": "chapter", "old": "A/1 1 产品的特点", "new": "A/2 1 风机"}],
    }
    assert [change["new"] for change in events[subjects["faults"]].detail["changes"]] == [None]
    assert events[f"kb.faultarticle:{staying.pk}"].detail["changes"] == []
    assert events[subjects["faults"]].action == "kb.citation_dropped"
    assert events[subjects["faults"]].detail["to_chapter"] is None
    assert events[f"kb.faultarticle:{staying.pk}"].action == "kb.citation_kept"
    published = AuditEvent.objects.filter(action="kb.edition_published").latest("pk")
    assert published.detail["citations"] == {"follow": 1, "drop": 1, "stay": 1}


events_of = ("features", "faults")


def test_citation_made_after_the_page_was_opened_stops_publication_and_is_named(book):
    decisions = {key_of(book.features): STAY, key_of(book.faults): follow(book.fans)}
    late = FaultArticleFactory(chapter=book.first, number="RF-LATE")
    with pytest.raises(CitationsChanged, match="RF-LATE") as refused:
        publish_edition(book.draft, decisions=decisions, verdict=EDITORIAL)
    assert refused.value.undecided == [str(late)]
    assert not ManualEdition.objects.get(pk=book.draft.pk).is_published
    assert chapter_of(book.faults) == book.second
    assert not AuditEvent.objects.filter(action__startswith="kb.citation_").exists()


def test_citation_that_went_to_another_chapter_meanwhile_is_to_be_decided_again(book):
    decisions = {key_of(book.features): STAY, key_of(book.faults): DROP}
    FaultArticle.objects.filter(pk=book.faults.pk).update(chapter=book.first)
    with pytest.raises(CitationsChanged):
        publish_edition(book.draft, decisions=decisions, verdict=EDITORIAL)
    assert chapter_of(book.faults) == book.first


def test_decision_about_a_citation_that_is_gone_stops_publication(book):
    decisions = {key_of(book.features): STAY, key_of(book.faults): DROP}
    FaultArticle.objects.filter(pk=book.faults.pk).update(chapter=None)
    with pytest.raises(CitationsChanged) as refused:
        publish_edition(book.draft, decisions=decisions, verdict=EDITORIAL)
    assert len(refused.value.gone) == 1


@pytest.mark.parametrize("target", ["old", "elsewhere", "unknown"])
def test_citation_follows_only_to_a_chapter_of_the_new_edition(book, target):
    targets = {"old": book.first.pk, "elsewhere": ManualEditionFactory().chapters.first().pk, "unknown": 10**9}
    decisions = {key_of(book.features): STAY, key_of(book.faults): Decision(CitationChoice.FOLLOW, targets[target])}
    with pytest.raises(NotAChapterToFollow):
        publish_edition(book.draft, decisions=decisions, verdict=EDITORIAL)
    assert not ManualEdition.objects.get(pk=book.draft.pk).is_published
    assert chapter_of(book.faults) == book.second


def test_following_without_a_target_is_refused(book):
    decisions = {key_of(book.features): Decision(CitationChoice.FOLLOW), key_of(book.faults): STAY}
    with pytest.raises(NotAChapterToFollow):
        publish_edition(book.draft, decisions=decisions, verdict=EDITORIAL)


def test_publishing_twice_is_refused_and_moves_nothing_more(book):
    publish_edition(book.draft, decisions={key_of(book.features): STAY, key_of(book.faults): STAY}, verdict=EDITORIAL)
    with pytest.raises(EditionIsPublished):
        publish_edition(
            book.draft, decisions={key_of(book.features): DROP, key_of(book.faults): DROP}, verdict=EDITORIAL
        )
    assert chapter_of(book.faults) == book.second
    assert AuditEvent.objects.filter(action="kb.citation_kept").count() == 2


# --- drafts ---------------------------------------------------------------------------------------------------


def test_unpublished_changes_of_an_article_follow_with_it(book):
    article = FaultArticle.objects.get(pk=book.features.pk)
    article.title = "改写中"
    article.save_revision()
    publish_edition(
        book.draft, decisions={key_of(book.features): follow(book.fans), key_of(book.faults): STAY}, verdict=EDITORIAL
    )
    draft = FaultArticle.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert (draft.title, draft.chapter) == ("改写中", book.fans)
    assert publish_fault(draft).chapter == book.fans


def test_draft_that_cites_another_chapter_keeps_it(book):
    article = FaultArticle.objects.get(pk=book.features.pk)
    article.chapter = book.second
    article.save_revision()
    publish_edition(
        book.draft, decisions={key_of(book.features): follow(book.fans), key_of(book.faults): STAY}, verdict=EDITORIAL
    )
    assert FaultArticle.objects.get(pk=article.pk).get_latest_revision_as_object().chapter == book.second


def test_scheduled_revision_follows_and_earlier_ones_stay_as_written(book):
    article = FaultArticle.objects.get(pk=book.features.pk)
    earlier = article.latest_revision
    scheduled = article.save_revision(approved_go_live_at=timezone.now() + timezone.timedelta(days=1))
    publish_edition(
        book.draft, decisions={key_of(book.features): follow(book.fans), key_of(book.faults): STAY}, verdict=EDITORIAL
    )
    scheduled.refresh_from_db()
    earlier.refresh_from_db()
    assert scheduled.content["chapter"] == book.fans.pk
    assert earlier.content["chapter"] == book.first.pk


# --- later ----------------------------------------------------------------------------------------------------


def test_what_stayed_can_follow_or_be_dropped_later(book, engineer):
    kept = FaultArticleFactory(chapter=book.first)
    publish_edition(book.draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    decisions = {key_of(book.features): follow(book.fans), key_of(book.faults): DROP, key_of(kept): STAY}
    assert move_citations(book.draft, decisions, by=engineer) == 2
    assert [chapter_of(article) for article in (book.features, book.faults, kept)] == [book.fans, None, book.first]
    assert AuditEvent.objects.filter(action="kb.citation_moved", actor=engineer).count() == 1
    assert AuditEvent.objects.filter(action="kb.citation_dropped", actor=engineer).count() == 1


def test_moving_the_same_citation_twice_is_refused(book):
    publish_edition(book.draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    decisions = {key_of(book.features): follow(book.fans)}
    move_citations(book.draft, decisions)
    with pytest.raises(CitationsChanged):
        move_citations(book.draft, decisions)


def test_nothing_moves_to_a_draft(book):
    with pytest.raises(EditionNotPublished):
        move_citations(book.draft, {key_of(book.features): follow(book.fans)})
    assert chapter_of(book.features) == book.first


# --- sources --------------------------------------------------------------------------------------------------


def test_kind_of_citing_record_registered_by_an_app_goes_the_whole_way(book, monkeypatch):
    """A source of the test's own: readings that name a chapter, kept in a dictionary."""
    monkeypatch.setattr(citations, "_sources", {})
    readings = {1: book.first.pk, 2: book.second.pk}

    def citing(chapters):
        for record, chapter in readings.items():
            if chapter in chapters:
                yield Citation(CitationKey("reading", record, chapter), f"阅读 {record}", f"/readings/{record}/")

    def repoint(records, old, new):
        found = [record for record in records if readings[record] == old]
        readings.update(dict.fromkeys(found, new))
        return len(found)

    register_citations(40, CitationSource("reading", "Readings", ManualEdition, "kb.view_manual", citing, repoint))
    assert [str(citation) for citation in citations_of([book.first])] == ["阅读 1"]
    decisions = {
        CitationKey("reading", 1, book.first.pk): follow(book.fans),
        CitationKey("reading", 2, book.second.pk): DROP,
    }
    publish_edition(book.draft, decisions=decisions, verdict=EDITORIAL)
    assert readings == {1: book.fans.pk, 2: None}


def test_source_that_repoints_less_than_it_listed_undoes_everything(book, monkeypatch):
    source = citations.source_of("fault")
    less = CitationSource(source.kind, source.label, source.model, source.permission, source.citing, lambda *_args: 0)
    monkeypatch.setitem(citations._sources, "fault", (10, less))
    with pytest.raises(CitationsChanged):
        publish_edition(
            book.draft,
            decisions={key_of(book.features): follow(book.fans), key_of(book.faults): STAY},
            verdict=EDITORIAL,
        )
    assert not ManualEdition.objects.get(pk=book.draft.pk).is_published


@pytest.mark.parametrize("articles", [1, 30])
def test_citations_are_read_in_a_fixed_number_of_queries(book, django_assert_num_queries, articles):
    for _ in range(articles):
        FaultArticleFactory(chapter=book.first)
    chapters = [book.first, book.second]
    with django_assert_num_queries(4):
        assert len(citations_of(chapters)) == 2 + articles


# --- what readers see ------------------------------------------------------------------------------------------


def test_article_goes_on_citing_its_edition_and_names_the_newer_one_by_number(client_of, engineer, book):
    publish_edition(book.draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    html = client_of(engineer).get(book.features.get_absolute_url()).content.decode()
    number = book.old.manual.number
    assert f'href="/kb/manuals/{number}/A-1/#chapter-1"' in html
    assert "第 1 章 产品的特点 · A/1 版" in html
    assert f'href="/kb/manuals/{number}/A-2/#chapter-1"' in html
    assert "较新版次 A/2，第 1 章" in html
    assert "风机</" not in html


def test_article_says_when_the_newer_edition_has_no_such_chapter(client_of, engineer, book):
    publish_edition(book.draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    html = client_of(engineer).get(book.faults.get_absolute_url()).content.decode()
    assert f'href="/kb/manuals/{book.old.manual.number}/A-2/"' in html
    assert "较新版次 A/2，没有第 2 章" in html


def test_cited_chapter_opens_in_its_own_edition(client_of, engineer, book):
    publish_edition(book.draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    cited = chapter_of(book.faults)
    address, anchor = cited.get_absolute_url().split("#")
    html = client_of(engineer).get(address).content.decode()
    assert f'id="{anchor}"' in html
    assert "常见故障" in html


def test_current_citation_has_no_newer_edition_beside_it(client_of, engineer, book):
    assert newer_editions([book.first]) == {}
    assert "较新版次" not in client_of(engineer).get(book.features.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_newer_editions_are_found_in_two_queries(book, django_assert_num_queries, count):
    publish_edition(book.draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    cited = list(ManualChapter.objects.filter(edition=book.old).select_related("edition__manual")) * count
    with django_assert_num_queries(2):
        assert len(newer_editions(cited)) == 2
