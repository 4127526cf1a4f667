"""A signature drawn on a screen: a small PNG as the page sent it in a field, checked like any stranger's file."""

import base64
import binascii
import io
from dataclasses import replace

from PIL import Image, ImageOps

from mingqu.documents.errors import SignatureBlank, SignatureUnreadable, UploadRefused
from mingqu.documents.types import CheckedUpload
from mingqu.documents.uploads import intake
from mingqu.documents.uploads.limits import MEGA, Limits
from mingqu.documents.uploads.sniff import PNG

ADDRESS = "data:image/png;base64,"
LARGEST = 300_000  # characters of the field: strokes of 900 × 300 points are a tenth of it
PIXELS = 2 * MEGA
INK = 128  # darker than this is ink
LEAST_INK = 120  # dots: a slip of the finger is no signature
LEAST_WIDTH = 20
MARGIN = 12


def read(field: str, limits: Limits) -> CheckedUpload:
    """
    The picture, cut to its ink. Raises SignatureUnreadable (no PNG, cut off on the way, too large) or
    SignatureBlank (nothing, or no more than a dot, was drawn).
    """
    if not field.startswith(ADDRESS) or len(field) > LARGEST:
        raise SignatureUnreadable()
    try:
        data = base64.b64decode(field.removeprefix(ADDRESS), validate=True)
        checked = intake.check(data, allowed=(PNG,), limits=replace(limits, pixels=PIXELS))
    except (binascii.Error, UploadRefused) as error:
        raise SignatureUnreadable() from error
    return _cut(checked)


def _cut(checked: CheckedUpload) -> CheckedUpload:
    with Image.open(io.BytesIO(checked.data)) as opened:
        grey = opened.convert("L")
    box = grey.point([255 if level < INK else 0 for level in range(256)]).getbbox()
    if box is None or box[2] - box[0] < LEAST_WIDTH or sum(grey.crop(box).histogram()[:INK]) < LEAST_INK:
        raise SignatureBlank()
    out = io.BytesIO()
    ImageOps.expand(grey.crop(box), MARGIN, fill=255).save(out, "PNG")
    return CheckedUpload(PNG, out.getvalue(), 1)
