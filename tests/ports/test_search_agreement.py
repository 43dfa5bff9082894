"""All search indexes give the same answers: random catalogues, changes, viewers and questions, asked of both."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.fields.vocabulary import FieldType
from catalog.search.facets import CUSTOM
from catalog.search.memory import MemoryIndex
from catalog.search.port import Document, Removal, SearchQuery, Selection
from catalog.search.query import parse
from catalog.search.recorded import Custom
from catalog.search.synonyms import read
from catalog.search.terms import SearchText
from catalog.search.vocabulary import Facet, Link, Measure, Sort
from catalog.search.whoosh_index.index import WhooshIndex

# Few words that overlap in many ways, so that most questions find something.
WORDS = [
    *["wolf", "wolfgang", "Wolf", "grey", "Éclair", "eclair", "ß", "a", "ab", "12", "--", "don't"],
    *["v012", "chrAnn_faceRig", "chrann", "face", "rig", "faceRig_v1", "USDFile3D"],
    *["邓丽君", "丽君", "邓", "灭霸thanos", "thanos", "𠮷野家"],
]
SYNTAX = ["OR", "|", '"grey wolf"', '"a ab', "fa*", "(", ")", "wlof~", "fase~2", "name:wolf", "text:face", "kind:prop"]
SYNTAX += [
    "kind:prop,creature",
    "tag:wolf",
    "show:orion",
    "updated:2026-01-02",
    "owner:MIRA",
    "year:2025,2026",
    "updated:>2026-01-01",
]
SYNTAX += ["used_in:orion", "used_in:crt_wolf"]
SYNTAX += ["polys:<100", "texture:>=4k", "has:rig", "created:2025", "format:usd"]
SYNTAX += ["denglijun", "dlj", "lijun", "deng", "wolves", "鄧麗君", "灰狼", "灰狼丽君邓", "灭霸灰狼"]
# Two fields of exact terms, of which one has a name that begins as the other's.
TERMS = {"lens": ["Prime", "prime", "Zoom 24", "丽君"], "lens_set": ["a", "wolf"]}
ids = st.integers(1, 8).map(lambda number: UUID(int=number << 60 | number))
phrases = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
audiences = st.sampled_from(["studio", "family", "umbra"])

documents = st.builds(
    Document,
    id=ids,
    code=st.sampled_from(["crt_wolf", "chrAnn_faceRig_v012", "prp_face", "x_1", "x_2"]),
    name=phrases.filter(bool),
    kind=st.sampled_from(["prop", "creature", "vehicle"]),
    status=st.sampled_from(["active", "retired"]),
    updated_at=st.integers(0, 3).map(lambda days: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days)),
    aliases=st.lists(phrases, max_size=2).map(tuple),
    description=phrases,
    tags=st.lists(st.sampled_from([*WORDS, "WOLF"]), max_size=3).map(tuple),
    external_ids=st.lists(st.sampled_from(["SG-12", "wolf", "ab_12"]), max_size=1).map(tuple),
    shows=st.lists(st.sampled_from(["orion", "vega"]), max_size=2).map(tuple),
    uses=st.integers(0, 3),
    owner=st.sampled_from([None, "mira", "Jonas"]),
    created_at=st.sampled_from([None, datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)]),
    formats=st.sampled_from([(), ("usd",), ("fbx", "usd")]),
    files=st.lists(st.sampled_from(["wolf_faceRig_v012.usd", "face_1001.exr", "丽君.fbx"]), max_size=2).map(tuple),
    parts=st.sampled_from([(), ("model",), ("model", "rig")]),
    measures=st.dictionaries(st.sampled_from([Measure.POLYS, Measure.TEXTURE]), st.sampled_from([0, 99, 100, 4096])),
    custom=st.fixed_dictionaries({}, optional={name: st.sampled_from(terms) for name, terms in TERMS.items()}).map(
        lambda held: tuple(Custom(name=name, type=FieldType.EXACT, value=term) for name, term in held.items())
    ),
    asset_audience=audiences,
    show_audience=audiences,
)
changes = st.lists(st.one_of(documents, documents, ids.map(lambda asset_id: Removal(id=asset_id))), max_size=6)

typed = st.lists(
    st.tuples(st.sampled_from(["", "", "", "-"]), st.sampled_from([*WORDS, *SYNTAX])),
    max_size=6,
).map(lambda parts: " ".join(sign + word for sign, word in parts))
used_in = st.frozensets(ids, max_size=4).map(lambda used: {(Link.USED_IN, "orion"): used})
texts = st.builds(
    lambda text, used: parse(text, read("wolf = 丽君 = face rig\ngrey wolf = 灰狼 = thanos")).spelled({}, used),
    st.one_of(typed, typed.map(lambda text: text + " "), typed.map(lambda text: text[:-1])),
    used_in,
)
viewers = st.one_of(st.none(), st.frozensets(audiences))
values = {
    Facet.KIND: ["prop", "creature", "nothing"],
    Facet.STATUS: ["active", "retired"],
    Facet.SHOW: ["orion", "vega"],
    Facet.TAG: ["wolf", "邓丽君", "éclair"],
    Facet.OWNER: ["mira", "jonas"],
    Facet.YEAR: ["2025", "2026"],
    Facet.FORMAT: ["usd", "fbx"],
    Facet.POLYS: ["<100", "99..4k", ">=1k"],
    Facet.TEXTURE: ["4k"],
    "fields.lens": ["prime", "zoom 24"],
    "fields.lens_set": ["a", "nothing"],
}
selections = st.fixed_dictionaries(
    {},
    optional={
        facet: st.builds(
            Selection,
            include=st.frozensets(st.sampled_from(known), max_size=2),
            exclude=st.frozensets(st.sampled_from(known), max_size=1),
        )
        for facet, known in values.items()
    },
)
queries = st.builds(
    SearchQuery,
    audiences=viewers,
    text=texts,
    like=st.one_of(st.none(), st.none(), ids),
    selections=selections,
    facets=st.just((*Facet, *(CUSTOM + name for name in TERMS))),
    zeros=st.sampled_from([0, 1, 24]),
    most=st.sampled_from([None, 0, 1, 3]),
    sort=st.sampled_from(Sort),
    priors=st.booleans(),
    among=st.one_of(st.none(), st.none(), st.frozensets(ids, max_size=5)),
    limit=st.integers(1, 6),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    batches=st.lists(changes, min_size=1, max_size=4),
    asked=st.lists(queries, min_size=1, max_size=10),
    begun=st.lists(st.tuples(texts, viewers), max_size=4),
)
def test_all_indexes_answer_alike(
    batches: list[list[Document | Removal]],
    asked: list[SearchQuery],
    begun: list[tuple[SearchText, frozenset[str] | None]],
) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        memory, whoosh = MemoryIndex(), WhooshIndex(Path(folder))

        for seq, batch in enumerate(batches):
            memory.write(batch, seq, seq + 1)
            whoosh.write(batch, seq, seq + 1)
        whoosh.settle()

        assert list(whoosh.digests()) == list(memory.digests())
        for query in asked:
            expected = memory.search(query)
            assert whoosh.search(query) == expected
            _following_pages_agree(memory, whoosh, query)
        for text, viewer in begun:
            assert whoosh.suggest(text, viewer, 5) == memory.suggest(text, viewer, 5)


def _following_pages_agree(memory: MemoryIndex, whoosh: WhooshIndex, query: SearchQuery) -> None:
    after = None
    while page := memory.search(SearchQuery(**{**vars(query), "after": after})).hits:
        assert whoosh.search(SearchQuery(**{**vars(query), "after": after})).hits == page
        after = page[-1].position
