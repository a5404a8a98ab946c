"""Drawings of gas stoves and of what steams beside them."""

from collections.abc import Iterator

from portal.demo.drawings.canvas import (
    BLUE,
    BLUE_PALE,
    GAS,
    GAS_PALE,
    GREEN,
    HEAT,
    INK,
    PALE,
    RED,
    SOFT,
    WHITE,
    Sheet,
)
from portal.demo.drawings.symbols import (
    bolt_danger,
    cross,
    drop,
    fan,
    flame,
    gas_danger,
    hand,
    heat_danger,
    heater,
    meter,
    person,
    phone,
    spot,
    switch_lever,
    tick,
)


def _burner(sheet: Sheet, x: float, y: float) -> None:
    """A burner from the side; x, y is the middle of its cap."""
    sheet.box(x - 90, y, 180, 26, fill=SOFT)
    sheet.box(x - 60, y + 26, 120, 24, fill=PALE)
    sheet.box(x - 16, y + 50, 32, 60, fill=PALE)
    for step in range(-75, 76, 25):
        sheet.disc(x + step, y + 13, 4, fill=INK)


def burner() -> Sheet:
    """The burner with needle and thermocouple."""
    sheet = Sheet(
        "gas-burner",
        "燃烧器各部件",
        "燃烧器侧面图:上面是火盖和火孔,左侧是点火针,右侧是热电偶,下面是喷嘴和风门。",
    )
    for step in (-75, -40, 0, 40, 75):
        flame(sheet, 230 + step, 120, 64)
    _burner(sheet, 230, 122)
    sheet.line((92, 250), (92, 120), (126, 104), width=6)
    sheet.box(82, 150, 20, 54, fill=WHITE)
    sheet.line((370, 250), (370, 116), (334, 92), stroke="#b87333", width=7)
    sheet.box(204, 232, 52, 34, fill=GAS_PALE, stroke=GAS)
    sheet.pipe((230, 266), (230, 296), (40, 296), stroke=GAS, inside=GAS_PALE)
    sheet.arrow((110, 296), (150, 296), stroke=GAS, width=4)
    gas_danger(sheet, 430, 52)
    sheet.mark(230, 100, "火焰")
    sheet.mark(300, 162, "火盖、火孔")
    sheet.mark(64, 176, "点火针(白色瓷管)")
    sheet.mark(398, 176, "热电偶")
    sheet.mark(282, 250, "喷嘴和风门")
    return sheet


def flames() -> Sheet:
    """Good and bad flames."""
    sheet = Sheet(
        "flame-colours",
        "火焰颜色对比",
        "左边火焰蓝色、短而稳,打勾;右边火焰发黄、长而飘,冒黑烟,打叉。",
    )
    for left, bad in ((120, False), (360, True)):
        for step in (-70, -35, 0, 35, 70):
            if bad:
                flame(sheet, left + step, 170, 104 - abs(step) / 3, stroke="#e08a00", fill="#ffd95c")
            else:
                flame(sheet, left + step, 170, 56)
                flame(sheet, left + step, 170, 28, fill=WHITE)
        _burner(sheet, left, 172)
    for x in (320, 350, 392):
        sheet.path(f"M{x} 56c-14 -14 12 -22 -2 -38", INK, width=4)
    tick(sheet, 50, 56, 1.3)
    cross(sheet, 448, 56, 1.3)
    sheet.mark(120, 92, "蓝火:正常")
    sheet.mark(270, 112, "黄火、黑烟:调风门、清火孔")
    return sheet


