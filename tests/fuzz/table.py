"""The one table of fuzz targets, by name."""

from typing import Final

from tests.fuzz import (
    of_age,
    of_age_files,
    of_documents,
    of_openpgp,
    of_pack_signatures,
    of_packs,
    of_parcels,
    of_sealed,
    of_transfer,
    of_viewing,
    of_words,
)
from tests.fuzz.target import Target

TARGETS: Final[dict[str, Target]] = {
    **of_age.TARGETS,
    **of_age_files.TARGETS,
    **of_documents.TARGETS,
    **of_sealed.TARGETS,
    **of_words.TARGETS,
    **of_parcels.TARGETS,
    **of_transfer.TARGETS,
    **of_openpgp.TARGETS,
    **of_packs.TARGETS,
    **of_pack_signatures.TARGETS,
    **of_viewing.TARGETS,
}
