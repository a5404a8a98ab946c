"""Drawings of dishwashers, extraction, lifts and mixers, of rooms with their parts, and of wiring."""

from collections.abc import Iterator, Sequence

from portal.demo.drawings.canvas import BLUE, BLUE_PALE, GREEN, HEAT, INK, PALE, RED, RED_PALE, SOFT, WHITE, Sheet
from portal.demo.drawings.symbols import (
    bolt_danger,
    cross,
    drop,
    fan,
    fins,
    hand,
    heat_danger,
    heater,
    meter,
    padlock,
    spot,
    switch_lever,
    tick,
    turning_danger,
)


def cold_room() -> Sheet:
    """Positions in a cold room."""
    sheet = Sheet(
        "coldroom-positions",
        "冷库部件位置",
        "冷库剖面:左边是库门和门封,库内顶上是冷风机,墙上是温度传感器,地面有地漏;右边室外是压缩冷凝机组,门旁是控制箱。",
    )
    sheet.box(60, 50, 270, 230, fill=BLUE_PALE, width=8)
    sheet.box(52, 110, 20, 168, fill=WHITE, stroke=GREEN, width=5)
    sheet.box(180, 66, 130, 62, fill=WHITE)
    for x in (214, 276):
        fan(sheet, x, 97, 20)
    for x in (210, 250):
        sheet.arrow((x, 140), (x - 30, 176), stroke=BLUE, width=4, head=14)
    sheet.box(104, 92, 16, 34, fill=WHITE, stroke=RED)
    sheet.box(8, 120, 36, 56, fill=PALE)
    sheet.box(13, 128, 26, 14, fill=INK)
    sheet.line((200, 280), (260, 280), width=10, stroke=SOFT)
    for x in (206, 218, 230, 242, 254):
        sheet.line((x, 274), (x, 288), width=3)
    sheet.pipe((310, 100), (400, 100), (400, 170), stroke=BLUE, inside=BLUE_PALE)
    sheet.box(356, 170, 110, 110, fill=PALE)
    fan(sheet, 411, 222, 34)
    turning_danger(sheet, 446, 40, 20)
    bolt_danger(sheet, 26, 80, 18)
    sheet.mark(92, 206, "库门、门封条")
    sheet.mark(244, 48, "冷风机(蒸发器)")
    sheet.mark(138, 110, "温度传感器")
    sheet.mark(26, 200, "控制箱")
    sheet.mark(230, 254, "地漏、排水")
    sheet.mark(356, 156, "压缩冷凝机组(室外)")
    return sheet


def freezer() -> Sheet:
    """Positions in an upright cabinet."""
    sheet = Sheet(
        "freezer-positions",
        "立式冷柜部件位置",
        "立式冷柜正面图:上部机仓里是压缩机和冷凝器,中部是温控显示,门周边是门封,底部是排水盘。",
    )
    sheet.box(120, 14, 240, 290, fill=PALE)
    fins(sheet, 136, 26, 110, 54, gap=8)
    sheet.path("M268 80V54c0 -28 70 -28 70 0v26Z", INK, SOFT, 3)
    sheet.box(120, 88, 240, 24, fill=SOFT)
    sheet.box(210, 92, 60, 16, fill=INK)
    sheet.word(240, 100, "-18", size=12, fill="#d8f3e6")
    for x in (130, 244):
        sheet.box(x, 120, 106, 160, fill=WHITE, stroke=GREEN, width=5)
    for x in (222, 252):
        sheet.box(x, 180, 7, 46, fill=INK)
    sheet.box(140, 288, 200, 12, fill=BLUE_PALE, stroke=BLUE)
    sheet.mark(190, 54, "冷凝器:定期清灰")
    sheet.mark(378, 62, "压缩机")
    sheet.mark(292, 100, "温控显示")
    sheet.mark(140, 200, "门封条")
    sheet.mark(370, 292, "蒸发盘")
    return sheet