def needle() -> Sheet:
    """Gap of the ignition needle."""
    sheet = Sheet(
        "ignition-gap",
        "点火针间隙",
        "点火针尖与火盖边缘之间的距离放大图:3 到 5 毫米,火花打在火盖边上。",
    )
    sheet.box(250, 120, 200, 60, fill=SOFT)
    sheet.box(290, 180, 120, 40, fill=PALE)
    sheet.line((60, 150), (176, 150), width=9)
    sheet.box(40, 132, 90, 36, fill=WHITE)
    sheet.shape((176, 143), (196, 150), (176, 157), fill=INK)
    sheet.line((198, 150), (210, 138), (222, 158), (234, 142), (248, 150), stroke=BLUE, width=4)
    sheet.line((196, 90), (196, 128), stroke=GREEN, width=2)
    sheet.line((250, 90), (250, 128), stroke=GREEN, width=2)
    sheet.arrow((223, 100), (198, 100), stroke=GREEN, width=3)
    sheet.arrow((223, 100), (248, 100), stroke=GREEN, width=3)
    sheet.word(223, 66, "3–5 mm", size=26, fill=GREEN)
    sheet.path("M40 150C10 150 16 260 60 286", INK, width=5)
    gas_danger(sheet, 420, 56)
    hand(sheet, 138, 176)
    sheet.mark(84, 112, "瓷管:无裂纹、无油污")
    sheet.mark(222, 186, "间隙 3～5 毫米")
    sheet.mark(350, 104, "火盖边缘")
    return sheet


def thermocouple() -> Sheet:
    """Flame sensor and its nut."""
    sheet = Sheet(
        "flame-sensor",
        "热电偶(火焰感应)位置",
        "热电偶针头被火焰包住;铜管另一端用螺母接在燃气阀的电磁阀上,用扳手拧紧,再用砂纸擦净针头。",
    )
    flame(sheet, 96, 130, 84)
    flame(sheet, 126, 130, 74)
    sheet.box(40, 130, 120, 24, fill=SOFT)
    sheet.line((190, 170), (190, 110), (110, 92), stroke="#b87333", width=9)
    sheet.path("M190 170C190 270 260 262 312 220", "#b87333", width=6)
    sheet.shape((312, 206), (336, 206), (344, 220), (336, 234), (312, 234), (304, 220), fill=GAS_PALE)
    sheet.box(344, 180, 100, 80, fill=SOFT)
    sheet.disc(394, 180, 26, fill=INK)
    sheet.pipe((444, 220), (476, 220), stroke=GAS, inside=GAS_PALE)
    spot(sheet, 118, 94, 34)
    spot(sheet, 324, 220, 32)
    gas_danger(sheet, 420, 60)
    hand(sheet, 158, 110)
    sheet.mark(60, 48, "针头要烧到火")
    sheet.mark(236, 222, "铜管不能死弯")
    sheet.mark(324, 168, "接头螺母:擦净、拧紧")
    sheet.mark(394, 240, "燃气阀")
    return sheet


def valve() -> Sheet:
    """Angle valve open and shut."""
    sheet = Sheet(
        "gas-valve",
        "燃气阀开与关",
        "左图手柄与管子成一条线,阀是开的;右图手柄横在管子上,阀是关的。闻到气味立即关成右图的样子。",
    )
    for left, shut in ((20, False), (260, True)):
        sheet.pipe((left, 150), (left + 200, 150), stroke=GAS, inside=GAS_PALE, bore=22)
        sheet.box(left + 70, 124, 60, 52, fill=SOFT)
        if shut:
            sheet.box(left + 88, 72, 24, 156, fill=RED, stroke=INK, r=10)
        else:
            sheet.box(left + 30, 138, 140, 24, fill=GREEN, stroke=INK, r=10)
            sheet.arrow((left + 60, 208), (left + 150, 208), stroke=GAS, width=5, head=16)
        sheet.disc(left + 100, 150, 8, fill=INK)
    sheet.word(120, 272, "1", size=32, fill=GREEN)
    sheet.word(360, 272, "0", size=32, fill=RED)
    hand(sheet, 376, 88)
    gas_danger(sheet, 44, 48)
    sheet.mark(120, 108, "顺着管子:开")
    sheet.mark(320, 100, "横着管子:关")
    return sheet


