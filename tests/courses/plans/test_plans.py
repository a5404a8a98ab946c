"""A tender's plan from the pasted table to the annex and the calendar."""

import datetime as dt
import io
import time
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from courses.models import PlanRow, PlanSlip, Session
from courses.plans import annex
from courses.plans.domain import add_project, drop_row, put_row, set_periods
from courses.plans.errors import EmptyWindow, ImpossibleRule, NotYourProject, RowHasSession
from courses.plans.generating import Window, generate_sessions
from courses.plans.importing import kind
from courses.plans.visits import visits_of
from courses.sessions.scheduling.domain import cancel_session
from portal.enums import ImportState, Role, Tier
from portal.exchange.imports import domain
from portal.exchange.imports.errors import RestsOnIt
from portal.registry.imports import Outcome
from tests.courses.test_wording import ROWS, SLIPS, flattened
from tests.factories.courses import PlanRowFactory, ProjectFactory, TrainerFactory, TrainingModuleFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return OrganisationFactory(code="HQ", name="总部", tier=Tier.HQ)


@pytest.fixture
def outlet(root):
    return OrganisationFactory(code="WQ", name="网点", tier=Tier.OUTLET, parent=root)


@pytest.fixture
def project(outlet):
    return ProjectFactory(code="p1", organisation=outlet)


@pytest.fixture
def administrator(root):
    return PersonFactory(organisation=root, roles=[Role.ADMINISTRATOR])


@pytest.fixture
def trainers(root):
    return [TrainerFactory(name=name, organisation=root) for name in ("陈建国", "王志远")]


@pytest.fixture
def slips():
    return [PlanSlip.objects.create(wrong=wrong, right=right) for wrong, right in SLIPS.items()]


def start(project, by, text):
    return domain.start_import(kind, text.encode(), by=by, options={"project": project.pk})


def proposals(run, by):
    asked = run.lines.filter(outcome=Outcome.ASK)
    return domain.answer_rows(run, {line.number: line.question["choices"][0][0] for line in asked}, by=by)


def window(days=120):
    first = timezone.localdate() + dt.timedelta(days=1)
    return Window(first=first, last=first + dt.timedelta(days=days))


