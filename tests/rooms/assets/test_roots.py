"""Roots: places that an administrator declared, and how each platform and site spells them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.accounts.vocabulary import Role
from catalog.assets import roots
from catalog.assets.models import Root
from catalog.assets.roots import PathTemplate, RootChange
from catalog.assets.vocabulary import Platform
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale
from catalog.kernel.paging import Paging
from tests.crew import OPERATOR, Crew

LINUX = PathTemplate(platform=Platform.LINUX, site="main", path="/mnt/library")
MACOS = PathTemplate(platform=Platform.MACOS, site="main", path="/Volumes/library")
WINDOWS = PathTemplate(platform=Platform.WINDOWS, site="main", path=r"L:\library")
SHARE = PathTemplate(platform=Platform.WINDOWS, site="remote", path=r"\\server\library")


def root_of(*templates: PathTemplate) -> Root:
    return Root(
        name="library",
        templates=[{"platform": one.platform.value, "site": one.site, "path": one.path} for one in templates],
    )


def declare(crew: Crew, name: str = "library", *templates: PathTemplate) -> None:
    with crew.work(crew.pipeline) as work:
        roots.declare(work, name, templates or (LINUX,))


def test_a_declared_root_is_found_by_its_name(crew: Crew) -> None:
    declare(crew, "library", LINUX, WINDOWS)

    with crew.view(crew.viewer) as view:
        assert roots.get_root(view, "LIBRARY").templates == [
            {"platform": "linux", "site": "main", "path": "/mnt/library"},
            {"platform": "windows", "site": "main", "path": "L:\\library"},
        ]
    entry = crew.entries("root.")[-1]
    assert (entry.type, entry.values and entry.values["root_name"]) == ("root.declared/1", "library")


def test_a_name_is_taken_once(crew: Crew) -> None:
    declare(crew)

    with pytest.raises(Conflict, match="root 'library' is declared already; change it instead") as refused:
        declare(crew)

    assert refused.value.code == "root-taken"


@pytest.mark.parametrize("name", ["", "Library", "1st", "a b", "a/b", "x" * 65, "a\n", "б"])
def test_a_name_has_plain_lower_case_letters(crew: Crew, name: str) -> None:
    with pytest.raises(InvalidInput, match="is not lower-case letters, digits, _ or -"):
        declare(crew, name)


@pytest.mark.parametrize(
    "template",
    [
        PathTemplate(platform=Platform.LINUX, site="main", path="mnt/library"),
        PathTemplate(platform=Platform.LINUX, site="main", path="L:\\library"),
        PathTemplate(platform=Platform.LINUX, site="main", path="/mnt/../etc"),
        PathTemplate(platform=Platform.MACOS, site="main", path="~/library"),
        PathTemplate(platform=Platform.WINDOWS, site="main", path="/mnt/library"),
        PathTemplate(platform=Platform.WINDOWS, site="main", path="L:library"),
        PathTemplate(platform=Platform.WINDOWS, site="main", path=r"L:\a\..\b"),
    ],
)
def test_a_path_is_absolute_on_its_platform(crew: Crew, template: PathTemplate) -> None:
    with pytest.raises(InvalidInput, match="is not absolute on") as refused:
        declare(crew, "library", template)

    assert refused.value.code == "bad-root"


def test_a_root_is_spelled_somewhere_and_nowhere_twice(crew: Crew) -> None:
    with crew.work(crew.pipeline) as work, pytest.raises(InvalidInput, match="at least one template"):
        roots.declare(work, "library", ())
    with pytest.raises(InvalidInput, match="platform linux at site main is there twice"):
        declare(crew, "library", LINUX, LINUX)


def test_a_root_can_be_spelled_differently(crew: Crew) -> None:
    declare(crew)

    with crew.work(crew.pipeline) as work:
        roots.change(work, "library", RootChange(templates=(MACOS,)), if_revision=1)

    assert crew.entries("root.changed")[-1].values == {
        "changes": {
            "templates": [
                [{"platform": "linux", "site": "main", "path": "/mnt/library"}],
                [{"platform": "macos", "site": "main", "path": "/Volumes/library"}],
            ]
        }
    }


def test_spelling_a_root_as_it_is_changes_nothing(crew: Crew) -> None:
    declare(crew)

    with crew.work(crew.pipeline) as work:
        revision = roots.change(work, "library", RootChange(templates=(LINUX,))).revision

    assert revision == 1
    assert crew.types("root.") == ["root.declared/1"]


def test_two_who_read_the_same_cannot_both_change_it(crew: Crew) -> None:
    declare(crew)

    refused = crew.overlaps(
        lambda work: roots.change(work, "library", RootChange(templates=(MACOS,)), if_revision=1),
        lambda work: roots.change(work, "library", RootChange(templates=(WINDOWS,)), if_revision=1),
        by=crew.pipeline,
    )

    assert isinstance(refused, Stale)


def test_a_root_that_is_not_there_is_told_with_those_that_are(crew: Crew) -> None:
    with crew.view(crew.viewer) as view, pytest.raises(NotFound, match="declared are: none yet"):
        roots.get_root(view, "library")
    declare(crew, "library")
    declare(crew, "archive")

    with crew.view(crew.viewer) as view, pytest.raises(NotFound, match="declared are: archive, library"):
        roots.get_root(view, "nowhere")


def test_roots_are_read_by_name_in_pages(crew: Crew) -> None:
    for name in ("library", "archive", "scans"):
        declare(crew, name)

    with crew.view(crew.viewer) as view:
        first = roots.page_roots(view, Paging(limit=2))
        second = roots.page_roots(view, Paging(limit=2, cursor=first.next_cursor))

    assert [root.name for root in (*first.items, *second.items)] == ["archive", "library", "scans"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ARTIST, Role.SUPERVISOR, Role.LICENSING])
def test_roots_are_declared_by_pipeline_and_administrators(crew: Crew, role: Role) -> None:
    somebody = crew.joins("sam", role)

    with crew.work(somebody) as work, pytest.raises(NotPermitted, match="sam may not manage roots"):
        roots.declare(work, "library", (LINUX,))
    with crew.work(somebody) as work, pytest.raises(NotPermitted):
        roots.change(work, "library", RootChange(templates=(LINUX,)))


@pytest.mark.parametrize(
    "platform, site, spelled",
    [
        (Platform.LINUX, "main", "/mnt/library/tex/wood 邓.exr"),
        (Platform.MACOS, "main", "/Volumes/library/tex/wood 邓.exr"),
        (Platform.WINDOWS, "main", r"L:\library\tex\wood 邓.exr"),
        (Platform.WINDOWS, "remote", r"\\server\library\tex\wood 邓.exr"),
        (Platform.LINUX, "remote", None),
        (Platform.LINUX, "nowhere", None),
    ],
)
def test_each_platform_and_site_spells_a_file_its_own_way(platform: Platform, site: str, spelled: str | None) -> None:
    library = root_of(LINUX, MACOS, WINDOWS, SHARE)

    assert roots.spell(library, "tex/wood 邓.exr", platform=platform, site=site) == spelled


def test_a_file_is_located_on_this_server(tmp_path: Path) -> None:
    library = root_of(PathTemplate(platform=Platform.LINUX, site="main", path=str(tmp_path)))

    assert roots.locate(library, "tex/wood.exr", "main") == tmp_path.resolve() / "tex/wood.exr"


def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "tex").symlink_to("real")
    library = root_of(PathTemplate(platform=Platform.LINUX, site="main", path=str(tmp_path)))

    assert roots.locate(library, "tex/wood.exr", "main") == tmp_path.resolve() / "real/wood.exr"


def test_a_root_that_is_a_link_itself_is_followed(tmp_path: Path) -> None:
    (tmp_path / "volume").mkdir()
    (tmp_path / "library").symlink_to("volume")
    library = root_of(PathTemplate(platform=Platform.LINUX, site="main", path=str(tmp_path / "library")))

    assert roots.locate(library, "a.exr", "main") == tmp_path.resolve() / "volume/a.exr"


@pytest.mark.parametrize("target", ["/etc", "..", "../library-private"])
def test_a_link_out_of_the_root_leads_nowhere(tmp_path: Path, target: str) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "way").symlink_to(target)
    library = root_of(PathTemplate(platform=Platform.LINUX, site="main", path=str(folder)))

    with pytest.raises(NotFound, match="'way/passwd' leads out of root 'library' through a link") as refused:
        roots.locate(library, "way/passwd", "main")

    assert refused.value.code == "escaping-path"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "a\\..\\x", "", "."])
def test_a_path_out_of_the_root_is_refused(tmp_path: Path, path: str) -> None:
    library = root_of(PathTemplate(platform=Platform.LINUX, site="main", path=str(tmp_path)))

    with pytest.raises(InvalidInput):
        roots.locate(library, path, "main")


def test_a_server_at_a_site_without_a_path_finds_nothing() -> None:
    with pytest.raises(NotFound, match="root 'library' has no linux path at site 'remote'; add a template") as refused:
        roots.locate(root_of(LINUX), "a.exr", "remote")

    assert refused.value.code == "no-template"


@given(st.text(st.sampled_from("a./\\~é "), min_size=1, max_size=12))
def test_no_path_is_ever_located_outside_the_root(path: str) -> None:
    try:
        located = roots.locate(root_of(LINUX), path, "main")
    except (InvalidInput, NotFound):
        return

    assert located.is_relative_to("/mnt/library")


def test_roots_are_read_by_id(crew: Crew) -> None:
    declare(crew)

    with crew.view(OPERATOR) as view:
        library = roots.get_root(view, "library")
        assert roots.roots_by_id(view, [library.id]) == {library.id: library}
        assert roots.roots_by_id(view, []) == {}
