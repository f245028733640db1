"""Small documents as people attach them."""

import io

from PIL import Image
from pypdf import PdfWriter


def pdf(pages: int = 1, *, title: str = "", password: str = "") -> bytes:
    """Blank pages; another `title` makes another document."""
    writer, written = PdfWriter(), io.BytesIO()
    for _number in range(pages):
        writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password)
    writer.write(written)
    return written.getvalue()


def picture(kind: str = "PNG", shade: int = 0) -> bytes:
    written = io.BytesIO()
    Image.new("L", (8, 8), shade).save(written, kind)
    return written.getvalue()
