"""The note of choice as a PDF with tags (PDF/UA), for who signs and files it."""

from app.doctrine.presenters import NoteView


def note_pdf(html: str, note: NoteView) -> bytes:
    """The printed page of a note. Nothing outside the document is read: neither files nor network."""
    from weasyprint import HTML  # its font engine takes a while to load
    from weasyprint.urls import URLFetcher

    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols={"data"}))
    identifier = bytes.fromhex(note.digest)
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return pdf