def test_table_pasted_as_one_paragraph_becomes_the_plan(project, administrator, trainers, slips):
    run = start(project, administrator, flattened())
    assert run.state == ImportState.PREVIEW
    asked = list(run.lines.filter(outcome=Outcome.ASK).values_list("number", flat=True))
    # Rows 1 (glued topics), 4, 7, 9 and 10 (slips, a machine twice) are put right; each is asked about.
    assert asked == [2, 5, 8, 10, 11]
    assert not PlanRow.objects.exists()
    domain.accept_import(proposals(run, administrator), by=administrator)
    rows = list(project.rows.order_by("number"))
    assert [row.minutes // 60 for row in rows] == [row["hours"] for row in ROWS]
    assert [row.trainer.name for row in rows] == [row["trainer"] for row in ROWS]
    assert [row.contents for row in rows] == [[topic["text"] for topic in row["contents"]] for row in ROWS]
    assert [row.equipment for row in rows][:9] == [row["equipment"] for row in ROWS][:9]
    assert "赏见" in rows[6].raw["contents"]


def test_row_may_be_kept_as_written(project, administrator, slips):
    run = start(project, administrator, "设备名称\t培训内容\t培训时间(h)\n烤箱\t赏见故障\t8\n")
    domain.answer_rows(run, {2: "written"}, by=administrator)
    domain.accept_import(run, by=administrator)
    assert project.rows.get().contents == ["赏见故障"]


def test_second_run_changes_nothing(project, administrator, trainers, slips):
    for _time in range(2):
        run = start(project, administrator, flattened())
        domain.accept_import(proposals(run, administrator), by=administrator)
    run.refresh_from_db()
    assert run.made == []
    assert project.rows.count() == 10


def test_total_row_is_checked_and_not_imported(project, administrator):
    run = start(project, administrator, "设备名称,培训内容,培训时间(h)\n冷库,特点,8\n烤箱,特点,6\n合计,,20\n")
    assert [line.outcome for line in run.lines.all()] == [Outcome.ADD, Outcome.ADD, Outcome.SAME]
    assert len(run.lines.get(number=4).notes) == 2


def test_every_problem_names_its_row_and_column(project, administrator):
    text = "设备名称;培训内容;培训时间(h)\n;特点;8\n冷库;;8\n烤箱;特点;1.38E+10\n"
    text += "风柜;特点;很久\n冷库;特点;8\n冷库;结构;8\n"
    run = start(project, administrator, text)
    found = {line.number: [column for column, _message in line.problems] for line in run.lines.all()}
    assert found == {2: ["equipment"], 3: ["contents"], 4: ["hours"], 5: ["hours"], 6: [], 7: ["equipment"]}


def test_import_is_undone_unless_a_session_rests_on_it(project, administrator, root):
    trainer = TrainerFactory(name="陈建国", organisation=root)
    module = TrainingModuleFactory(title="冷库", trainers=[trainer])
    text = "设备名称,培训内容,培训人员,培训时间(h)\n冷库,特点,陈建国,8\n"
    run = domain.accept_import(start(project, administrator, text), by=administrator)
    assert project.rows.get().module == module
    (session,) = generate_sessions(project, window(), by=administrator).sessions
    with pytest.raises(RestsOnIt):
        domain.undo_import(run, by=administrator)
    with pytest.raises(RowHasSession):
        drop_row(project.rows.get(), by=administrator)
    session.planned_by.delete()
    domain.undo_import(run, by=administrator)
    assert not project.rows.exists()


def _plan(project, root, count, trainers=4):
    people = [TrainerFactory(organisation=root) for _each in range(trainers)]
    module = TrainingModuleFactory(trainers=people)
    return [
        PlanRowFactory(project=project, number=at + 1, module=module, trainer=people[at % trainers], minutes=240)
        for at in range(count)
    ]


def test_sessions_do_not_clash(project, administrator, root):
    _plan(project, root, 30)
    result = generate_sessions(project, window(), by=administrator)
    assert (len(result.sessions), result.left) == (30, [])
    spans = sorted((session.starts_at, session.ends_at) for session in result.sessions)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(timezone.localtime(session.starts_at).weekday() < 5 for session in result.sessions)


def test_generating_twice_adds_nothing_and_a_cancelled_one_is_planned_again(project, administrator, root):
    _plan(project, root, 3)
    first = generate_sessions(project, window(), by=administrator).sessions
    assert generate_sessions(project, window(), by=administrator).sessions == []
    cancel_session(first[0], by=administrator)
    assert len(generate_sessions(project, window(), by=administrator).sessions) == 1


def test_trainer_busy_elsewhere_is_not_taken(project, administrator, root, outlet):
    (row,) = _plan(project, root, 1, trainers=1)
    other = ProjectFactory(organisation=outlet)
    PlanRowFactory(
        project=other, number=1, module=row.module, trainer=row.trainer, place_and_trainees="别处", minutes=240
    )
    (theirs,) = generate_sessions(other, window(), by=administrator).sessions
    (ours,) = generate_sessions(project, window(), by=administrator).sessions
    assert ours.starts_at >= theirs.ends_at


def test_rows_that_cannot_be_planned_say_why(project, administrator, root):
    PlanRowFactory(project=project, number=1)
    _plan_row = PlanRowFactory(project=project, number=2, module=TrainingModuleFactory())
    result = generate_sessions(project, window(), by=administrator)
    assert [row.number for row, _reason in result.left] == [1, 2]
    assert len({reason for _row, reason in result.left}) == 2
    closed = window(2)
    with pytest.raises(EmptyWindow):
        generate_sessions(project, Window(first=closed.last, last=closed.first), by=administrator)


def test_three_hundred_sessions_take_less_than_thirty_seconds(project, administrator, root):
    _plan(project, root, 300)
    began = time.process_time()
    result = generate_sessions(project, window(400), by=administrator)
    assert (len(result.sessions), result.left) == (300, [])
    assert time.process_time() - began < 30
    assert Session.objects.count() == 300


def test_two_thousand_rows_are_imported_in_the_background(project, administrator, django_capture_on_commit_callbacks):
    rows = "".join(f"设备{at}\t产品的特点；正确操作方法；维护、保养知识\t陈建国\t甲方指定\t8\n" for at in range(2000))
    with django_capture_on_commit_callbacks(execute=True):
        run = start(project, administrator, "设备名称\t培训内容\t培训人员\t地点、受训人员\t培训时间(h)\n" + rows)
        assert run.state == ImportState.READING
    run.refresh_from_db()
    assert (run.state, run.done) == (ImportState.PREVIEW, 2000)
    with django_capture_on_commit_callbacks(execute=True):
        assert domain.accept_import(run, by=administrator).state == ImportState.WRITING
    assert project.rows.count() == 2000


def test_visits_recur(project, administrator):
    project.starts_on, project.accepted_on = dt.date(2026, 1, 1), dt.date(2026, 3, 15)
    project.warranty_until = dt.date(2027, 3, 15)
    project.save()
    periods = set_periods(
        project,
        [
            {"name": "安装期内", "plan": "参与安装", "anchor": "installation"},
            {"name": "验收后", "plan": "跟踪 7 天", "anchor": "acceptance", "after_days": 1, "days": 7},
            {"name": "质保期", "plan": "每二个月", "anchor": "acceptance", "rule": "FREQ=MONTHLY;INTERVAL=2"},
            {"name": "保修期后", "plan": "按需", "anchor": ""},
        ],
        by=administrator,
    )
    assert visits_of(periods[1]) == [dt.date(2026, 3, 16) + dt.timedelta(days=each) for each in range(7)]
    assert [day.month for day in visits_of(periods[2])] == [5, 7, 9, 11, 1, 3]
    assert visits_of(periods[0]) == visits_of(periods[3]) == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "每二个月",
        "FREQ=MONTHLY;INTERVAL=0",
        "FREQ=DAILY\nX",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=YEARLY;BYEASTER=9999",
        "FREQ=MONTHLY;BYDAY=+99MO",
        "FREQ=DAILY;BYMONTH=13",
    ],
)
def test_impossible_recurrence_is_refused(project, administrator, rule):
    with pytest.raises(ImpossibleRule):
        set_periods(project, [{"name": "质保期", "plan": "x", "rule": rule}], by=administrator)


