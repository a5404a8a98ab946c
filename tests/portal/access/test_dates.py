"""Days and moments, however they are written."""

import datetime as dt
import string
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.access.dates import end_of_day, is_whole_day, parse_day, parse_moment, start_of_day
from portal.errors import ImpossibleDate, ImpossibleMoment

SHANGHAI = ZoneInfo("Asia/Shanghai")
FULL_WIDTH = str.maketrans(string.digits + "-/.:+ T", "０１２３４５６７８９－／．：＋　Ｔ")
DAY = dt.date(2028, 6, 28)

days = st.dates(min_value=dt.date(1, 1, 2), max_value=dt.date(9999, 12, 30))
widths = st.sampled_from([str, lambda text: text.translate(FULL_WIDTH)])
numbers = st.sampled_from(["{0.month}", "{0.month:02}"]), st.sampled_from(["{0.day}", "{0.day:02}"])


@st.composite
def written_days(draw) -> tuple[dt.date, str]:
    """A day and one of the ways to write it."""
    day = draw(days)
    month, number = (draw(part).format(day) for part in numbers)
    pattern = draw(
        st.sampled_from(
            ["{0}-{1}-{2}", "{0}/{1}/{2}", "{0}.{1}.{2}", "{0}年{1}月{2}日", "{0}年{1}月{2}号", "{0} 年 {1} 月 {2} 日"]
        )
    )
    text = pattern.format(f"{day.year:04}", month, number)
    return day, draw(widths)(draw(st.sampled_from(["", " ", "　"])) + text + draw(st.sampled_from(["", " "])))


times = st.times()
zones = st.one_of(
    st.just(("", SHANGHAI)),
    st.just(("Z", dt.UTC)),
    st.just((" 08:00", dt.timezone(dt.timedelta(hours=8)))),
    st.integers(-12 * 60, 14 * 60).map(
        lambda minutes: (
            f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}",
            dt.timezone(dt.timedelta(minutes=minutes)),
        )
    ),
)


@given(written_days())
def test_a_day_is_read_in_every_way_it_is_written(written):
    day, text = written
    assert parse_day(text) == day
    assert is_whole_day(text)
    assert parse_moment(text) == dt.datetime.combine(day, dt.time.max, SHANGHAI)


@given(written_days(), times, zones, st.sampled_from(["T", " ", "t", "　"]), widths)
def test_a_moment_is_a_day_a_time_and_perhaps_a_zone(written, time, zone, between, width):
    day, text = written
    suffix, tzinfo = zone
    read = parse_moment(f"{text.strip()}{between}{width(time.isoformat())}{width(suffix)}")
    assert read == dt.datetime.combine(day, time, tzinfo)
    assert not is_whole_day(f"{text.strip()}{between}{time.isoformat()}")


@given(st.datetimes(min_value=dt.datetime(2, 1, 1), max_value=dt.datetime(9998, 1, 1), timezones=st.timezones()))
def test_what_a_program_writes_is_read_back(moment):
    moment = moment.astimezone(dt.UTC)
    assert parse_moment(moment.isoformat()) == moment
    assert parse_moment(moment.isoformat().replace("+", " ")) == moment
    assert parse_moment(moment.strftime("%Y%m%dT%H%M%SZ").rjust(16, "0")) == moment.replace(microsecond=0)


@given(days, days)
def test_the_order_of_days_is_the_order_of_their_ends(one, other):
    assert (one < other) == (end_of_day(one) < end_of_day(other)) == (start_of_day(one) < start_of_day(other))
    assert start_of_day(one) < end_of_day(one) < start_of_day(one) + dt.timedelta(days=1)


@given(st.text(max_size=30))
def test_noise_is_refused_and_nothing_else_happens(text):
    for read, refusal in ((parse_day, ImpossibleDate), (parse_moment, ImpossibleMoment)):
        with suppress(refusal):
            assert isinstance(read(text), dt.date)


@pytest.mark.parametrize(
    "text",
    [
        *("2028-6-28", "2028/6/28", "2028.6.28", "2028年6月28日", "2028-06-28", "20280628", "2028。6。28"),
        *(
            "２０２８－６－２８",
            "２０２８／６／２８",
            "２０２８．６．２８",
            "２０２８年６月２８日",
            "2028—6—28",
            "2028−6−28",
        ),
    ],
)
def test_days_as_people_type_them(text):
    assert parse_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("2028-02-30", "2028-13-01", "0000-01-01", "28-6-28", "6/28/2028", "28.6.2028", "2028-6", "2028-6/28"),
        *(
            "2028年6月",
            "2028-06-28 08:30",
            "20280628' OR 1=1",
            "2028-W26-3",
            "٢٠٢٨-٦-٢٨",
            "昨天",
            "2028--6-28",
            "2028628",
        ),
    ],
)
def test_what_is_no_day(text):
    with pytest.raises(ImpossibleDate, match="年-月-日"):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2028-6-28 8:30", dt.datetime(2028, 6, 28, 8, 30, tzinfo=SHANGHAI)),
        ("2028年6月28日8:30", dt.datetime(2028, 6, 28, 8, 30, tzinfo=SHANGHAI)),
        ("２０２８／６／２８　１３：０１", dt.datetime(2028, 6, 28, 13, 1, tzinfo=SHANGHAI)),
        ("2028-06-28T13:01:02.5", dt.datetime(2028, 6, 28, 13, 1, 2, 500_000, tzinfo=SHANGHAI)),
        ("2028-06-28T13:01:02,123456789Z", dt.datetime(2028, 6, 28, 13, 1, 2, 123_456, tzinfo=dt.UTC)),
        ("2028-06-28T13:01-0330", dt.datetime(2028, 6, 28, 16, 31, tzinfo=dt.UTC)),
        ("2028-06-28 13:01 +08", dt.datetime(2028, 6, 28, 5, 1, tzinfo=dt.UTC)),
        ("20280628T1301", dt.datetime(2028, 6, 28, 13, 1, tzinfo=SHANGHAI)),
        ("2028-06-28", dt.datetime(2028, 6, 28, 23, 59, 59, 999_999, tzinfo=SHANGHAI)),
    ],
)
def test_moments_as_people_and_programs_write_them(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        *("2028-06-28T24:00", "2028-06-28T8", "2028-06-28T12:60", "2028-06-28T12:00+25:00", "2028-06-28T12:00+08:99"),
        *("2028-06-28 12:00 08", "2028-06-28T", "12:00", "前天", "2026-13-01T00:00:00Z", "0001-01-01T00:00"),
        *("9999-12-31T23:59-08:00", "2028-06-28T12:00:00[Asia/Shanghai]"),
    ],
)
def test_what_is_no_moment(text):
    with pytest.raises(ImpossibleMoment, match="不是有效的时间"):
        parse_moment(text)


@pytest.mark.parametrize("text", [None, "", "  ", "　"])
@time_machine.travel("2028-06-27 17:00:00Z", tick=False)
def test_nothing_means_now_and_today_in_the_organisations_zone(text):
    assert parse_day(text) == DAY
    assert parse_moment(text) == dt.datetime(2028, 6, 27, 17, tzinfo=dt.UTC)
