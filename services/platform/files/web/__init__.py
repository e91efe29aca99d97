"""The two ways of a file's content: in by POST, out by a signed link."""

from libs.persistence.objects.store import Objects
from libs.serving.downloads import download_page
from libs.serving.programs import program_page
from libs.serving.routes import Pages
from libs.serving.visitors import Visitors
from services.platform.files.links import PAGE
from services.platform.files.scanning import Scanner
from services.platform.files.web.fetching import Fetching
from services.platform.files.web.sending import NAME, PHOTOS, Sending

__all__ = ["file_pages"]


def file_pages(visitors: Visitors, objects: Objects, scanner: Scanner) -> Pages:
    """By name below a platform's own path."""
    sending = Sending(visitors, objects, scanner)
    return {
        NAME: program_page(NAME, "POST", sending.take),
        PHOTOS: program_page(PHOTOS, "POST", sending.take_photo),
        PAGE: download_page(Fetching(visitors, objects).prepare),
    }
