#!/usr/bin/env python3
"""Judge the search: success@10 and mean reciprocal rank for each kind of question, over a few thousand records.

``scripts/judge_search.py [--failed]``. Records and questions are those of tests/judged.py. The last line is one JSON
object of the figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from catalog.db.engine import create_engine_for
from catalog.db.migrate import upgrade
from catalog.reactions import REACTIONS
from catalog.search.whoosh_index.index import WhooshIndex
from catalog.work.desk import Desk
from tests.judged import judged


def main() -> None:
    """Judge and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failed", action="store_true", help="print the questions that were not answered")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="judge-search-") as folder:
        engine = create_engine_for(f"sqlite:///{folder}/catalog.sqlite")
        upgrade(engine)
        found = judged(Desk(engine=engine, reactions=REACTIONS), WhooshIndex(Path(folder) / "index"))
        engine.dispose()
    print(f"{'kind':28}{'questions':>10}{'success@10':>12}{'MRR':>8}")
    for kind, one in found.items():
        print(f"{kind:28}{one.questions:10}{one.success:12.1%}{one.mrr:8.3f}")
        for text in one.failed if asked.failed and kind != "all" else ():
            print(f"    {text}")
    print(
        json.dumps(
            {kind: {"success@10": round(one.success, 4), "mrr": round(one.mrr, 4)} for kind, one in found.items()}
        )
    )


if __name__ == "__main__":
    main()