def dishwasher() -> Sheet:
    """Positions in a hood dishwasher."""
    sheet = Sheet(
        "dishwasher-positions",
        "洗碗机部件位置",
        "提拉式洗碗机剖面:上下喷臂在洗涤室内,底部是滤网和水槽,右下是排水泵,左下是洗涤泵,背面是漂洗锅炉。",
    )
    sheet.box(90, 20, 260, 130, fill=PALE)
    sheet.box(90, 150, 260, 80, fill=BLUE_PALE)
    sheet.box(90, 230, 260, 70, fill=PALE)
    for y in (44, 138):
        sheet.line((140, y), (300, y), width=9, stroke="#8fa0a8")
        for x in (150, 190, 250, 290):
            sheet.line((x, y + (8 if y < 100 else -8)), (x, y + (20 if y < 100 else -20)), stroke=BLUE, width=3)
    for x in (170, 206, 242, 278):
        sheet.oval(x, 92, 7, 24, fill=WHITE)
    sheet.shape((150, 160), (290, 160), (240, 200), (200, 200), fill=WHITE)
    for x in range(170, 275, 13):
        sheet.line((x, 164), (x + (220 - x) * 0.3, 196), width=1.4)
    sheet.disc(140, 262, 24, fill=SOFT)
    sheet.disc(300, 262, 24, fill=SOFT)
    sheet.pipe((324, 262), (410, 262), (410, 180), (450, 180), stroke=BLUE, inside=BLUE_PALE)
    sheet.box(20, 120, 50, 100, fill=SOFT)
    sheet.line((45, 140), (45, 200), stroke=HEAT, width=5)
    heat_danger(sheet, 44, 70, 22)
    sheet.mark(330, 54, "上喷臂")
    sheet.mark(330, 126, "下喷臂")
    sheet.mark(220, 216, "滤网、水槽")
    sheet.mark(140, 262, "洗涤泵")
    sheet.mark(300, 262, "排水泵")
    sheet.mark(44, 246, "漂洗锅炉")
    return sheet


def pump() -> Sheet:
    """Drain pump opened."""
    sheet = Sheet(
        "drain-pump",
        "排水泵叶轮清理",
        "拆开的排水泵:左边泵盖,右边叶轮上缠着异物,断电后取出,用手拨叶轮应转动灵活。",
    )
    sheet.disc(110, 160, 70, fill=SOFT)
    sheet.pipe((110, 90), (110, 20), stroke=BLUE, inside=BLUE_PALE, bore=22)
    for x, y in ((62, 112), (158, 112), (62, 208), (158, 208)):
        sheet.disc(x, y, 7, fill=WHITE)
    sheet.arrow((190, 160), (224, 160), stroke=GREEN, width=5, head=16)
    sheet.disc(320, 160, 84, fill=PALE)
    for step in range(6):
        sheet.shapes.append(f'<g transform="translate(320 160) rotate({60 * step})">')
        sheet.path("M0 -12C10 -30 18 -46 10 -66", INK, width=7)
        sheet.shapes.append("</g>")
    sheet.disc(320, 160, 16, fill=INK)
    sheet.path("M286 124c24 -14 30 20 52 6s30 20 10 34s-40 4 -30 30", RED, width=6)
    hand(sheet, 366, 178)
    padlock(sheet, 380, 40)
    for y in (256, 286):
        drop(sheet, 110, y, 7)
    sheet.mark(110, 160, "泵盖")
    sheet.mark(282, 98, "缠住的异物:取出")
    sheet.mark(272, 226, "叶轮:转得动")
    sheet.mark(372, 116, "断电挂牌")
    return sheet


def drain_hose() -> Sheet:
    """Drain hose right and wrong."""
    sheet = Sheet(
        "drain-hose",
        "排水管走向",
        "左图排水管平顺、高度不超过 80 厘米,打勾;右图排水管打折并过高,排不出水,打叉。",
    )
    for left, wrong in ((14, False), (250, True)):
        sheet.box(left, 120, 100, 150, fill=PALE)
        sheet.line((left, 272), (left + 216, 272), width=5)
        if wrong:
            sheet.path(f"M{left + 100} 240H{left + 130}V60H{left + 180}V250", INK, width=14)
            sheet.path(f"M{left + 100} 240H{left + 130}V60H{left + 180}V250", BLUE_PALE, width=8)
            sheet.shape((left + 118, 150), (left + 142, 158), (left + 118, 166), stroke=RED, fill=RED)
        else:
            sheet.path(
                f"M{left + 100} 240C{left + 150} 240 {left + 130} 170 {left + 160} 170S{left + 184} 200 {left + 184} 256",
                INK,
                width=14,
            )
            sheet.path(
                f"M{left + 100} 240C{left + 150} 240 {left + 130} 170 {left + 160} 170S{left + 184} 200 {left + 184} 256",
                BLUE_PALE,
                width=8,
            )
        sheet.box(left + 166, 250, 40, 20, fill=SOFT)
    sheet.line((134, 150), (228, 150), stroke=GREEN, dash="7 5")
    sheet.arrow((222, 260), (222, 156), stroke=GREEN, width=3)
    sheet.word(168, 132, "≤ 80 cm", size=17, fill=GREEN)
    tick(sheet, 60, 70, 1.3)
    cross(sheet, 300, 70, 1.3)
    sheet.mark(128, 206, "平顺")
    sheet.mark(410, 112, "打折、过高")
    sheet.mark(428, 234, "下水口不堵")
    return sheet


