"""A road is drawn with everything people typed escaped, cut to what fits, and read out whole."""

from portal.ui.charts import NOTE_LENGTH, Stop, road_chart


def test_a_road_escapes_cuts_and_reads_out_whole():
    long = "到总公司培训中心参加" * 4
    drawn = road_chart("路线", [Stop("<b>甲</b>", long, "done"), Stop("乙", state="next")])
    assert "<b>" not in drawn
    assert f"{long[: NOTE_LENGTH - 1]}…" in drawn
    assert f": {long}</title>" in drawn
    assert drawn.count("<circle") == 2
    assert drawn.count("<line") == 1
    assert "road__mark--done" in drawn
    assert "style=" not in drawn


def test_no_stops_draw_nothing():
    assert road_chart("路线", []) == ""
