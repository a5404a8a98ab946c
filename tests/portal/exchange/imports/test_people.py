"""A staff list from the file to the record and back."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.enums import ImportState, Role
from portal.errors import NotAllowed
from portal.exchange.imports import domain
from portal.exchange.imports.errors import ChangedMeanwhile, RestsOnIt, RowRefused, RowsOpen
from portal.models import Assignment, AuditEvent, ImportRun, Person
from portal.people.imports import kind
from portal.registry.imports import Outcome
from tests.factories.portal import OrganisationFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db

LIST = "姓名\t工号\t部门\t岗位\t任职日期\t手机\n张三\tN001\tWQ\t维修工\t2026-03-01\t13800000001\n李四\tN002\tWQ\t\t\t\n"


@pytest.fixture
def root():
    return OrganisationFactory(code="HQ", name="总部", tier="hq")


@pytest.fixture
def outlet(root):
    return OrganisationFactory(code="WQ", name="武侯网点", tier="outlet", parent=root)


@pytest.fixture
def post(outlet):
    return PositionFactory(organisation=outlet, title="维修工")


@pytest.fixture
def administrator(root):
    return PersonFactory(organisation=root, roles=[Role.ADMINISTRATOR])


def start(by, text=LIST, **kwargs):
    return domain.start_import(kind, text.encode(), by=by, **kwargs)


def outcomes(run):
    return list(run.lines.order_by("number").values_list("outcome", flat=True))


def test_preview_writes_nothing(administrator, post):
    run = start(administrator)
    assert run.state == ImportState.PREVIEW
    assert outcomes(run) == [Outcome.ADD, Outcome.ADD]
    assert not Person.objects.filter(staff_number__startswith="N").exists()


def test_accepted_list_is_on_record_and_audited(administrator, outlet, post):
    domain.accept_import(start(administrator), by=administrator)
    given = Assignment.objects.get(person__staff_number="N001")
    assert (given.position, given.organisation, given.start) == (post, outlet, dt.date(2026, 3, 1))
    assert Person.objects.get(staff_number="N001").mobile == "13800000001"
    assert Person.objects.get(staff_number="N002").organisation == outlet
    assert AuditEvent.objects.filter(action="portal.import_accepted", actor=administrator).count() == 1


def test_second_run_of_the_same_file_changes_nothing(administrator, post):
    domain.accept_import(start(administrator), by=administrator)
    again = start(administrator)
    assert outcomes(again) == [Outcome.SAME, Outcome.SAME]
    domain.accept_import(again, by=administrator)
    again.refresh_from_db()
    assert again.made == []
    assert Assignment.objects.count() == 1


def test_accepting_twice_writes_once(administrator, post):
    run = start(administrator)
    first = domain.accept_import(run, by=administrator)
    assert domain.accept_import(run, by=administrator).accepted_at == first.accepted_at


def test_same_content_posted_twice_is_one_import(administrator, post):
    assert start(administrator).pk == start(administrator).pk


def test_person_of_the_same_name_is_asked_about(administrator, outlet, post):
    known = PersonFactory(name="张三", staff_number="OLD1", organisation=outlet)
    run = start(administrator)
    assert outcomes(run) == [Outcome.ASK, Outcome.ADD]
    with pytest.raises(RowsOpen):
        domain.accept_import(run, by=administrator)
    domain.answer_rows(run, {2: str(known.pk)}, by=administrator)
    assert outcomes(run) == [Outcome.CHANGE, Outcome.ADD]
    domain.accept_import(run, by=administrator)
    assert Assignment.objects.get().person == known
    assert not Person.objects.filter(staff_number="N001").exists()


def test_namesake_answered_as_new_is_entered(administrator, outlet, post):
    PersonFactory(name="张三", staff_number="OLD1", organisation=outlet)
    run = start(administrator)
    domain.answer_rows(run, {2: "new"}, by=administrator)
    domain.accept_import(run, by=administrator)
    assert Person.objects.filter(name="张三").count() == 2


def test_answer_that_is_no_choice_is_not_kept(administrator, outlet, post):
    PersonFactory(name="张三", staff_number="OLD1", organisation=outlet)
    run = start(administrator)
    domain.answer_rows(run, {2: "999999", 3: "new"}, by=administrator)
    assert set(run.lines.values_list("answer", flat=True)) == {""}


def test_each_problem_names_its_row_and_column(administrator, post):
    text = "姓名,工号,部门,岗位,任职日期\n张三,N 1/2,WQ,维修工,2026-02-30\n"
    text += "李四,N2,XX,,\n王五,1.38E+10,WQ,,\n赵六,N4,WQ,厨师长,\n"
    run = start(administrator, text)
    found = {line.number: [column for column, _text in line.problems] for line in run.lines.all()}
    assert found == {2: ["staff_number", "start"], 3: ["organisation"], 4: ["staff_number"], 5: ["position"]}


def test_rows_left_out_leave_the_others_whole(administrator, post):
    run = start(administrator, "姓名,工号,部门\n张三,N1,WQ\n李四,N2,XX\n")
    domain.accept_import(run, by=administrator, leave_out=True)
    assert list(Person.objects.filter(staff_number__startswith="N").values_list("staff_number", flat=True)) == ["N1"]


def test_person_in_two_posts_has_two_rows(administrator, outlet, post):
    PositionFactory(organisation=outlet, title="组长")
    text = "姓名,工号,部门,岗位,任职日期,手机\n张三,N1,WQ,维修工,2026-01-01,\n张三,N1,WQ,组长,2026-01-01,13900000000\n"
    domain.accept_import(start(administrator, text), by=administrator)
    person = Person.objects.get(staff_number="N1")
    assert person.assignments.count() == 2
    assert person.mobile == "13900000000"


def test_preview_that_no_longer_holds_is_refused_and_writes_nothing(administrator, outlet, post):
    run = start(administrator)
    PersonFactory(name="李四", staff_number="N002", organisation=outlet)
    with pytest.raises(ChangedMeanwhile):
        domain.accept_import(run, by=administrator)
    assert not Person.objects.filter(staff_number="N001").exists()


def test_undo_takes_back_people_and_posts(administrator, post):
    run = domain.accept_import(start(administrator), by=administrator)
    domain.undo_import(run, by=administrator)
    assert not Assignment.objects.exists()
    assert not Person.objects.filter(staff_number="N002").exists()
    # Who has held a post stays on record for the trail, as having left.
    assert not Person.objects.get(staff_number="N001").is_active


def test_undo_restores_what_was_changed(administrator, outlet):
    person = PersonFactory(name="李四", staff_number="N002", organisation=outlet, mobile="1")
    run = domain.accept_import(start(administrator, "姓名,工号,手机\n李四,N002,13700000000\n"), by=administrator)
    domain.undo_import(run, by=administrator)
    person.refresh_from_db()
    assert person.mobile == "1"


def test_undo_refuses_what_was_changed_since(administrator, outlet):
    PersonFactory(name="李四", staff_number="N002", organisation=outlet, mobile="1")
    run = domain.accept_import(start(administrator, "姓名,工号,手机\n李四,N002,13700000000\n"), by=administrator)
    Person.objects.filter(staff_number="N002").update(mobile="2")
    with pytest.raises(RestsOnIt):
        domain.undo_import(run, by=administrator)
    run.refresh_from_db()
    assert run.state == ImportState.ACCEPTED


def test_row_a_validator_refuses_while_it_is_written_writes_nothing(administrator, outlet, post, monkeypatch):
    run = start(administrator)

    def refuse(*args, **kwargs):
        raise ValidationError("no")

    monkeypatch.setattr("portal.people.imports.assign_position", refuse)
    with pytest.raises(RowRefused):
        domain.accept_import(run, by=administrator)
    assert not Person.objects.filter(staff_number="N001").exists()
    run.refresh_from_db()
    assert run.state == ImportState.PREVIEW


def test_somebody_without_the_right_starts_nothing(outlet):
    with pytest.raises(NotAllowed):
        start(PersonFactory(organisation=outlet, roles=[Role.MANAGER]))
    assert not ImportRun.objects.exists()


def test_regional_administrator_enters_nobody_outside_the_branch(root, outlet, post):
    other = OrganisationFactory(code="MY", name="绵阳网点", tier="outlet", parent=root)
    theirs = PersonFactory(name="王五", staff_number="M1", organisation=other)
    by = PersonFactory(organisation=outlet, roles=[Role.REGIONAL_ADMINISTRATOR])
    run = start(by, "姓名,工号,部门\n新人,N9,MY\n王五,M1,WQ\n本地,N8,WQ\n")
    assert outcomes(run) == [Outcome.REFUSE, Outcome.REFUSE, Outcome.ADD]
    domain.accept_import(run, by=by, leave_out=True)
    theirs.refresh_from_db()
    assert theirs.organisation == other


def test_regional_administrator_gives_posts_kept_above_the_branch(root, outlet):
    PositionFactory(organisation=root, title="技术工程师")
    by = PersonFactory(organisation=outlet, roles=[Role.REGIONAL_ADMINISTRATOR])
    run = start(by, "姓名,工号,部门,岗位,任职日期\n本地,N8,WQ,技术工程师,2026-01-01\n")
    assert outcomes(run) == [Outcome.ADD]
    domain.accept_import(run, by=by)
    assert [each.position.organisation for each in Person.objects.get(staff_number="N8").posts] == [root]


def test_pages_from_upload_to_undo(client_of, administrator, post):
    client = client_of(administrator)
    assert client.get("/imports/").status_code == 200
    assert client.get("/imports/new/people/").status_code == 200
    answer = client.post("/imports/new/people/", {"pasted": LIST})
    page = client.get(answer.url)
    assert "张三".encode() in page.content
    assert client.get(f"{answer.url}columns/").status_code == 200
    client.post(f"{answer.url}accept/")
    assert Person.objects.filter(staff_number="N001").exists()
    assert client.get(f"{answer.url}undo/").status_code == 200
    client.post(f"{answer.url}undo/")
    assert ImportRun.objects.get().state == ImportState.UNDONE
    assert client.get(f"{answer.url}file/").content == LIST.encode()


def test_columns_of_other_names_are_mapped_by_hand(client_of, administrator, post):
    client = client_of(administrator)
    address = client.post("/imports/new/people/", {"pasted": "谁\t几号\t在哪\n张三\tN1\tWQ\n"}).url
    assert ImportRun.objects.get().state == ImportState.COLUMNS
    chosen = {"sheet": 0, "header": 1, "column_name": 0, "column_staff_number": 1, "column_organisation": 2}
    assert client.post(f"{address}columns/", chosen).status_code == 302
    client.post(f"{address}accept/")
    assert Person.objects.filter(staff_number="N1").exists()


def test_import_of_another_is_not_found(client_of, administrator, post, outlet):
    run = start(administrator)
    intruder = PersonFactory(organisation=outlet, roles=[Role.REGIONAL_ADMINISTRATOR])
    engineer = PersonFactory(organisation=outlet)
    for person in (intruder, engineer):
        for path in ("", "columns/", "undo/", "file/"):
            assert client_of(person).get(f"/imports/{run.pk}/{path}").status_code == 404
        assert client_of(person).post(f"/imports/{run.pk}/accept/").status_code == 404
    assert client_of(engineer).get("/imports/").status_code == 403
    assert client_of(engineer).get("/imports/new/people/").status_code == 403


def test_large_list_is_read_and_written_in_the_background(administrator, post, django_capture_on_commit_callbacks):
    rows = "".join(f"员工{at},B{at:05},WQ,维修工,2026-01-01,1380000{at:04}\n" for at in range(1000))
    with django_capture_on_commit_callbacks(execute=True):
        run = start(administrator, "姓名,工号,部门,岗位,任职日期,手机\n" + rows)
        assert run.state == ImportState.READING
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == (ImportState.PREVIEW, 1000, 1000)
    with django_capture_on_commit_callbacks(execute=True):
        domain.accept_import(run, by=administrator)
    run.refresh_from_db()
    assert run.state == ImportState.ACCEPTED
    assert Person.objects.filter(staff_number__startswith="B").count() == 1000
    assert timezone.now() >= run.accepted_at


def test_list_of_faulty_rows_alone_does_not_claim_to_be_on_record(client_of, administrator, post):
    client = client_of(administrator)
    page = client.post("/imports/new/people/", {"pasted": "姓名\t工号\t单位\n张三\tN1\t没有此单位\n"}, follow=True)
    assert "没有可以直接导入的行" in page.content.decode()
    assert "均已在案" not in page.content.decode()
