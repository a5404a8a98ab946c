"""Drawings of refrigeration: the circuit and its parts."""

from collections.abc import Iterator

from portal.demo.drawings.canvas import (
    BLUE,
    BLUE_PALE,
    GREEN,
    HEAT,
    HEAT_PALE,
    INK,
    PALE,
    RED,
    SOFT,
    THIN,
    WHITE,
    Sheet,
)
from portal.demo.drawings.symbols import (
    bolt_danger,
    coil,
    cross,
    drop,
    fan,
    fins,
    gauge,
    hand,
    heat_danger,
    heater,
    meter,
    screw,
    spot,
    switch_lever,
    tick,
    turning_danger,
)


def _compressor(sheet: Sheet, x: float, y: float, k: float = 1) -> None:
    """A hermetic compressor standing on its feet; x, y is the middle of its shell."""
    sheet.path(
        f"M{x - 46 * k} {y + 40 * k}V{y - 12 * k}C{x - 46 * k} {y - 58 * k} {x + 46 * k} {y - 58 * k} {x + 46 * k} {y - 12 * k}V{y + 40 * k}Z",
        INK,
        SOFT,
        3,
    )
    sheet.line((x - 46 * k, y + 4 * k), (x + 46 * k, y + 4 * k), width=THIN)
    sheet.box(x - 56 * k, y + 40 * k, 112 * k, 9 * k, fill=INK)


def circuit() -> Sheet:
    """Compressor, condenser, filter, capillary, evaporator."""
    sheet = Sheet(
        "refrigeration-circuit",
        "制冷循环",
        "制冷循环示意图:压缩机在下方,热的高压气体沿红色管路到左侧冷凝器,经过滤器和毛细管进入右侧蒸发器,冷的低压气体沿蓝色管路回到压缩机。",
    )
    sheet.pipe((205, 262), (205, 285), (40, 285), (40, 60), (62, 60), stroke=HEAT, inside=HEAT_PALE)
    coil(sheet, 62, 60, 84, 140, 6, stroke=HEAT)
    sheet.pipe((146, 200), (176, 200), (176, 36), (200, 36), stroke=HEAT, inside=HEAT_PALE)
    sheet.box(200, 24, 46, 24, fill=SOFT, r=10)
    sheet.path("M246 36h14c4 0 4 -14 9 -14s5 28 10 28s5 -28 10 -28s5 28 10 28s5 -14 9 -14h26", INK, width=2.5)
    sheet.pipe((330, 36), (330, 60), stroke=BLUE, inside=BLUE_PALE)
    coil(sheet, 330, 60, 90, 140, 6, stroke=BLUE)
    sheet.pipe((420, 200), (446, 200), (446, 285), (275, 285), (275, 262), stroke=BLUE, inside=BLUE_PALE)
    _compressor(sheet, 240, 222)
    fan(sheet, 104, 242, 20)
    fan(sheet, 376, 238, 20)
    for x, y, x2, y2, ink in ((110, 285, 80, 285, HEAT), (400, 285, 360, 285, BLUE), (40, 180, 40, 150, HEAT)):
        sheet.arrow((x, y), (x2, y2), stroke=ink, width=4, head=16)
    heat_danger(sheet, 202, 96, 20)
    sheet.mark(240, 235, "压缩机")
    sheet.mark(104, 128, "冷凝器(散热,烫)")
    sheet.mark(222, 64, "干燥过滤器")
    sheet.mark(288, 66, "毛细管(节流)")
    sheet.mark(376, 128, "蒸发器(吸热,冷)")
    return sheet


