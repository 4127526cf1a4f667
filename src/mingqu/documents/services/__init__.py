"""Commands and services of the documents room."""

from mingqu.documents.rendering import qr_svg
from mingqu.documents.services.files import (
    check_signature,
    check_upload,
    copy_file,
    copy_files,
    file_response,
    merge_photos,
    read_file,
    store_file,
    store_upload,
)
from mingqu.documents.services.making import make_document, sweep
from mingqu.documents.services.paper_forms import form_pdf, table_pdf
from mingqu.documents.services.reading import note_reading, note_readings, reader_of
from mingqu.documents.services.requests import (
    document_series,
    next_document_number,
    request_document,
    requests_of,
    retry_document,
)
from mingqu.documents.services.seals import (
    MAKE_SEAL,
    RETIRE_SEAL,
    agree_seal,
    ask_retirement,
    ask_seal,
    decline_retirement,
    decline_seal,
    provide_organ_key,
    retire_organ_key,
    seal_pdf,
    verify_pdf,
)
from mingqu.documents.services.sweeping import SWEEPER, forget_files, forget_one, sweep_bytes

__all__ = [
    "MAKE_SEAL",
    "RETIRE_SEAL",
    "SWEEPER",
    "agree_seal",
    "ask_retirement",
    "ask_seal",
    "check_signature",
    "check_upload",
    "copy_file",
    "copy_files",
    "decline_retirement",
    "decline_seal",
    "document_series",
    "file_response",
    "forget_files",
    "forget_one",
    "form_pdf",
    "make_document",
    "merge_photos",
    "next_document_number",
    "note_reading",
    "note_readings",
    "provide_organ_key",
    "qr_svg",
    "read_file",
    "reader_of",
    "request_document",
    "requests_of",
    "retire_organ_key",
    "retry_document",
    "seal_pdf",
    "store_file",
    "store_upload",
    "sweep",
    "sweep_bytes",
    "table_pdf",
    "verify_pdf",
]
