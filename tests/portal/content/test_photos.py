"""Photos people bring are bounded by the pixels that are decoded."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.content.photos import open_photo


def jpeg(side: int, **facts) -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (side, side)).save(written, "JPEG", quality=30, **facts)
    return SimpleUploadedFile("photo.jpg", written.getvalue())


def test_a_large_photo_of_a_phone_is_decoded_small():
    assert max(open_photo(jpeg(7000), megabytes=12, side=1600).size) < 3600


def test_one_stored_in_passes_is_decoded_whole_and_so_bounded():
    assert open_photo(jpeg(2000, progressive=True), megabytes=12, side=1600).size == (2000, 2000)
    with pytest.raises(ValueError, match=r"pixels|picture"):
        open_photo(jpeg(7000, progressive=True), megabytes=12, side=1600)
