"""The request as the texts of at most twelve QR codes, for the sheet that the patient sends to the insurer. Pure.

Release 5.0: the XML's bytes, raw deflate at level 9, Base64, cut into equal texts filled up with blanks.
"""

import base64
import zlib

from billing.references import gettext_noop

MOST_CODES = 12
MOST_SIGNS = 1262  # of one code: version 29 at level M
MOST_BYTES = 2_000_000  # of a request unpacked; a hundred rows are about 50,000
_RAW = -zlib.MAX_WBITS  # deflate without the header and the checksum of zlib


class AnnexError(ValueError):
    """The sheet of codes cannot be made or read. ``sentence`` is a key of the catalogues."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def pack(xml: bytes) -> list[str]:
    """The texts of the codes in their order, as few as can be. Raises AnnexError where twelve do not suffice."""
    squeeze = zlib.compressobj(level=9, wbits=_RAW)
    signs = base64.b64encode(squeeze.compress(xml) + squeeze.flush()).decode("ascii")
    count = -(-len(signs) // MOST_SIGNS)
    if count > MOST_CODES:
        raise AnnexError(
            gettext_noop("This invoice is too long for the sheet of codes. Bill the visits in two invoices.")
        )
    size = -(-len(signs) // count)
    return [signs[start : start + size].ljust(size) for start in range(0, size * count, size)]


def unpack(chunks: list[str]) -> bytes:
    """The XML out of the codes of one sheet. Raises AnnexError where they are none of a request, or hostile."""
    unreadable = AnnexError(gettext_noop("These codes are no invoice, or one of them is missing."))
    if len(chunks) > MOST_CODES:
        raise unreadable
    loosen = zlib.decompressobj(_RAW)
    try:
        packed = base64.b64decode("".join(chunks).replace(" ", ""), validate=True)
        xml = loosen.decompress(packed, MOST_BYTES)
    except (ValueError, zlib.error):
        raise unreadable from None
    if not loosen.eof or loosen.unused_data:
        raise unreadable
    return xml
