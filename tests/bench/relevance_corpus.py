"""The documents, words and generated others that relevance is measured on."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from portal.search.sources import SearchDocument
from portal.search.understanding.lexicon import EquipmentNames, Lexicon, SynonymSet

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "portal" / "demo_data"
SYNONYM_FILES = ("synonyms.json", "synonyms_general.json")
DATA = ROOT / "tests" / "data"

# The others are about other machines; they share parts, causes and ways of speaking with the fifty-five.
MACHINES = (
    "数控车床 激光切割机 注塑机 空压机 柴油发电机 叉车 自动扶梯 电动葫芦 污水泵 消防泵 包装机 贴标机 输送带 码垛机器人 焊接机器人 "
    "印刷机 复印机 投影机 交换机 路由器 门禁机 道闸 摄像机 充电桩 光伏逆变器 蓄电池柜 配电柜 变压器 锅炉房循环泵 换热机组 "
    "净水机 软水机 热泵热水机组 干衣机 工业洗衣机 烫平机 缝纫机 织布机 挤出机 破碎机"
).split()
PARTS = (
    "压缩机 冷凝器 接触器 热继电器 主控板 显示板 电源板 通讯线 传感器 温控器 水位开关 电磁阀 排水泵 加热管 轴承 皮带 减速箱 变频器 编码器 "
    "滤波板 保险丝 门开关 限位开关 安全阀 油封 液压缸 换向阀 火花塞 点火线圈 节气门 风扇电机 硬盘 内存 电容 指示灯"
).split()
SYMPTOMS = (
    "不启动 不转 有异响 噪音大 漏水 漏油 漏电跳闸 温度过高 压力过低 压力过高 过载保护 通讯故障 通讯中断 显示异常 黑屏 频繁启停 不停机 "
    "转速慢 打滑 卡住不动 按键无反应 报警不停 指示灯不亮 电源红灯 冒黑烟 抖动 无力 不加热 加热慢 不进水 不排水 没反应 一直转 自动下降"
).split()
CAUSES = (
    "接线松动 插头氧化 线路断路 绝缘下降 触点粘连 电压偏低 相序接反 参数设置错误 长期未清洗 滤网堵塞 积灰 阀芯卡死 轴承缺油 皮带老化 "
    "密封圈老化 传感器漂移 主板损坏 继电器损坏 电容失效 水垢过厚 操作不当"
).split()
ACTIONS = (
    "用万用表测量电阻 测量电源电压 检查接线端子 听有无异响 断电后手动盘车 检查滤网 替换法判断 查看历史故障记录 紧固接线端子 更换同型号配件 "
    "清洗滤网 重新设置参数 更换主控板 加注润滑油 断开电源并挂牌上锁"
).split()
BRANDS = ("海星", "银都", "恒联", "北星", "东川", "")


def faults() -> list[SearchDocument]:
    """The fifty-five fault articles as the knowledge base indexes them."""
    rows = json.loads((DEMO / "faults.json").read_text(encoding="utf-8"))["faults"]
    return [_fault(row) for row in rows]


def _fault(row: dict) -> SearchDocument:
    pairs = [part for pair in row["pairs"] for part in (pair["cause"], pair["check"], pair["remedy"]) if part]
    text = [row["model_scope"], row["equipment_text"], row["judgement"], row["display_where"], *pairs]
    text += [item["text"] for item in row["safety"]] + row["tools"] + row["parts"]
    return SearchDocument(
        ref=row["id"],
        kind="fault",
        title=row["title"],
        url=f"/kb/faults/{row['id']}/",
        codes=tuple(row["codes"]),
        equipment=tuple(row["equipment_codes"]),
        equipment_names=tuple(row["equipment"]),
        categories=tuple({code.split("-")[0] for code in row["equipment_codes"]}),
        brand=row["brand"] or "",
        severity=row["severity"],
        phone_doable=row["phone_doable"],
        audience="staff",
        symptoms=(row["symptom"],),
        aliases=tuple(row["aliases"]),
        text="\n".join(dict.fromkeys(text)),
    )


def others(count: int, seed: int = 7) -> Iterator[SearchDocument]:
    """Yield generated fault articles about other machines, always the same for the same number."""
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        machine, symptom, second = rng.choice(MACHINES), *rng.sample(SYMPTOMS, 2)
        code = f"{rng.choice('ABCHJKNRTUX')}{rng.randrange(1, 400)}"
        lines = [
            f"{rng.choice(PARTS)}{rng.choice(CAUSES)},{rng.choice(ACTIONS)},{rng.choice(ACTIONS)}"
            for _ in range(5)
        ]
        yield SearchDocument(
            ref=f"GEN-{number}",
            kind="fault",
            title=f"{machine}{rng.choice(PARTS)}{symptom}",
            url=f"/kb/faults/GEN-{number}/",
            codes=(code,),
            equipment=(f"GEN-{MACHINES.index(machine)}",),
            equipment_names=(machine,),
            categories=("GEN",),
            brand=rng.choice(BRANDS),
            severity=rng.choice(("danger", "stop", "degraded", "minor")),
            audience="staff",
            symptoms=(f"{machine}{second}",),
            aliases=(f"{rng.choice(PARTS)}{rng.choice(SYMPTOMS)}",),
            text="\n".join(lines),
        )


def lexicon() -> Lexicon:
    """The words of the demo data: equipment with its aliases, and the starter list of synonyms."""
    data = json.loads((DEMO / "equipment.json").read_text(encoding="utf-8"))
    equipment = [
        EquipmentNames(
            row["code"],
            (row["name"], row["name_en"], *row["aliases"], *row["model_codes"]),
            category=row["category_code"],
        )
        for row in data["models"]
    ]
    equipment += [
        EquipmentNames(row["code"], (row["name"], row["name_en"], *row["aliases"]), is_category=True)
        for row in data["categories"]
    ]
    rows = [row for name in SYNONYM_FILES for row in json.loads((DEMO / name).read_text(encoding="utf-8"))]
    synonyms = [SynonymSet(tuple(row["terms"]), row["kind"] == "one_way") for row in rows]
    return Lexicon(equipment, synonyms, words={row["brand"] for row in data["models"]})
