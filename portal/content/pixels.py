"""One bound on decoded pictures: a few hundred kilobytes can hold pixels for gigabytes of memory."""

#: Pixels that are decoded at most, whichever way a picture comes in; four bytes each, 100 MB.
MAX_PIXELS = 25_000_000


def check_pixels(size: tuple[int, int]) -> None:
    """See that a picture of ``size``, read from its header, may be decoded.

    Raises:
        ValueError: it has more than :data:`MAX_PIXELS`.
    """
    width, height = size
    if width * height > MAX_PIXELS:
        raise ValueError(f"{width} x {height} pixels, at most {MAX_PIXELS} are decoded")
