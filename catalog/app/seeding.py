"""Enters the demo studio once, and keeps who can sign in to it. A program of its own, so that it ends with its memory.

``python -m catalog.app.seeding FOLDER URL``, with an administrator's token in ``CATALOG_TOKEN``.
"""

import dataclasses
import json
import os
import sys
from pathlib import Path

from catalog.app.demo import seed_demo
from catalog.app.installation import open_installation, write_privately
from catalog.client.errors import CatalogError


def main() -> None:
    """Seed the catalogue at the address; the mark is set when everything is there. Words and exit code 1 on refusal."""
    _, folder, url = sys.argv
    try:
        sign_ins = seed_demo(url, os.environ["CATALOG_TOKEN"])
    except CatalogError as error:
        sys.exit(str(error))
    kept = [dataclasses.asdict(sign_in) for sign_in in sign_ins]
    write_privately(open_installation(Path(folder)).demo_mark, json.dumps(kept) + "\n")


if __name__ == "__main__":
    main()