def leak() -> Sheet:
    """What to do when one smells gas."""
    sheet = Sheet(
        "gas-leak",
        "闻到燃气味怎么办",
        "四步:关总阀;开门窗;不开关电器、不点火、不在室内打电话;到室外打电话报修。",
    )
    for x, y in ((8, 8), (244, 8), (8, 164), (244, 164)):
        sheet.box(x, y, 228, 148, r=8)
    sheet.pipe((50, 84), (170, 84), stroke=GAS, inside=GAS_PALE, bore=16)
    sheet.box(100, 44, 20, 80, fill=RED, r=8)
    hand(sheet, 122, 62)
    sheet.box(290, 36, 60, 96, fill=BLUE_PALE)
    sheet.shape((350, 36), (386, 24), (386, 144), (350, 132), fill=WHITE)
    sheet.arrow((400, 84), (456, 84), stroke=GREEN, width=5, head=16)
    switch_lever(sheet, 36, 192, is_on=True)
    flame(sheet, 118, 264, 56, stroke=HEAT, fill="#ffd95c")
    phone(sheet, 156, 212)
    for x in (58, 118, 169):
        cross(sheet, x, 284, 1)
    sheet.box(256, 196, 70, 104, fill=SOFT)
    person(sheet, 382, 296)
    phone(sheet, 404, 224)
    tick(sheet, 448, 200, 1)
    sheet.mark(28, 30, "关总阀")
    sheet.mark(266, 30, "开门窗")
    sheet.mark(214, 186, "不碰开关、不点火、不打电话")
    sheet.mark(340, 186, "到室外打电话")
    return sheet


def hose() -> Sheet:
    """Soap test of a hose."""
    sheet = Sheet(
        "gas-hose",
        "软管接头试漏",
        "燃气软管接头处抹肥皂水,冒泡的地方漏气;软管有裂纹要更换,绝不用火试漏。",
    )
    sheet.pipe((20, 120), (120, 120), stroke=GAS, inside=GAS_PALE, bore=20)
    sheet.box(120, 100, 34, 40, fill=SOFT)
    sheet.path("M154 120C240 120 220 230 300 230", INK, width=24)
    sheet.path("M154 120C240 120 220 230 300 230", "#f4c542", width=17)
    sheet.box(300, 210, 34, 40, fill=SOFT)
    sheet.pipe((334, 230), (460, 230), stroke=GAS, inside=GAS_PALE, bore=20)
    for x, y, r in ((150, 84, 12), (172, 72, 9), (132, 70, 8), (162, 56, 7), (180, 92, 8)):
        sheet.disc(x, y, r, fill=BLUE_PALE, stroke=BLUE)
    sheet.box(48, 20, 54, 22, fill="#f4c542")
    sheet.path("M102 31C130 34 140 60 146 88", GREEN, width=6)
    for x in (214, 224, 234):
        sheet.line((x, 160 + (x - 214) * 1.2), (x + 16, 152 + (x - 214) * 1.2), stroke=RED, width=3)
    flame(sheet, 396, 120, 64, stroke=HEAT, fill="#ffd95c")
    cross(sheet, 432, 132, 1.3)
    sheet.mark(204, 72, "冒泡:漏气")
    sheet.mark(264, 164, "裂纹:更换软管")
    sheet.mark(360, 64, "不许用火试")
    return sheet


def shutter() -> Sheet:
    """Air shutter of a burner."""
    sheet = Sheet(
        "air-shutter",
        "风门调节",
        "燃烧器进气管上的风门片:火发黄时开大,火离焰、呼呼响时关小,调好后拧紧螺丝。",
    )
    sheet.pipe((20, 160), (110, 160), stroke=GAS, inside=GAS_PALE, bore=18)
    sheet.shape((110, 146), (140, 152), (140, 168), (110, 174), fill=GAS_PALE)
    sheet.box(150, 110, 40, 100, fill=SOFT)
    sheet.box(158, 126, 24, 30, fill=INK)
    sheet.shape((190, 124), (300, 124), (330, 96), (330, 224), (300, 196), (190, 196), fill=PALE)
    for y in (70, 250):
        sheet.arrow((120, y), (160, 130 if y < 160 else 190), stroke=BLUE, width=4, head=14)
    sheet.turning(170, 160, 74, stroke=GREEN)
    for step in (0, 30, 60):
        flame(sheet, 350, 150 + step, 44)
    hand(sheet, 186, 216)
    sheet.mark(126, 122, "喷嘴")
    sheet.mark(212, 92, "风门片:开大 / 关小")
    sheet.mark(96, 56, "空气")
    sheet.mark(270, 160, "混合管")
    return sheet


