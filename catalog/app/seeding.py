"""Enters the demo studio, and keeps who can sign in to it. A program of its own, so that it ends with its memory.

``python -m catalog.app.seeding people|assets FOLDER URL``, with an administrator's token in ``CATALOG_TOKEN``. People
take a moment and come first; assets are made while the catalogue is used, and go on where they were interrupted.
"""

import dataclasses
import json
import os
import sys
from pathlib import Path

from catalog.app.demo.studio import enter_assets, enter_people
from catalog.app.installation import Installation, open_installation, write_privately
from catalog.client.errors import CatalogError


def main() -> None:
    """Do one part; its mark is set when all of it is there. Words and exit code 1 on refusal."""
    _, what, folder, url = sys.argv
    installation, token = open_installation(Path(folder)), os.environ["CATALOG_TOKEN"]
    try:
        if what == "people":
            people(installation, url, token)
        else:
            assets(installation, url, token)
    except CatalogError as error:
        sys.exit(str(error))


def people(installation: Installation, url: str, token: str) -> None:
    """Enter people and shows; where somebody works already there are none, and the demo counts as entered."""
    kept = [dataclasses.asdict(sign_in) for sign_in in enter_people(url, token)]
    write_privately(installation.demo_people, json.dumps(kept) + "\n")
    if not kept:
        write_privately(installation.demo_mark, "nothing: somebody works here\n")


def assets(installation: Installation, url: str, token: str) -> None:
    """Enter the assets, one line for each on the way."""
    os.nice(5)  # pages come first
    enter_assets(url, token, lambda done, all_: print(f"demo studio: {done} of {all_} assets", flush=True))  # noqa: T201 — its log is what the supervisor reads
    write_privately(installation.demo_mark, "complete\n")


if __name__ == "__main__":
    main()
