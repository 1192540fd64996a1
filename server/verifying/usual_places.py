"""Where anchors and photos lie unless somebody says otherwise: by the server's own variables, read without its code."""

import os
from pathlib import Path


def usual_data_dir() -> Path:
    """Return the folder of DATA_DIR."""
    return Path(os.environ.get("DATA_DIR", "var")).absolute()


def usual_anchors() -> Path:
    """Return the file to which the server writes each anchor."""
    return usual_data_dir() / "anchors.log"


def usual_folder_of_photos() -> Path:
    """Return the folder of photos where no STORAGE_URL names another place."""
    return usual_data_dir() / "storage"


def usual_storage() -> str:
    """Return the address of the photos."""
    return os.environ.get("STORAGE_URL") or usual_folder_of_photos().as_uri()