def test_annex_holds_the_tenders_columns_and_the_total(project, administrator):
    PlanRowFactory(project=project, number=1, category="冷冻设备", equipment=["冷库", "=1+1"], is_open_ended=True)
    PlanRowFactory(project=project, number=2, minutes=90)
    set_periods(project, [{"name": "安装期内", "plan": "参与安装"}], by=administrator)
    book = load_workbook(io.BytesIO(annex.write_workbook(project)))
    cells = [[cell.value for cell in row] for row in book["培训计划"].iter_rows()]
    assert cells[0] == ["设备名称", "培训内容", "培训人员", "地点、受训人员", "培训时间(h)"]
    assert cells[1][0] == "冷冻设备：冷库、=1+1等"
    assert cells[-1] == ["合计", None, None, None, 9.5]
    assert [cell.value for cell in book["培训进度表"][2]] == ["安装期内", "参与安装"]
    document = Document(io.BytesIO(annex.write_document(project)))
    assert document.tables[0].rows[-1].cells[4].text == "9.5"


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_exported_plan_is_imported_unchanged(client_of, project, administrator, outlet, form):
    PlanRowFactory(project=project, number=1, category="灶具设备", equipment=["天然气、电两用蒸饭柜", "炒炉"])
    content = client_of(administrator).get(f"/courses/projects/p1/plan.{form}").content
    other = ProjectFactory(code="p2", organisation=outlet)
    run = domain.start_import(kind, content, by=administrator, options={"project": other.pk})
    domain.accept_import(proposals(run, administrator), by=administrator)
    row = other.rows.get()
    assert (row.category, row.equipment, row.minutes) == ("灶具设备", ["天然气、电两用蒸饭柜", "炒炉"], 480)


