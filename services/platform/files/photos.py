"""A photo is made anew from what was sent: small, upright, and without all that a camera wrote beside it.

Where and when it was taken, by whose telephone, and thumbnails of what was cut away (EXIF, XMP, IPTC) would
travel with the file: only the points of the picture are kept.
"""

import io
from typing import IO, Final

from PIL import Image, ImageOps

from libs.errors.problems import InvalidInput
from services.platform.files.inspection import FIELD

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_POINTS: Final = 40_000_000
"""Of what is sent: telephones of today, and no bomb."""
EDGE: Final = 640
QUALITY: Final = 85
_WHITE: Final = (255, 255, 255)


def remade(content: IO[bytes]) -> bytes:
    """A JPEG of at most EDGE × EDGE points. Raises InvalidInput."""
    content.seek(0)
    try:
        with Image.open(content, formats=FORMATS) as sent:
            bounded = sent.width * sent.height <= MOST_POINTS
            made = _written(_plain(sent)) if bounded else None
    except Exception:  # noqa: BLE001 - decoders fail in many ways at what is damaged or hostile: it is no photo
        raise _no_photo() from None
    if made is None:
        raise _too_large()
    return made


def _plain(sent: Image.Image) -> Image.Image:
    """Upright, small, on white."""
    # a JPEG is decoded at a fraction of its size already
    sent.draft("RGB", (EDGE, EDGE))
    sent.thumbnail((EDGE, EDGE))
    upright = ImageOps.exif_transpose(sent).convert("RGBA")
    plain = Image.new("RGB", upright.size, _WHITE)
    plain.paste(upright, mask=upright.getchannel("A"))
    return plain


def _written(plain: Image.Image) -> bytes:
    made = io.BytesIO()
    plain.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


def _no_photo() -> InvalidInput:
    return InvalidInput(
        FIELD,
        "写真として読めません。JPEG・PNG・WebP の画像を送ってください。",
        "This cannot be read as a photo. Send a JPEG, PNG or WebP picture.",
        detail="PHOTO",
    )


def _too_large() -> InvalidInput:
    return InvalidInput(
        FIELD,
        f"画像が大きすぎます（{MOST_POINTS // 1_000_000}メガピクセルまで）。縮小して送ってください。",
        f"The picture is too large (at most {MOST_POINTS // 1_000_000} megapixels). Make it smaller.",
        detail="TOO_LARGE",
    )