def stove() -> Sheet:
    """Wok stove, positions of its parts."""
    sheet = Sheet(
        "stove-positions",
        "炒灶部件位置",
        "炒灶正面图:台面上是炉膛和摇摆龙头,前面板上是旋钮和点火观察孔,下面柜内是风机、燃气阀和总角阀。",
    )
    sheet.box(40, 120, 400, 40, fill=SOFT)
    sheet.box(40, 160, 400, 130, fill=PALE)
    sheet.oval(150, 118, 80, 22, fill=WHITE)
    sheet.oval(150, 118, 52, 13, fill=INK)
    for step in (-34, 0, 34):
        flame(sheet, 150 + step, 116, 50)
    sheet.line((330, 120), (330, 40), (262, 40), (262, 62), width=8)
    for x in (90, 150, 210):
        sheet.disc(x, 140, 12, fill=INK)
        sheet.line((x, 140), (x, 130), stroke=WHITE, width=3)
    fan(sheet, 110, 226, 36)
    sheet.box(200, 206, 60, 44, fill=SOFT)
    sheet.pipe((260, 228), (350, 228), (350, 300), stroke=GAS, inside=GAS_PALE)
    sheet.box(336, 248, 28, 24, fill=RED)
    sheet.line((350, 236), (350, 284), stroke=INK, width=7)
    sheet.line((146, 226), (200, 226), width=6)
    heat_danger(sheet, 60, 60)
    sheet.mark(150, 50, "炉膛")
    sheet.mark(366, 60, "摇摆龙头")
    sheet.mark(240, 140, "旋钮")
    sheet.mark(110, 276, "鼓风机")
    sheet.mark(230, 272, "燃气阀")
    sheet.mark(396, 260, "总角阀")
    return sheet


def steam() -> Sheet:
    """Steam cabinet."""
    sheet = Sheet(
        "steam-cabinet",
        "蒸饭柜部件位置",
        "蒸饭柜剖面:上面是蒸盘和门,下面水箱里有发热管、水位探针和浮球,侧面是进水阀和溢流管。",
    )
    sheet.box(90, 16, 240, 180, fill=PALE)
    for y in (50, 90, 130, 168):
        sheet.line((108, y), (312, y), stroke=SOFT, width=8)
    sheet.box(90, 196, 240, 98, fill=BLUE_PALE)
    sheet.line((92, 226), (328, 226), stroke=BLUE, width=3)
    heater(sheet, 122, 250, 150)
    for x, y in ((290, 250), (304, 270), (318, 240)):
        sheet.line((x, 196), (x, y), width=4)
    sheet.disc(120, 224, 15, fill="#f4c542")
    sheet.line((120, 224), (70, 214), width=4)
    sheet.pipe((20, 214), (70, 214), stroke=BLUE, inside=BLUE_PALE)
    sheet.box(36, 196, 32, 36, fill=SOFT)
    sheet.pipe((330, 216), (392, 216), (392, 310), stroke=BLUE, inside=BLUE_PALE)
    for x in (150, 210, 270):
        sheet.path(f"M{x} 40c-8 -8 8 -14 0 -22", BLUE, width=3)
    heat_danger(sheet, 392, 60)
    bolt_danger(sheet, 446, 60)
    sheet.mark(52, 172, "进水阀、浮球")
    sheet.mark(210, 276, "发热管")
    sheet.mark(342, 256, "水位探针")
    sheet.mark(420, 250, "溢流管:通下水")
    return sheet


