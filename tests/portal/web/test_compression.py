"""Pages are compressed for whoever takes it; files are not."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from portal.web.middleware import TextCompression

PAGE = "冷库不制冷，" * 200


def answered(rf, response):
    return TextCompression(lambda request: response)(rf.get("/", headers={"accept-encoding": "gzip"}))


def test_a_page_is_compressed(rf):
    response = answered(rf, HttpResponse(PAGE))

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).decode() == PAGE


def test_the_same_page_varies_in_length_so_that_its_size_tells_nothing(rf):
    assert len({len(answered(rf, HttpResponse(PAGE)).content) for _time in range(30)}) > 1


@pytest.mark.parametrize(
    "response", [HttpResponse(PAGE, content_type="application/pdf"), StreamingHttpResponse([PAGE.encode()])]
)
def test_files_and_streams_go_as_they_are(rf, response):
    assert "Content-Encoding" not in answered(rf, response)