def compressor() -> Sheet:
    """The compressor with its electric box."""
    sheet = Sheet(
        "compressor",
        "压缩机外形",
        "全封闭压缩机侧面图:左上粗管为回气管,摸起来凉;右侧细管为排气管,烫手;侧面小盒是接线盒,内有启动器和过载保护器。",
    )
    _compressor(sheet, 230, 165, 2.1)
    sheet.pipe((150, 100), (110, 100), (110, 40), stroke=BLUE, inside=BLUE_PALE, bore=14)
    sheet.pipe((300, 92), (350, 92), (350, 40), stroke=HEAT, inside=HEAT_PALE, bore=9)
    sheet.box(318, 140, 66, 84, fill=WHITE)
    screw(sheet, 351, 152)
    screw(sheet, 351, 212)
    sheet.path("M384 190c30 0 30 40 60 40", INK, width=5)
    sheet.arrow((110, 62), (110, 86), stroke=BLUE, width=4)
    sheet.arrow((350, 86), (350, 52), stroke=HEAT, width=4)
    heat_danger(sheet, 400, 66)
    bolt_danger(sheet, 420, 140)
    for x in (140, 320):
        sheet.box(x - 18, 268, 36, 16, fill=SOFT)
    sheet.mark(76, 70, "回气管:凉为正常")
    sheet.mark(310, 58, "排气管:烫,不要摸")
    sheet.mark(351, 182, "接线盒:断电后才打开")
    sheet.mark(140, 300, "减振脚")
    return sheet


def terminals() -> Sheet:
    """Terminals of the compressor measured."""
    sheet = Sheet(
        "compressor-terminals",
        "压缩机接线端子",
        "打开的压缩机接线盒:三个接线柱 C、S、R 呈三角形,左边是启动器,右边是过载保护器;万用表两支表笔分别接在 C 和 R 上量电阻。",
    )
    sheet.disc(170, 170, 128, fill=PALE)
    for x, y, letter in ((170, 96, "C"), (108, 208, "S"), (232, 208, "R")):
        sheet.disc(x, y, 20, fill=SOFT)
        sheet.disc(x, y, 8, fill=INK)
        sheet.word(x, y - 34, letter, size=20)
    sheet.box(76, 244, 64, 30, fill=WHITE)
    sheet.disc(248, 140, 19, fill=WHITE)
    sheet.word(248, 140, "OL", size=12)
    meter(sheet, 386, 70, "8.5Ω")
    sheet.path("M404 162C404 240 300 262 238 214", RED, width=4)
    sheet.path("M430 162C440 30 260 20 180 90", INK, width=4)
    spot(sheet, 170, 96, 34)
    spot(sheet, 232, 208, 34)
    bolt_danger(sheet, 416, 236, 28)
    sheet.mark(142, 60, "C 公共端")
    sheet.mark(66, 190, "S 启动端")
    sheet.mark(262, 250, "R 运行端")
    sheet.mark(108, 284, "启动器")
    sheet.mark(290, 132, "过载保护器")
    return sheet


def condenser() -> Sheet:
    """Cleaning the condenser."""
    sheet = Sheet(
        "condenser-cleaning",
        "清洁冷凝器",
        "冷凝器正面图:左半边被灰堵住,右半边已刷净;软刷顺着翅片方向上下刷,开关已拉下。",
    )
    fins(sheet, 60, 60, 250, 190)
    sheet.path("M62 62h118c-14 16 10 26 -6 44s14 26 -4 46s10 30 -6 48s6 30 -4 48H62Z", "#8a7f70", "#cfc6b8", 2)
    for x, y in ((90, 100), (130, 90), (110, 150), (150, 140), (84, 200), (140, 210), (120, 228)):
        sheet.disc(x, y, 5, fill="#8a7f70", stroke="#8a7f70")
    sheet.box(206, 118, 52, 26, fill="#f4c542")
    for x in range(212, 256, 6):
        sheet.line((x, 144), (x, 164), width=THIN)
    sheet.box(224, 60, 16, 58, fill=SOFT)
    hand(sheet, 246, 88)
    sheet.arrow((282, 110), (282, 74), stroke=GREEN, width=4)
    sheet.arrow((282, 180), (282, 230), stroke=GREEN, width=4)
    switch_lever(sheet, 394, 60, is_on=False)
    bolt_danger(sheet, 416, 188)
    cross(sheet, 106, 282)
    tick(sheet, 244, 282)
    sheet.mark(110, 180, "灰尘堵住:散热差")
    sheet.mark(216, 222, "刷净:能透光")
    sheet.mark(416, 42, "先断电")
    return sheet


