import io

from PIL import Image


def picture(color, size=(12, 9), form="JPEG"):
    """:return: bytes of a picture of one colour"""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, form)
    return out.getvalue()
