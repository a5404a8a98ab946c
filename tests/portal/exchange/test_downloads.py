"""Names of downloads: in the reader's language, readable for old programs, harmless in a header."""

import re
from urllib.parse import unquote

import pytest

from portal.exchange.downloads import content_disposition, file_name


def names(header):
    found = re.fullmatch(r"(?:inline|attachment); filename=\"([^\"]*)\"; filename\*=UTF-8''(\S+)", header)
    return found[1], unquote(found[2])


@pytest.mark.parametrize(
    ("name", "fallback", "shown"),
    [
        ("证书-张伟-RF-01.pdf", "zhengshu-zhangwei-RF-01.pdf", "证书-张伟-RF-01.pdf"),
        ("故障检修卡-RF-FROST.pdf", "guzhangjianxiuka-RF-FROST.pdf", "故障检修卡-RF-FROST.pdf"),
        ("签到表-55.pdf", "qiandaobiao-55.pdf", "签到表-55.pdf"),
        ("Łukasz Wójcik.pdf", "ukasz-Wojcik.pdf", "Łukasz Wójcik.pdf"),
        ("김민수.pdf", "document.pdf", "김민수.pdf"),
        ('a"\r\nSet-Cookie: x=1;.pdf', "a-Set-Cookie-x-1.pdf", "a Set-Cookie x=1;.pdf"),
        ("../../etc/passwd.pdf", "etc-passwd.pdf", "etc passwd.pdf"),
        ("无名", "wuming.bin", "无名.bin"),
    ],
)
def test_file_has_two_names(name, fallback, shown):
    if "." not in name:
        name += ".bin"
    assert names(content_disposition(name)) == (fallback, shown)


def test_long_name_is_cut_and_keeps_its_extension():
    fallback, shown = names(content_disposition("长" * 400 + ".pdf", inline=True))

    assert shown == "长" * 80 + ".pdf"
    assert fallback.endswith(".pdf")
    assert len(fallback) <= 84


def test_empty_parts_leave_no_hyphen():
    assert file_name("证书", "", " ", "RF/01", extension="pdf") == "证书-RF 01.pdf"
