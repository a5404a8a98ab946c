"""Sample data for the components on the style guide page (DEBUG only)."""

import datetime as dt
import re
from types import SimpleNamespace as Obj
from typing import Any

from django import forms, template
from django.conf import settings
from django.core.paginator import Paginator

from portal.ui.fields import DayField

register = template.Library()


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="姓名", help_text="与身份证一致。")
    phone = forms.CharField(label="手机号", required=False)
    level = forms.ChoiceField(label="级别", choices=[("", "请选择"), ("1", "初级"), ("2", "中级"), ("3", "高级")])
    on = DayField(label="上岗日期")
    remark = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    kinds = forms.MultipleChoiceField(
        label="设备类别",
        choices=[("a", "冷冻设备"), ("b", "灶具设备"), ("c", "传菜梯（特种设备）")],
        widget=forms.CheckboxSelectMultiple,
    )
    shift = forms.ChoiceField(label="班次", choices=[("d", "白班"), ("n", "夜班")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="我已阅读并确认技术通报 TB-2026-014", required=True)


REASONS = [
    Obj(code="hours", message="冷冻设备培训学时 8 / 8 小时", met=True, detail="2026年3月10日 签到签退齐全"),
    Obj(
        code="quiz",
        message="冷冻设备理论考试未通过",
        met=False,
        detail="上次 72 分，合格线 80 分，可补考 1 次",
        action=Obj(label="去补考", url="#"),
    ),
    Obj(code="practical", message="实操考核未签字", met=False, detail="考核员：周敏"),
    Obj(code="statutory", message="制冷与空调设备安装修理作业证 有效至 2028年6月30日", met=True),
]
STEPS = [
    Obj(title="完成冷冻设备培训", state="done", detail="8 小时 · 2026年3月10日"),
    Obj(title="阅读技术通报 TB-2026-014", state="done", detail="2026年3月11日 已确认"),
    Obj(
        title="通过理论考试",
        state="next",
        detail="80 分合格，限时 60 分钟",
        action=Obj(label="开始考试", url="#"),
    ),
    Obj(title="实操考核签字", state="missing", detail="由有资格的考核员签字"),
    Obj(title="制冷作业操作证", state="failed", detail="复审未通过，请补交材料"),
]
PAIRS = [
    Obj(
        cause="内外机连接线接头松动、氧化或压接不良",
        check="断电等待数分钟后打开内外机接线盒，逐根核对端子号与线色。",
        remedy="重新压接或整根更换连接线，不做胶布接头。",
    ),
    Obj(
        cause="外机没有得电",
        check="确认外机端子有电，供电电压在铭牌范围内。",
        remedy="恢复供电；电压异常时通知用户电工。",
    ),
    Obj(
        cause="内机或外机主板通讯电路损坏",
        check="用万用表量通讯端电压有无跳动，区分内机还是外机侧。",
        remedy="按先线后板的顺序更换主板。",
    ),
]
HITS = [
    Obj(
        title="内外机通讯故障",
        url="#",
        kind_label="故障文章",
        kind_icon="wrench",
        ref="AC-E6",
        codes=["E6"],
        equipment=["分体空调", "格力"],
        snippet="",
        note="现场约 40 分钟",
        lamp="amber",
        lamp_label="须断电",
    ),
    Obj(
        title="冷库不制冷：压缩机运转但库温不降",
        url="#",
        kind_label="故障文章",
        kind_icon="wrench",
        ref="CR-03",
        codes=["SPN 520192 FMI 3"],
        equipment=["冷库", "卧式冰柜", "六门冰柜"],
        note="",
        lamp="",
        lamp_label="",
    ),
]
EVENTS = [
    Obj(when="2026年3月18日 14:05", title="签发 冷冻设备 上岗资格", text="有效至 2028年3月17日", tone="green"),
    Obj(when="2026年3月17日 09:30", title="实操考核签字", text="考核员 周敏", tone="brand"),
    Obj(when="2026年3月12日 20:11", title="理论考试 72 分", text="未达到 80 分，可补考 1 次", tone="red"),
    Obj(when="2026年3月10日 17:02", title="签退：冷冻设备培训", text="记入 8 小时", tone=""),
]

TEXTS: dict[str, Any] = {
    "tabs": [
        Obj(label="概况", url="#", active=True, count=None),
        Obj(label="场次", url="#", active=False, count=12),
        Obj(label="学员", url="#", active=False, count=38),
        Obj(label="考核记录", url="#", active=False, count=None),
    ],
    "chips": [
        Obj(label="冷冻设备", url="#", active=True, count=18),
        Obj(label="灶具设备", url="#", active=False, count=9),
        Obj(label="传菜梯", url="#", active=False, count=4),
        Obj(label="洗碗机", url="#", active=False, count=2),
    ],
    "facts": [
        Obj(label="地点", value="华东区 杭州网点 2 号实训室"),
        Obj(label="讲师", value="陈建国"),
        Obj(label="学时", value="8 小时"),
        Obj(label="对象", value="网点维修技师、驻场人员"),
    ],
    "columns": ["设备名称", "培训内容", "培训人员", "培训时间"],
    "rows": [
        [
            "冷冻设备",
            "特点；主要性能及技术参数；正确操作方法；电路接线图；常见故障的分析及处理方法",
            "陈建国",
            "8 小时",
        ],
        ["灶具设备", "主要配件的结构、性能、参数；维护、保养知识", "王志远", "8 小时"],
        ["传菜梯", "电路原理图；特殊使用说明", "陈建国", "6 小时"],
    ],
    "links": [
        Obj(label="冷库 用户手册", url="#", icon="book", note="第 3 版 · 12 章"),
        Obj(label="谁可以修这台设备", url="#", icon="people", lamp="green", lamp_label="4 人可上岗"),
        Obj(label="报告疑难问题", url="#", icon="warning"),
    ],
}


@register.simple_tag
def samples() -> dict[str, Any]:
    """Return everything the style guide shows."""
    sprite = (settings.BASE_DIR / "static/img/icons.svg").read_text(encoding="utf-8")
    form = SampleForm({"name": "", "phone": "13800000000", "level": "2", "on": "2026-03-18", "kinds": ["a"]})
    return {
        "reasons": REASONS,
        "met": [reason for reason in REASONS if reason.met],
        "next": Obj(label="预约补考", url="#"),
        "steps": STEPS,
        "pairs": PAIRS,
        "hits": HITS,
        "events": EVENTS,
        **TEXTS,
        "page": Paginator(range(240), 20).page(5),
        "form": form,
        "crumbs": [Obj(label="知识库", url="#"), Obj(label="冷冻设备", url="#")],
        "deadline": dt.datetime(2026, 3, 18, 6, 30, tzinfo=dt.UTC),
        "icons": re.findall(r'symbol id="([\w-]+)"', sprite),
    }
