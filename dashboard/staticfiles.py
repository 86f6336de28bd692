"""Where static files come from: browser libraries out of node_modules, and how they are named when served."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Only what pages ask for: the packages also hold sources, other formats and modules that do not resolve.
LIBRARIES = {
    "vendor/htmx": ("htmx.org/dist", ["htmx.min.js"]),
    "vendor/leaflet": ("leaflet/dist", ["leaflet.js", "leaflet.js.map", "leaflet.css", "images/*.png"]),
    "vendor/lucide": ("lucide-static/icons", ["trash-2.svg"]),
    "vendor/markercluster": (
        "leaflet.markercluster/dist",
        ["leaflet.markercluster.js", "leaflet.markercluster.js.map", "MarkerCluster.css"],
    ),
    "vendor/photoswipe": ("photoswipe/dist", ["photoswipe.esm.min.js", "photoswipe.css"]),
    "vendor/signature_pad": ("signature_pad/dist", ["signature_pad.min.js", "signature_pad.min.js.map"]),
    "vendor/sortable": ("sortablejs", ["Sortable.min.js"]),
    "vendor/topojson": ("topojson-client/dist", ["topojson-client.min.js"]),
    "vendor/world-atlas": ("world-atlas", ["countries-50m.json", "countries-10m.json"]),
}


class Compressed(Compressor):
    """The outlines of the world take 10 s at the strongest setting and are an eighth larger with this."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=11 if len(data) < 300_000 else 9))


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressed(**options)


class BrowserLibraries(BaseFinder):
    """Serves the files of `LIBRARIES` under their prefix."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storages = {prefix: _storage(prefix, folder) for prefix, (folder, _) in LIBRARIES.items()}

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        found = [storage.path(name) for name, storage in self.list([]) if f"{storage.prefix}/{name}" == path]
        return found if find_all or not found else found[0]

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for prefix, (_, patterns) in LIBRARIES.items():
            storage = self.storages[prefix]
            root = Path(storage.location)
            for pattern in patterns:
                yield from ((str(file.relative_to(root)), storage) for file in sorted(root.glob(pattern)))


def _storage(prefix: str, folder: str) -> FileSystemStorage:
    storage = FileSystemStorage(location=settings.NODE_MODULES / folder)
    storage.prefix = prefix  # type: ignore[attr-defined]  # how Django's own finders hand a prefix over
    return storage