def test_pages_of_a_project(client_of, project, administrator):
    row = PlanRowFactory(project=project, number=1)
    client = client_of(administrator)
    for path in ("", "p1/", "p1/grid/", "p1/schedule/", "p1/generate/", "p1/plan.pdf", "new/"):
        assert client.get(f"/courses/projects/{path}").status_code == 200, path
    assert client.get("/imports/new/plan/?project=p1").status_code == 200
    assert client.get("/imports/new/plan/").status_code == 404
    name = f"row{row.pk}"
    data = {
        f"{name}-machines": "冷库\n冰柜",
        f"{name}-topics": "特点",
        f"{name}-hours": "1.5",
        "rownew-machines": "烤箱",
    }
    answer = client.post("/courses/projects/p1/grid/", data)
    assert answer.status_code == 422
    assert "烤箱".encode() in answer.content
    row.refresh_from_db()
    assert (row.equipment, row.minutes) == (["冷库", "冰柜"], 90)
    data |= {"rownew-topics": "结构", "rownew-hours": "8"}
    assert client.post("/courses/projects/p1/grid/", data).status_code == 302
    assert project.rows.count() == 2
    client.post("/courses/projects/p1/grid/", data | {f"{name}-drop": "1"})
    assert not project.rows.filter(pk=row.pk).exists()


def test_project_is_opened_on_its_page(client_of, administrator, outlet):
    customer = OrganisationFactory(code="CU", name="客户", tier=Tier.CUSTOMER, parent=outlet)
    data = {"code": "p9", "name": "新项目", "customer": customer.pk, "organisation": outlet.pk}
    assert client_of(administrator).post("/courses/projects/new/", data).status_code == 302
    bad = data | {"code": "p8", "starts_on": "2026-03-02", "accepted_on": "2026-03-01"}
    assert client_of(administrator).post("/courses/projects/new/", bad).status_code == 422


def test_strangers_and_other_branches_see_nothing(client_of, project, root):
    other = OrganisationFactory(code="MY", name="别处", tier=Tier.OUTLET, parent=root)
    manager = PersonFactory(organisation=other, roles=[Role.MANAGER])
    engineer = PersonFactory(organisation=project.organisation)
    customer = PersonFactory(organisation=project.customer, roles=[Role.CUSTOMER_CONTACT])
    auditor = PersonFactory(organisation=root, roles=[Role.AUDITOR])
    for person in (manager, engineer, customer):
        for path in ("", "grid/", "generate/", "plan.xlsx"):
            assert client_of(person).get(f"/courses/projects/p1/{path}").status_code == 404
        assert client_of(person).post("/courses/projects/p1/grid/").status_code == 404
    assert client_of(engineer).get("/courses/projects/").status_code == 403
    assert client_of(auditor).get("/courses/projects/p1/").status_code == 200
    assert client_of(auditor).get("/courses/projects/p1/grid/").status_code == 403
    with pytest.raises(NotYourProject):
        put_row(project, by=manager, equipment=["x"], contents=["y"], minutes=60)
    with pytest.raises(NotYourProject):
        generate_sessions(project, window(), by=auditor)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(client_of, project, administrator, django_assert_max_num_queries, count):
    for number in range(count):
        PlanRowFactory(project=project, number=number + 1)
    client = client_of(administrator)
    with django_assert_max_num_queries(32):
        client.get("/courses/projects/p1/")


def test_command_shows_and_writes(project, administrator, tmp_path, capsys):
    path = tmp_path / "plan.csv"
    path.write_text("设备名称,培训内容,培训时间(h)\n冷库,特点,8\n", encoding="gbk")
    call_command("import_plan", path, project="p1", by=administrator.staff_number)
    assert not project.rows.exists()
    call_command("import_plan", path, project="p1", by=administrator.staff_number, accept=True)
    assert project.rows.count() == 1
    with pytest.raises(CommandError):
        call_command("import_plan", path, project="none", by=administrator.staff_number)


def test_project_is_opened_by_who_arranges_for_its_customer_and_branch(project, administrator, outlet):
    facts = {"name": "二期", "customer": project.customer, "organisation": outlet}
    stranger = PersonFactory(organisation=OrganisationFactory(tier=Tier.HQ), roles=[Role.MANAGER])
    for other in (stranger, PersonFactory(organisation=outlet, roles=[Role.ENGINEER])):
        with pytest.raises(NotYourProject):
            add_project(by=other, code="p2", **facts)
    assert add_project(by=administrator, code="p2", **facts).code == "p2"