def hood() -> Sheet:
    """Extraction with its parts."""
    sheet = Sheet(
        "exhaust-hood",
        "抽排系统部件位置",
        "抽排系统:灶上是烟罩和油网,风管上有防火阀,接静电净化器,再到风机排出;箭头是烟的走向。",
    )
    sheet.shape((40, 190), (190, 190), (160, 140), (70, 140), fill=PALE)
    for x in range(56, 180, 16):
        sheet.line((x, 182), (x + 8, 150), width=2)
    sheet.pipe((115, 140), (115, 70), (200, 70), inside=PALE, bore=30)
    sheet.box(146, 50, 22, 40, fill=RED_PALE, stroke=RED)
    sheet.box(200, 34, 110, 72, fill=SOFT)
    for x in range(216, 304, 14):
        sheet.line((x, 44), (x, 96), width=3)
    sheet.pipe((310, 70), (350, 70), inside=PALE, bore=30)
    sheet.disc(392, 80, 46, fill=PALE)
    fan(sheet, 392, 80, 32)
    sheet.shape((392, 34), (450, 34), (450, 60), (430, 60), fill=PALE)
    sheet.arrow((440, 24), (472, 24), width=4)
    sheet.box(60, 240, 110, 60, fill=SOFT)
    for x in (90, 115, 140):
        sheet.path(f"M{x} 234c-8 -10 8 -16 0 -28", INK, width=3)
    sheet.arrow((90, 74), (130, 74), stroke=HEAT, width=4)
    bolt_danger(sheet, 256, 136, 20)
    turning_danger(sheet, 392, 156, 20)
    sheet.mark(200, 172, "烟罩、油网:每天清洗")
    sheet.mark(156, 110, "防火阀:要打开")
    sheet.mark(256, 20, "静电净化器")
    sheet.mark(336, 116, "风机")
    return sheet


def belt() -> Sheet:
    """Belt tension."""
    sheet = Sheet(
        "fan-belt",
        "皮带松紧检查",
        "两个皮带轮之间,用拇指压皮带中部,压下约 10 毫米为合适;太松打滑,太紧伤轴承;断电挂牌后检查。",
    )
    sheet.disc(110, 190, 78, fill=PALE)
    sheet.disc(370, 190, 50, fill=PALE)
    sheet.path("M105 108L240 130L372 136M100 272L374 244", INK, width=9)
    sheet.path("M105 108A82 82 0 0 0 100 272", INK, width=9)
    sheet.path("M372 136A54 54 0 0 1 374 244", INK, width=9)
    sheet.line((105, 108), (372, 136), stroke=GREEN, dash="7 5")
    sheet.disc(110, 190, 12, fill=INK)
    sheet.disc(370, 190, 12, fill=INK)
    sheet.arrow((240, 66), (240, 118), stroke=GREEN, width=6, head=18)
    sheet.word(300, 82, "10 mm", size=24, fill=GREEN)
    padlock(sheet, 380, 40)
    turning_danger(sheet, 240, 214)
    sheet.mark(196, 82, "拇指压中部")
    sheet.mark(110, 236, "风机轮")
    sheet.mark(370, 214, "电机轮")
    return sheet


def rotation() -> Sheet:
    """Direction of a fan and how two phases are swapped."""
    sheet = Sheet(
        "fan-rotation",
        "风机转向与相序",
        "左图风机按外壳箭头方向转,打勾;右图反转,打叉:由持证电工断电后对调任意两根相线。",
    )
    for left, wrong in ((110, False), (340, True)):
        sheet.disc(left, 120, 76, fill=WHITE)
        fan(sheet, left, 120, 46, frame=False)
        sheet.turning(left, 120, 62, stroke=RED if wrong else GREEN, clockwise=not wrong)
    tick(sheet, 30, 40, 1.2)
    cross(sheet, 436, 40, 1.2)
    for place, letter in enumerate("UVW"):
        x = 290 + 50 * place
        sheet.word(x, 300, letter, size=18)
        sheet.disc(x, 278, 7, fill=INK)
    for place, letter in enumerate(("L1", "L2", "L3")):
        sheet.word(290 + 50 * place, 216, letter, size=15)
    sheet.path("M290 228C290 250 340 250 340 272", RED, width=5)
    sheet.path("M340 228C340 250 290 250 290 272", RED, width=5)
    sheet.line((390, 228), (390, 272), width=5)
    bolt_danger(sheet, 440, 250)
    sheet.mark(200, 60, "与箭头同向")
    sheet.mark(250, 250, "对调两根相线")
    return sheet