def _air(sheet: Sheet, x: float, y: float, ink: str, *, right: bool = True) -> None:
    for shift in (-40, 0, 40):
        end = x + 58 if right else x - 58
        sheet.arrow((x, y + shift), (end, y + shift), stroke=ink, width=4, head=14)


def condenser_fan() -> Sheet:
    """Fan of the condenser with its motor."""
    sheet = Sheet(
        "condenser-fan",
        "冷凝风机",
        "冷凝风机侧面与正面:风从冷凝器翅片穿过,再由风扇吹出;断电后用手拨扇叶应转得动,扇叶旁有旋转伤手的警告。",
    )
    _air(sheet, 20, 160, BLUE)
    fins(sheet, 88, 70, 40, 180, gap=8)
    fan(sheet, 250, 160, 78)
    sheet.box(350, 130, 64, 60, fill=SOFT)
    sheet.line((328, 160), (350, 160), width=6)
    sheet.path("M414 176c24 0 24 30 24 60", INK, width=4)
    sheet.arrow((360, 96), (440, 96), stroke=HEAT, width=4, head=14)
    sheet.arrow((360, 226), (412, 226), stroke=HEAT, width=4, head=14)
    turning_danger(sheet, 440, 46)
    hand(sheet, 292, 216)
    sheet.mark(108, 50, "冷凝器")
    sheet.mark(216, 108, "扇叶:断电后拨得动")
    sheet.mark(382, 118, "电机和电容")
    return sheet


def evaporator_ice() -> Sheet:
    """Evaporator: clear, and blocked by ice."""
    sheet = Sheet(
        "evaporator-ice",
        "蒸发器结霜对比",
        "两台蒸发器并排:左边翅片清楚,薄霜均匀,打勾;右边被厚冰包住,风吹不过去,打叉。",
    )
    for left, iced in ((30, False), (260, True)):
        fins(sheet, left, 70, 190, 130)
        coil(sheet, left + 12, 90, 166, 90, 3, stroke=BLUE)
        if iced:
            sheet.path(
                f"M{left - 8} 60c20 -16 40 4 60 -6s50 -10 70 2s50 -12 76 6c10 40 -8 60 4 90s2 40 -8 58c-30 14 -50 -6 -80 6s-60 -10 -80 0s-30 0 -42 -6c-8 -40 8 -60 -4 -90s-4 -40 4 -60Z",
                BLUE,
                "#e8f2fd",
                4,
            )
            for x, h in ((20, 26), (60, 40), (100, 22), (150, 34)):
                sheet.shape((left + x - 8, 214), (left + x + 8, 214), (left + x, 214 + h), stroke=BLUE, fill=BLUE_PALE)
        else:
            for x in range(left + 20, left + 190, 38):
                sheet.arrow((x, 246), (x, 214), stroke=BLUE, width=3)
    tick(sheet, 125, 286, 1.2)
    cross(sheet, 355, 286, 1.2)
    for x in (300, 340, 380, 420):
        sheet.path(f"M{x} 52c-6 -10 6 -16 0 -26", RED, width=3)
    sheet.mark(60, 52, "风能穿过:正常")
    sheet.mark(355, 130, "厚冰堵风:要化霜")
    return sheet


def defrost_heater() -> Sheet:
    """Heating element, termination thermostat, safety fuse of the evaporator."""
    sheet = Sheet(
        "defrost-heater",
        "化霜加热部件位置",
        "蒸发器背面:底部一根发卡形化霜加热管,两端接线;上部管子上卡着化霜终止温控器,旁边是安全温控器(熔断器)。",
    )
    fins(sheet, 50, 40, 300, 180)
    coil(sheet, 70, 60, 260, 120, 4, stroke=BLUE)
    heater(sheet, 80, 236, 250)
    for x, letter in ((250, "T"), (304, "F")):
        sheet.box(x - 18, 46, 36, 30, fill=WHITE)
        sheet.word(x, 61, letter, size=17)
    sheet.line((250, 46), (250, 20), (400, 20), (400, 120), width=3)
    sheet.line((304, 46), (304, 30), (386, 30), (386, 120), width=3)
    sheet.box(372, 120, 44, 60, fill=SOFT)
    sheet.line((64, 236), (40, 236), (40, 300), (394, 300), (394, 180), width=3)
    heat_danger(sheet, 436, 246)
    bolt_danger(sheet, 444, 60)
    spot(sheet, 72, 248, 26)
    sheet.mark(220, 272, "化霜加热管:断电量通断")
    sheet.mark(250, 98, "化霜终止温控器 T")
    sheet.mark(318, 98, "安全温控器 F")
    sheet.mark(372, 206, "接线端子")
    return sheet


