"""Every glitch of a tender's plan as it was written."""

import json
from pathlib import Path

import pytest

from courses.plans.flattened import arrange, numeral
from courses.wording import is_total, machines_of, minutes_of, topics_of

PLAN = json.loads((Path(__file__).parents[1] / "data" / "training_plan.json").read_text(encoding="utf-8"))
ROWS = PLAN["rows"]
SLIPS = {"赏见": "常见", "保养知道": "保养知识", "电子称": "电子秤"}
KNOWN = {topic["text"] for row in ROWS for topic in row["contents"]}


@pytest.mark.parametrize("row", ROWS[:9], ids=lambda row: str(row["no"]))
def test_machines_of_every_row_are_found(row):
    read = machines_of(row["equipment_raw"], SLIPS)
    assert read.items == row["equipment"]
    assert read.is_open_ended == row["equipment_open_ended"]


def _written(row):
    """The content cell without what the flattening put into it."""
    return "；".join(row["contents_raw"]).removesuffix("六").removesuffix(row["trainer"])


@pytest.mark.parametrize("row", ROWS[:8], ids=lambda row: str(row["no"]))
def test_topics_of_every_row_are_found(row):
    assert topics_of(_written(row), SLIPS, KNOWN).items == [topic["text"] for topic in row["contents"]]


def test_each_change_says_what_was_written():
    assert topics_of("维护保养知道,赏见故障;", SLIPS).changes == [
        ("维护保养知道", "维护保养知识"),
        ("赏见故障", "常见故障"),
    ]
    assert machines_of("烤箱、烤箱等", SLIPS).changes[0][1] == "烤箱"


def test_name_with_a_mark_inside_stays_whole():
    assert machines_of("冷库、天然气、电两用蒸饭柜、炒炉", {}).items == ["冷库", "天然气、电两用蒸饭柜", "炒炉"]
    assert machines_of("甲、乙一体机、丙", {}, {"甲、乙一体机"}).items == ["甲、乙一体机", "丙"]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("8", 480),
        ("8小时", 480),
        ("1.5h", 90),
        ("45分钟", 45),
        ("2学时", 90),
        ("８ 小时", 480),
        ("", None),
        ("八", None),
    ],
)
def test_hours_are_minutes(text, minutes):
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["0", "-8", "1.38E+10", "9999", "8小时左右"])
def test_what_is_no_time_is_none(text):
    assert minutes_of(text) is None


def test_total_row_is_no_row():
    assert is_total(["合 计", "", "", "", "76"])
    assert not is_total(["冷库", "合计划"])


def test_numerals():
    assert [numeral(number) for number in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]


def flattened():
    """The table as the document's text has it, put together from what is kept of each row."""
    text = PLAN["header_raw"]
    for row in ROWS:
        text += f"{numeral(row['no'])}、"
        if row["category"] != row["equipment_raw"]:
            text += f"{row['category']}："
        text += row["equipment_raw"]
        if row["no"] == 5:
            text += "产品的结构和特点;主要技术参数;正确操作方法;陈建国甲方指定8小时使用注意事项"
        elif row["no"] == 10:
            text += "产品的特点;陈建国甲方指8小产品的各部分名称;主要性能及技术参数;正确操作方法;电路接线图;"
            text += "维护、保养知识;赏见故障的分析及处理方法;安装、使用注意事项定时"
        else:
            content = _written(row).split("陈建国")[0]
            text += f"{content}{row['trainer']}甲方指定{row['hours']}小时"
    return text + "五、培训进度表服务周期培训计划安装期内"


def test_table_pasted_as_one_paragraph_is_found_again():
    (sheet,) = arrange(flattened())
    found = [line.cells for line in sheet.lines[1:]]
    assert len(found) == 10
    for row, (machines, contents, trainer, place, hours) in zip(ROWS, found, strict=True):
        assert machines.endswith(row["equipment_raw"])
        assert topics_of(contents, SLIPS, KNOWN).items == [topic["text"] for topic in row["contents"]]
        assert (trainer, place, hours) == (row["trainer"], "甲方指定", f"{row['hours']}小时")


def test_other_text_is_no_flattened_table():
    assert arrange("姓名,工号\n张三,T1") == []
    assert arrange("\t".join(PLAN["header"]) + "\n冷库\t特点\t陈\t甲方\t8") == []