def lock() -> Sheet:
    """Door lock of a dumb waiter."""
    sheet = Sheet(
        "lift-door-lock",
        "传菜梯门锁",
        "层门锁:锁钩要插入锁扣 7 毫米以上,触点压合后电梯才能运行;绝不短接门锁。",
    )
    sheet.box(40, 40, 130, 240, fill=PALE)
    sheet.box(310, 40, 130, 240, fill=PALE)
    sheet.path("M170 140H270V176H250V160H170Z", INK, SOFT, 3)
    sheet.box(240, 176, 70, 26, fill=SOFT)
    sheet.line((250, 160), (250, 196), stroke=GREEN, width=4)
    sheet.word(214, 192, "≥7", size=20, fill=GREEN)
    sheet.box(200, 66, 90, 50, fill=WHITE)
    sheet.disc(226, 92, 8, fill="#b87333")
    sheet.disc(264, 92, 8, fill="#b87333")
    sheet.line((226, 104), (264, 104), stroke="#b87333", width=6)
    sheet.line((245, 116), (245, 140), width=5)
    sheet.path("M216 92C206 20 284 20 274 92", RED, width=5)
    cross(sheet, 245, 36, 1)
    bolt_danger(sheet, 420, 30, 20)
    hand(sheet, 262, 206)
    sheet.mark(310, 92, "触点:擦净,不许短接")
    sheet.mark(200, 150, "锁钩")
    sheet.mark(336, 190, "锁扣")
    return sheet


def mixer() -> Sheet:
    """Mixer with its safety devices."""
    sheet = Sheet(
        "mixer-positions",
        "搅拌机安全部件",
        "搅拌机侧面图:红色急停按钮在机头侧面,料缸前有安全罩,罩边微动开关,料缸要升到位并锁紧。",
    )
    sheet.shape(
        (60, 300),
        (60, 270),
        (130, 250),
        (130, 60),
        (330, 40),
        (350, 110),
        (200, 120),
        (200, 250),
        (380, 270),
        (380, 300),
        fill=PALE,
    )
    sheet.shape((230, 160), (370, 160), (350, 240), (250, 240), fill=SOFT)
    sheet.line((300, 110), (300, 160), width=9)
    sheet.path("M300 150C262 170 270 222 300 228C330 222 338 170 300 150", INK, width=5)
    sheet.path("M226 156C226 116 374 116 374 156", GREEN, width=4, dash="8 5")
    sheet.disc(170, 92, 20, fill="#f4c542")
    sheet.disc(170, 92, 13, fill=RED)
    sheet.box(206, 130, 20, 26, fill=WHITE, stroke=RED)
    sheet.line((200, 210), (250, 210), width=8)
    turning_danger(sheet, 430, 60)
    hand(sheet, 178, 96, mirror=True)
    spot(sheet, 216, 143, 24)
    sheet.mark(150, 58, "急停:拍下即停")
    sheet.mark(396, 142, "安全罩")
    sheet.mark(254, 180, "微动开关")
    sheet.mark(172, 226, "料缸升到位、锁紧")
    return sheet


def lockout() -> Sheet:
    """Switch off, lock, test."""
    sheet = Sheet(
        "lockout",
        "断电、验电、挂牌",
        "三步:拉下开关;挂上锁和禁止合闸牌;用万用表在端子上量,确认没有电再动手。",
    )
    for x in (8, 166, 324):
        sheet.box(x, 20, 148, 280, r=8)
    switch_lever(sheet, 60, 90, is_on=False)
    hand(sheet, 84, 150)
    sheet.arrow((40, 96), (40, 176), stroke=GREEN, width=6, head=18)
    switch_lever(sheet, 186, 90, is_on=False)
    padlock(sheet, 196, 196)
    meter(sheet, 342, 60, "0 V")
    for place, letter in enumerate("LN"):
        sheet.disc(368 + 60 * place, 244, 14, fill=SOFT)
        sheet.word(368 + 60 * place, 274, letter, size=16)
    sheet.path("M360 152V230", RED, width=4)
    sheet.path("M388 152C388 200 428 180 428 230", INK, width=4)
    tick(sheet, 440, 100, 1.2)
    bolt_danger(sheet, 440, 160, 20)
    sheet.mark(30, 44, "拉下开关")
    sheet.mark(188, 44, "上锁挂牌")
    sheet.mark(450, 44, "验电:0 伏")
    return sheet


