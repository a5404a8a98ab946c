"""Fault articles of the growth data, with codes, warnings, causes and machines."""

import datetime as dt
from typing import Any

from django.utils import timezone

from kb.enums import Severity, Where
from kb.models import CausePair, FaultArticle, FaultCode, SafetyNote
from portal.enums import Audience
from portal.models import EquipmentModel
from portal.search.analysis import bare_code
from tests.bench.growth.places import Ground, create, next_key

SYMPTOMS = ("不制冷", "漏水", "异响", "不启动", "温度过高", "打火不着", "排水慢", "报警")
CAUSES = ("电源缺相", "传感器断线", "过滤网堵塞", "继电器触点烧蚀", "电机轴承磨损", "控制板进水")


def add_articles(ground: Ground, number: int) -> int:
    """Add ``number`` published articles; every code is shown by many machines, as E1 to E99 are."""
    first, now = next_key(FaultArticle), timezone.now()
    create(_article(ground, first + index, index, now) for index in range(number))
    create(
        FaultCode(
            article_id=first + index,
            code=code_of(index),
            scope=f"growth-{index}",
            folded=bare_code(code_of(index)),
            sort_order=0,
        )
        for index in range(number)
    )
    create(SafetyNote(article_id=first + index, text="断电、挂牌后再开盖。", sort_order=0) for index in range(number))
    create(_cause(first + index, index, place) for index in range(number) for place in range(2))
    machines = list(EquipmentModel.objects.filter(code__startswith="GM-").values_list("pk", flat=True))
    through: Any = FaultArticle.equipment.through
    create(
        through(faultarticle_id=first + index, equipmentmodel_id=machines[index % len(machines)])
        for index in range(number)
    )
    return number


def code_of(index: int) -> str:
    """Return the code an article is about: three letters and digits, each shared by about fifty of 100,000."""
    return f"{'EFPH'[index % 4]}{index // 4 % 500}"


def _article(ground: Ground, key: int, index: int, now: dt.datetime) -> FaultArticle:
    machine = f"{SYMPTOMS[index % len(SYMPTOMS)]}（{code_of(index)}）"
    return FaultArticle(
        pk=key,
        number=f"GF-{index:06}",
        title=f"设备{index % 500:03} {machine}",
        symptom=f"显示 {code_of(index)}，{SYMPTOMS[index % len(SYMPTOMS)]}",
        category=ground.categories[index % len(ground.categories)],
        brand=f"品牌{index % 20}",
        family=f"系列{index % 60}",
        severity=Severity.values[index % 4],
        audience=Audience.STAFF if index % 5 else Audience.PUBLIC,
        is_phone_doable=index % 3 == 0,
        live=True,
        first_published_at=now - dt.timedelta(days=index % 900),
        last_published_at=now - dt.timedelta(days=index % 900),
    )


def _cause(article: int, index: int, place: int) -> CausePair:
    cause = CAUSES[(index + place) % len(CAUSES)]
    return CausePair(
        article_id=article,
        cause=cause,
        check_text=f"用万用表检查：{cause}",
        remedy=f"更换或修复后试机，确认 {code_of(index)} 消失。",
        where=Where.SITE if place else Where.PHONE,
        sort_order=place,
    )
