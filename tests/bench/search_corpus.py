"""Generated Chinese fault articles of 1–2 KB, always the same for the same number, to measure search on."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

MACHINES = [
    "卧式冷柜",
    "立式冷柜",
    "冷库",
    "制冰机",
    "洗碗机",
    "揭盖洗碗机",
    "消毒柜",
    "热风消毒柜",
    "开水器",
    "电热开水器",
    "燃气大锅灶",
    "燃气双炒单温灶",
    "电磁炒炉",
    "蒸饭柜",
    "蒸烤箱",
    "万能蒸烤箱",
    "和面机",
    "压面机",
    "切肉机",
    "绞肉机",
    "多功能切菜机",
    "刨冰机",
    "抽排油烟罩",
    "油烟净化器",
    "风冷空调",
    "多联机空调",
    "传菜电梯",
    "保温售饭台",
    "电饼铛",
    "电炸炉",
]
PARTS = [
    "压缩机",
    "冷凝器",
    "蒸发器",
    "膨胀阀",
    "毛细管",
    "温控器",
    "温度传感器",
    "压力开关",
    "高压开关",
    "低压开关",
    "干燥过滤器",
    "电磁阀",
    "四通阀",
    "风扇电机",
    "蒸发风机",
    "冷凝风机",
    "门封条",
    "化霜加热管",
    "主控板",
    "电源板",
    "显示板",
    "接触器",
    "热继电器",
    "漏电保护器",
    "水位开关",
    "进水电磁阀",
    "排水泵",
    "洗涤泵",
    "喷淋臂",
    "加热管",
    "点火针",
    "火焰探针",
    "燃气阀",
    "热电偶",
    "鼓风机",
    "皮带",
    "轴承",
    "减速箱",
    "刀片",
    "通讯线",
    "排线",
    "变频模块",
    "滤波板",
    "整流桥",
    "电容",
    "保险丝",
    "干烧保护器",
    "安全阀",
    "限位开关",
    "门开关",
]
SYMPTOMS = [
    "不制冷",
    "制冷效果差",
    "结霜严重",
    "化霜不净",
    "漏水",
    "漏电跳闸",
    "不启动",
    "频繁启停",
    "噪音大",
    "有异响",
    "有焦味",
    "显示异常",
    "通讯故障",
    "通信中断",
    "温度过高",
    "温度过低",
    "压力过高",
    "压力过低",
    "排气温度过高",
    "过载保护",
    "缺相保护",
    "缺水保护",
    "不进水",
    "不排水",
    "不加热",
    "加热慢",
    "点不着火",
    "火焰发黄",
    "中途熄火",
    "回火",
    "电机不转",
    "转速慢",
    "皮带打滑",
    "卡住不动",
    "按键无反应",
    "黑屏",
    "报警不停",
    "门关不严",
    "冰块浑浊",
    "洗不干净",
    "出水温度低",
    "油烟外溢",
]
CAUSES = [
    "接线松动",
    "插头氧化",
    "线路断路",
    "线路短路",
    "绝缘下降",
    "触点粘连",
    "电压偏低",
    "电压不稳",
    "相序接反",
    "参数设置错误",
    "长期未清洗",
    "滤网堵塞",
    "冷凝器积灰",
    "制冷剂泄漏",
    "制冷剂充注过多",
    "毛细管堵塞",
    "阀芯卡死",
    "轴承缺油",
    "轴承磨损",
    "皮带老化",
    "密封圈老化",
    "传感器漂移",
    "传感器开路",
    "主板损坏",
    "继电器损坏",
    "电容失效",
    "水垢过厚",
    "水压不足",
    "气压不足",
    "风门未打开",
    "排水管堵塞",
    "安装不水平",
    "通风不良",
    "环境温度过高",
    "门封变形",
    "操作不当",
]
CHECKS = [
    "用万用表测量电阻",
    "用钳形表测量电流",
    "测量绝缘电阻",
    "测量电源电压",
    "检查接线端子",
    "检查插头有无烧痕",
    "检查运行压力",
    "用检漏仪检查焊口",
    "观察视液镜",
    "手摸吸气管温度",
    "听有无气流声",
    "拆下盖板检查",
    "对照参数表核对",
    "断电后手动盘车",
    "检查滤网",
    "检查排水管",
    "检查门封间隙",
    "查看历史故障记录",
    "替换法判断",
    "短接测试",
]
REMEDIES = [
    "紧固接线端子",
    "更换插头",
    "更换同型号配件",
    "清洗冷凝器翅片",
    "清洗滤网",
    "疏通排水管",
    "补漏后抽真空重新充注",
    "更换干燥过滤器",
    "校正传感器",
    "重新设置参数",
    "更换主控板",
    "更换接触器",
    "更换皮带并调整张紧度",
    "加注润滑油",
    "更换轴承",
    "更换密封圈",
    "用柠檬酸除垢",
    "调整水平",
    "增加通风",
    "调整相序",
    "更换电容",
    "上报厂家技术部",
]
SAFETY = [
    "断开电源并挂牌上锁",
    "关闭燃气总阀并开窗通风",
    "等待电容放电五分钟",
    "佩戴绝缘手套",
    "佩戴护目镜",
    "待设备冷却至室温",
    "确认无残余压力",
    "两人作业",
    "不得带电拆线",
]
JOINERS = [
    "首先",
    "然后",
    "如果仍未排除",
    "必要时",
    "同时注意",
    "维修完成后",
    "与客户确认",
    "记录在维修单上",
    "若读数超出范围",
    "正常情况下",
    "在满负荷下运行十五分钟观察",
]
BRANDS = ["格力", "美的", "海尔", "星星", "银都", "乐创", "恒联", "西门子", "大金", "三菱", "海信", "松下"]
LETTERS = "EFHLPCU"


@dataclass(frozen=True, slots=True)
class Article:
    """One generated fault article."""

    key: str
    title: str
    text: str
    code: str
    machine: str
    brand: str
    severity: str
    phone_doable: bool
    audience: str


def articles(count: int, seed: int = 20261123) -> Iterator[Article]:
    """Yield `count` articles; the first n of a longer run are those of a shorter one."""
    for number in range(count):
        yield article(number, seed)


def article(number: int, seed: int = 20261123) -> Article:
    """Return article `number`."""
    rng = random.Random(seed * 1_000_003 + number)
    machine, brand = rng.choice(MACHINES), rng.choice(BRANDS)
    symptom = rng.choice(SYMPTOMS)
    code = f"{rng.choice(LETTERS)}{rng.randrange(1, 100)}"
    model = f"{''.join(rng.choices('ABGKLMRSTX', k=3))}-{rng.randrange(10, 999)}{rng.choice('ABWX')}"
    parts = rng.sample(PARTS, 5)
    lines = [
        f"{brand}{machine}{model}显示{code}，{symptom}，同时伴有{rng.choice(SYMPTOMS)}。安全：{rng.choice(SAFETY)}，{rng.choice(SAFETY)}。"
    ]
    for step, part in enumerate(parts, 1):
        lines.append(
            f"{step}．原因：{part}{rng.choice(CAUSES)}。{rng.choice(JOINERS)}，{rng.choice(CHECKS)}，"
            f"{part}的阻值应在{rng.randrange(2, 98)}千欧左右；"
            f"{rng.choice(JOINERS)}，{rng.choice(CHECKS)}。处理：{rng.choice(REMEDIES)}，{rng.choice(REMEDIES)}。{rng.choice(JOINERS)}。"
        )
    lines.append(
        f"工具：万用表、{rng.choice(PARTS)}专用扳手。预计{rng.randrange(1, 12) * 10}分钟。适用{brand}{model}系列。"
    )
    return Article(
        key=f"generated:{number}",
        title=f"{machine}{symptom}（{code}）",
        text="\n".join(lines),
        code=code,
        machine=machine,
        brand=brand,
        severity=rng.choice(("high", "medium", "low")),
        phone_doable=rng.random() < 0.3,
        audience=rng.choice(("public", "staff", "staff", "customers")),
    )