def contactor() -> Sheet:
    """Contactor with burnt contacts."""
    sheet = Sheet(
        "contactor",
        "接触器检查",
        "接触器正面:上端 L1 L2 L3 进线,下端 T1 T2 T3 出线,侧面 A1 A2 是线圈;中间一组触点烧黑粘连,要更换。",
    )
    sheet.box(110, 50, 220, 220, fill=PALE)
    for place in range(3):
        x = 150 + 70 * place
        for y in (72, 248):
            sheet.disc(x, y, 14, fill=SOFT)
            sheet.line((x - 8, y), (x + 8, y), width=3)
        sheet.word(x, 36, f"L{place + 1}", size=17)
        sheet.word(x, 290, f"T{place + 1}", size=17)
        burnt = place == 1
        sheet.line((x, 90), (x, 136), width=6)
        sheet.line((x, 184), (x, 230), width=6)
        if burnt:
            sheet.line((x, 136), (x, 184), stroke=RED, width=12)
            sheet.disc(x, 160, 20, fill=INK, stroke=RED, width=4)
        else:
            sheet.line((x, 184), (x + 20, 140), width=6)
    for y, letter in ((116, "A1"), (204, "A2")):
        sheet.box(330, y - 14, 30, 28, fill=SOFT)
        sheet.word(386, y, letter, size=18)
    spot(sheet, 346, 160, 70)
    cross(sheet, 66, 160, 1.2)
    bolt_danger(sheet, 440, 60, 28)
    sheet.mark(252, 196, "触点烧黑粘连:更换")
    sheet.mark(430, 160, "线圈 A1–A2")
    return sheet


def _diagram(sheet: Sheet, branches: Sequence[Sequence[tuple[str, float]]]) -> None:
    """Two rails, L on the left and N on the right, and a branch a row: letters in boxes at places along it."""
    last = 84 + 62 * (len(branches) - 1)
    sheet.line((40, 40), (40, last), stroke=RED, width=4)
    sheet.line((440, 40), (440, last), stroke=BLUE, width=4)
    sheet.word(40, 22, "L", size=20, fill=RED)
    sheet.word(440, 22, "N", size=20, fill=BLUE)
    for row, branch in enumerate(branches):
        y = 84 + 62 * row
        sheet.line((40, y), (440, y))
        for letter, x in branch:
            if letter == "S":
                sheet.box(x - 24, y - 6, 48, 12, fill=WHITE, stroke=WHITE)
                sheet.line((x - 22, y), (x + 18, y - 18), width=3)
                for end in (x - 22, x + 22):
                    sheet.disc(end, y, 4, fill=INK)
            elif letter in ("M", "C"):
                sheet.disc(x, y, 22, fill=WHITE)
                sheet.word(x, y, letter, size=18)
            elif letter == "H":
                sheet.box(x - 34, y - 14, 68, 28, fill=WHITE, stroke=HEAT)
                sheet.line(
                    (x - 28, y),
                    *((x - 20 + 8 * step, y + (8 if step % 2 else -8)) for step in range(6)),
                    (x + 28, y),
                    stroke=HEAT,
                )
            elif letter == "X":
                sheet.disc(x, y, 16, fill=WHITE)
                sheet.line((x - 11, y - 11), (x + 11, y + 11))
                sheet.line((x - 11, y + 11), (x + 11, y - 11))
            else:
                sheet.box(x - 26, y - 16, 52, 32, fill=PALE)
                sheet.word(x, y, letter, size=15)


def wiring_freezer() -> Sheet:
    """Wiring of a plain refrigerator."""
    sheet = Sheet(
        "wiring-freezer",
        "冷柜电路图",
        "冷柜电路图:火线 L 到零线 N 之间三条支路:温控器、过载保护器和压缩机串联;冷凝风机与压缩机并联;门灯由门开关控制。",
    )
    _diagram(sheet, [[("S", 110), ("OL", 200), ("C", 320)], [("M", 320)], [("S", 110), ("X", 320)]])
    sheet.line((150, 84), (150, 146), width=3)
    sheet.line((46, 146), (148, 146), stroke=WHITE, width=5)
    bolt_danger(sheet, 66, 280)
    sheet.mark(110, 48, "温控器")
    sheet.mark(200, 50, "过载保护器")
    sheet.mark(366, 60, "压缩机")
    sheet.mark(366, 124, "冷凝风机")
    sheet.mark(110, 244, "门开关")
    sheet.mark(366, 232, "柜内灯")
    return sheet