def sensor() -> Sheet:
    """Sensor of the thermostat in its clip."""
    sheet = Sheet(
        "thermostat-sensor",
        "感温头位置",
        "柜内侧壁上的感温头:左图感温头牢牢卡在卡子里,打勾;右图感温头脱落悬空,打叉。",
    )
    for left, loose in ((20, False), (250, True)):
        sheet.box(left, 40, 210, 220, fill=PALE)
        for level in (90, 150, 210):
            sheet.line((left + 10, level), (left + 130, level), stroke=SOFT, width=5)
        sheet.box(left + 150, 96, 26, 12, fill=SOFT)
        sheet.box(left + 150, 136, 26, 12, fill=SOFT)
        sheet.path(f"M{left + 163} 40V{84}", INK, width=4)
        if loose:
            sheet.path(f"M{left + 163} 84C{left + 163} 120 {left + 110} 120 {left + 96} 170", INK, width=4)
            sheet.box(left + 84, 168, 20, 50, fill=BLUE_PALE, stroke=RED, r=9, width=4)
        else:
            sheet.box(left + 153, 84, 20, 66, fill=BLUE_PALE, stroke=BLUE, r=9)
            spot(sheet, left + 163, 118, 46)
    tick(sheet, 125, 288, 1.2)
    cross(sheet, 355, 288, 1.2)
    hand(sheet, 396, 138)
    sheet.mark(136, 70, "卡紧在卡子里")
    sheet.mark(310, 196, "脱落:重新卡回")
    return sheet


def door_seal() -> Sheet:
    """Paper test of a door seal."""
    sheet = Sheet(
        "door-seal-paper",
        "门封夹纸试验",
        "冷柜门夹着一张纸,手向外拉:拉不动说明门封严密;四个角和四条边都要试。",
    )
    sheet.box(60, 24, 170, 270, fill=PALE)
    sheet.box(76, 40, 138, 238, fill=WHITE, stroke=GREEN, r=10, width=7)
    sheet.box(196, 120, 12, 70, fill=INK)
    sheet.shape((226, 130), (330, 118), (334, 172), (226, 184), fill="#fffbe6")
    hand(sheet, 326, 148)
    sheet.arrow((350, 112), (410, 104), stroke=GREEN, width=5, head=16)
    for x, y in ((76, 40), (214, 40), (76, 278), (214, 278)):
        spot(sheet, x, y, 17)
    sheet.path("M300 232c12 -10 24 8 36 -2s24 8 36 -2", RED, width=5)
    sheet.path("M300 252h72", INK, width=5)
    sheet.path("M330 226l14 26", RED, width=3)
    cross(sheet, 404, 240)
    sheet.mark(145, 159, "门封条一圈")
    sheet.mark(286, 98, "纸条拉不动:严")
    sheet.mark(336, 276, "裂口、变形:更换")
    return sheet