def probe() -> Sheet:
    """Level probe with scale."""
    sheet = Sheet(
        "level-probe",
        "水位探针除垢",
        "左边探针光亮,打勾;右边探针被白色水垢包住,控制器误判水位,打叉,断电放水后擦净。",
    )
    for left, scaled in ((120, False), (340, True)):
        sheet.box(left - 50, 40, 100, 30, fill=SOFT)
        for shift in (-26, 0, 26):
            sheet.line((left + shift, 70), (left + shift, 200 + shift), width=8)
            if scaled:
                x = left + shift
                sheet.path(
                    f"M{x - 9} 110c-8 20 6 30 -4 50s8 30 4 {44 + shift}h20c6 -20 -8 -30 2 -50s-10 -30 -4 -50Z",
                    INK,
                    "#efe7d3",
                    2,
                )
        sheet.path(f"M{left - 80} 168q20 -10 40 0t40 0t40 0t40 0", BLUE, width=4)
    tick(sheet, 120, 276, 1.2)
    cross(sheet, 340, 276, 1.2)
    bolt_danger(sheet, 442, 50)
    hand(sheet, 376, 180)
    sheet.mark(56, 112, "干净:导电")
    sheet.mark(284, 112, "结垢:误报缺水")
    return sheet


def element() -> Sheet:
    """Heating element: insulation measured, scale."""
    sheet = Sheet(
        "heater-element",
        "发热管绝缘测量",
        "发热管拆下两端接线后,用兆欧表一支笔接端子,一支笔接金属外壳,低于 1 兆欧要更换。",
    )
    heater(sheet, 90, 120, 240)
    heater(sheet, 90, 176, 240)
    sheet.box(52, 96, 14, 130, fill=SOFT)
    for x, w in ((150, 60), (240, 70)):
        sheet.path(f"M{x} 108q{w / 2} -12 {w} 0q6 20 0 42q-{w / 2} 10 -{w} 0q-6 -20 0 -42Z", INK, "#efe7d3", 2)
    meter(sheet, 392, 130, "MΩ")
    sheet.path("M406 222C400 300 120 310 72 126", RED, width=4)
    sheet.path("M440 222C450 280 330 290 300 210", INK, width=4)
    spot(sheet, 78, 122, 22)
    spot(sheet, 298, 202, 22)
    bolt_danger(sheet, 420, 70, 28)
    sheet.word(240, 52, "< 1 MΩ", size=26, fill=RED)
    cross(sheet, 316, 52)
    sheet.mark(40, 70, "一支笔接端子")
    sheet.mark(346, 236, "一支笔接外壳")
    sheet.mark(180, 236, "水垢:清除")
    return sheet


def water_valve() -> Sheet:
    """Inlet valve with strainer."""
    sheet = Sheet(
        "water-valve",
        "进水电磁阀和滤网",
        "进水电磁阀:上面是线圈和插片,进水口里有小滤网,关水断电后用钳子取出冲洗。",
    )
    sheet.pipe((20, 200), (130, 200), stroke=BLUE, inside=BLUE_PALE, bore=22)
    sheet.box(220, 170, 120, 60, fill=SOFT)
    sheet.box(240, 90, 80, 80, fill=PALE)
    for x in (262, 298):
        sheet.line((x, 90), (x, 64), width=7)
    sheet.pipe((340, 200), (460, 200), stroke=BLUE, inside=BLUE_PALE, bore=22)
    sheet.shape((160, 184), (204, 176), (204, 224), (160, 216), fill=WHITE)
    for x in (170, 180, 190):
        sheet.line((x, 182), (x, 218), width=1.4)
    for y in (192, 200, 208):
        sheet.line((162, y), (204, y), width=1.4)
    sheet.arrow((60, 160), (110, 160), stroke=BLUE, width=5, head=16)
    hand(sheet, 184, 228)
    bolt_danger(sheet, 390, 80)
    for x in (388, 420):
        drop(sheet, x, 250)
    sheet.mark(150, 160, "滤网:取出冲洗")
    sheet.mark(280, 130, "线圈")
    sheet.mark(280, 44, "插片:插紧")
    return sheet


def sheets() -> Iterator[Sheet]:
    """Yield the drawings of this file."""
    yield from (burner(), flames(), needle(), thermocouple(), valve(), leak(), hose(), shutter(), stove())
    yield from (steam(), probe(), element(), water_valve())