def wiring_defrost() -> Sheet:
    """Wiring of an automatic defrost."""
    sheet = Sheet(
        "wiring-defrost",
        "自动化霜电路图",
        "化霜电路图:化霜定时器在制冷与化霜之间切换;化霜支路串联终止温控器、熔断器和加热管;制冷支路接压缩机和蒸发风机。",
    )
    _diagram(sheet, [[("DT", 100), ("C", 340)], [("M", 340)], [("T", 170), ("F", 250), ("H", 350)]])
    sheet.line((160, 84), (160, 146), width=3)
    sheet.line((46, 146), (158, 146), stroke=WHITE, width=5)
    sheet.line((46, 208), (98, 208), stroke=WHITE, width=5)
    sheet.line((100, 100), (100, 208), (144, 208), width=3)
    bolt_danger(sheet, 66, 286)
    heat_danger(sheet, 400, 286)
    sheet.mark(100, 48, "化霜定时器")
    sheet.mark(340, 42, "压缩机")
    sheet.mark(390, 124, "蒸发风机")
    sheet.mark(170, 246, "终止温控器")
    sheet.mark(250, 246, "熔断器")
    sheet.mark(350, 246, "加热管")
    return sheet


def wiring_heater() -> Sheet:
    """Wiring of a heated appliance."""
    sheet = Sheet(
        "wiring-heater",
        "电热设备电路图",
        "电热设备电路图:控制支路为温控器、超温保护器和接触器线圈;接触器触点闭合后发热管通电;指示灯与发热管并联。",
    )
    _diagram(sheet, [[("S", 110), ("TH", 210), ("A1", 320)], [("S", 160), ("H", 320)], [("X", 320)]])
    sheet.line((240, 146), (240, 208), width=3)
    sheet.line((46, 208), (238, 208), stroke=WHITE, width=5)
    bolt_danger(sheet, 66, 280)
    sheet.mark(110, 48, "温控器")
    sheet.mark(210, 50, "超温保护")
    sheet.mark(376, 64, "接触器线圈")
    sheet.mark(160, 176, "接触器触点")
    sheet.mark(384, 166, "发热管")
    sheet.mark(356, 232, "指示灯")
    return sheet


def electrostatic() -> Sheet:
    """Cells of an electrostatic cleaner."""
    sheet = Sheet(
        "electrostatic-cell",
        "静电电场清洗",
        "静电电场:极板、电离丝和白色绝缘子;断电放电后抽出,热水和洗涤剂浸洗,完全晾干才装回。",
    )
    sheet.box(50, 50, 220, 200, fill=PALE)
    for x in range(72, 260, 22):
        sheet.line((x, 70), (x, 230), width=4, stroke="#8fa0a8")
    for x in range(83, 250, 44):
        sheet.line((x, 64), (x, 236), width=1.4, stroke=RED)
    for x, y in ((60, 60), (260, 60), (60, 240), (260, 240)):
        sheet.disc(x, y, 12, fill=WHITE)
    sheet.arrow((280, 150), (330, 150), stroke=GREEN, width=6, head=18)
    sheet.box(346, 120, 110, 80, fill=BLUE_PALE, stroke=BLUE)
    for x in (370, 400, 430):
        drop(sheet, x, 100, 6)
    bolt_danger(sheet, 400, 44, 26)
    heater(sheet, 372, 250, 70)
    hand(sheet, 262, 160)
    sheet.mark(150, 150, "极板:无油、不变形")
    sheet.mark(150, 276, "电离丝:不断")
    sheet.mark(30, 90, "绝缘子:不裂")
    sheet.mark(346, 224, "浸洗、晾干")
    return sheet


def sheets() -> Iterator[Sheet]:
    """Yield the drawings of this file."""
    yield from (cold_room(), freezer(), dishwasher(), pump(), drain_hose(), hood(), belt(), rotation(), lock())
    yield from (mixer(), lockout(), contactor(), wiring_freezer(), wiring_defrost(), wiring_heater(), electrostatic())