def drain() -> Sheet:
    """Drain of a cabinet."""
    sheet = Sheet(
        "drain-hole",
        "排水孔疏通",
        "冷柜后壁剖面:化霜水流到接水槽,经排水孔和排水管流到底部蒸发盘;排水孔被堵处用软管和温水疏通。",
    )
    sheet.box(60, 20, 220, 250, fill=PALE)
    sheet.box(80, 36, 130, 170, fill=WHITE)
    fins(sheet, 222, 50, 40, 110, gap=8)
    sheet.shape((212, 176), (272, 176), (252, 196), (232, 196), fill=BLUE_PALE, stroke=BLUE)
    sheet.pipe((242, 196), (242, 288), (300, 288), stroke=BLUE, inside=BLUE_PALE)
    sheet.disc(242, 206, 9, fill="#8a7f70", stroke="#8a7f70")
    sheet.box(300, 280, 110, 24, fill=BLUE_PALE, stroke=BLUE)
    for y in (166, 150):
        drop(sheet, 242, y, 5)
    sheet.path("M430 60C380 60 330 110 262 190", GREEN, width=6)
    sheet.box(426, 30, 34, 58, fill=BLUE_PALE, stroke=BLUE, r=8)
    hand(sheet, 352, 122)
    spot(sheet, 242, 206, 26)
    sheet.mark(196, 186, "接水槽")
    sheet.mark(286, 222, "排水孔:最易堵")
    sheet.mark(356, 262, "底部蒸发盘")
    sheet.mark(408, 110, "温水和软管")
    return sheet


def gauges() -> Sheet:
    """Manifold gauge set."""
    sheet = Sheet(
        "pressure-gauges",
        "压力表组连接",
        "压力表组:左边蓝色低压表接粗的回气管,右边红色高压表接细的排气管,中间黄色软管接真空泵或钢瓶。",
    )
    sheet.box(130, 130, 220, 46, fill=SOFT)
    gauge(sheet, 175, 76, 52, 0.4, rim=BLUE)
    gauge(sheet, 305, 76, 52, 0.55, rim=RED)
    for x, ink in ((112, BLUE), (368, RED)):
        sheet.disc(x, 153, 18, fill=ink, stroke=ink)
    sheet.path("M170 176C170 250 110 230 96 268", BLUE, width=7)
    sheet.path("M310 176C310 250 370 230 384 268", RED, width=7)
    sheet.path("M240 176V262", "#d9a400", width=7)
    sheet.pipe((30, 284), (160, 284), stroke=BLUE, inside=BLUE_PALE, bore=16)
    sheet.pipe((330, 284), (450, 284), stroke=RED, inside=HEAT_PALE, bore=8)
    sheet.box(218, 262, 44, 46, fill="#fdeec6")
    sheet.mark(96, 96, "低压表(蓝)")
    sheet.mark(396, 96, "高压表(红)")
    sheet.mark(52, 254, "回气管(粗)")
    sheet.mark(428, 254, "排气管(细)")
    sheet.mark(282, 222, "中间黄管:泵或钢瓶")
    return sheet


def pressure_switch() -> Sheet:
    """High-pressure switch with its reset button."""
    sheet = Sheet(
        "pressure-switch",
        "高压开关复位",
        "高压压力开关:铜毛细管接排气管,顶上红色按钮是手动复位;查清原因后只按一次,仍跳就不再按。",
    )
    sheet.box(140, 90, 150, 130, fill=PALE)
    sheet.box(192, 60, 46, 30, fill=RED, stroke=INK)
    sheet.arrow((215, 14), (215, 54), stroke=GREEN, width=6, head=18)
    sheet.pipe((215, 220), (215, 284), (420, 284), stroke=HEAT, inside=HEAT_PALE)
    for x in (168, 262):
        screw(sheet, x, 112)
    gauge(sheet, 215, 160, 38, 0.85)
    sheet.path("M290 180c40 0 50 20 70 20", INK, width=5)
    hand(sheet, 240, 62)
    sheet.word(360, 120, "1×", size=34, fill=GREEN)
    sheet.word(430, 120, "2×", size=34, fill=RED)
    tick(sheet, 360, 164)
    cross(sheet, 430, 164)
    sheet.mark(170, 62, "红色复位钮")
    sheet.mark(118, 170, "压力过高时跳开")
    sheet.mark(330, 256, "接排气管")
    return sheet


def sheets() -> Iterator[Sheet]:
    """Yield the drawings of this file."""
    yield from (circuit(), compressor(), terminals(), condenser(), condenser_fan(), evaporator_ice())
    yield from (defrost_heater(), sensor(), door_seal(), drain(), gauges(), pressure_switch())
