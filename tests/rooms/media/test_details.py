"""The job that lets makers make what thumbnails do not show."""

import io
from pathlib import Path
from uuid import UUID

import av
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import delete, select, update

from catalog.assets import queries as assets
from catalog.assets.vocabulary import FileRole
from catalog.media import queries
from catalog.media.asking import Bench
from catalog.media.children import ChildFailed, FailureReason
from catalog.media.confinement import MIB, Limits
from catalog.media.details import render_details
from catalog.media.makers.maker import Maker
from catalog.media.makers.table import MAKERS
from catalog.media.models import Preview, Rendering
from catalog.media.vocabulary import PreviewKind
from tests import files
from tests.crew import Crew, referenced, stored
from tests.rooms.media.films import film as write_film


def _version_id(crew: Crew, code: str) -> UUID:
    with crew.view() as view:
        return assets.get_version(view, code, 1).id


def _renders(crew: Crew, code: str, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    render_details(crew.workshop(folder), _version_id(crew, code))


def _made(crew: Crew, code: str) -> dict[str, Preview]:
    with crew.view() as view:
        return {str(each.derivative): each for each in queries.previews_of(view, assets.get_version(view, code))}


def _bytes(crew: Crew, preview: Preview) -> bytes:
    return b"".join(crew.stores.derived.open(preview.key))


def _brightest_column(frame: Image.Image) -> int:
    """Where the bar of a film stands."""
    return int(np.asarray(frame).mean(axis=0).argmax())


def _looked(crew: Crew) -> list[tuple[str, int, str]]:
    with crew.desk.read() as session:
        return [(each.kind, each.made_count, each.reason) for each in session.scalars(select(Rendering))]


def _films(crew: Crew, folder: Path, *beside: tuple[str, bytes], frames: int = 3) -> None:
    """Publish a film as turntable: what is brought into form is made sooner than what is rendered."""
    film = write_film(folder / "turn.mp4", frames=frames).read_bytes()
    crew.registers("prp_box")
    others = [stored(path, content) for path, content in beside]
    draft = crew.drafts("prp_box", stored("turn.mp4", film, role=FileRole.TURNTABLE), *others)
    crew.brings(draft.id, film, *(content for _, content in beside))
    crew.submits("prp_box", 1)
    crew.settles(draft.id)


def test_a_model_gets_a_turntable_as_strip_and_film(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"box.glb": files.glb()})

    _renders(crew, "prp_box", tmp_path / "scratch")

    strip, film = (_made(crew, "prp_box")[name] for name in ("turntable-strip", "turntable-video"))
    assert (strip.media_type, strip.width_px, strip.height_px) == ("image/webp", 1440, 1080)
    assert (strip.frame_count, strip.frame_width_px, strip.frame_height_px) == (36, 240, 180)
    assert strip.size_bytes <= 120_000
    assert (film.media_type, film.width_px, film.height_px, film.path) == ("video/mp4", 512, 384, "box.glb")
    with av.open(io.BytesIO(_bytes(crew, film)), "r") as played:
        assert played.streams.video[0].codec_context.name == "h264"
        assert len(list(played.decode(video=0))) == 36


def test_a_supplied_film_wins_over_the_model(crew: Crew, tmp_path: Path) -> None:
    _films(crew, tmp_path, ("box.glb", files.glb()), frames=50)

    _renders(crew, "prp_box", tmp_path / "scratch")

    strip = _made(crew, "prp_box")["turntable-strip"]
    picture = Image.open(io.BytesIO(_bytes(crew, strip))).convert("L")
    first, last = (picture.crop((x, y, x + 240, y + 135)) for x, y in ((0, 0), (1200, 675)))
    assert (strip.path, strip.frame_count, strip.frame_height_px) == ("turn.mp4", 36, 135)
    assert (_brightest_column(first) < 20, _brightest_column(last) > 220) == (True, True)


def test_a_film_plays_before_it_has_arrived(crew: Crew, tmp_path: Path) -> None:
    _films(crew, tmp_path)

    _renders(crew, "prp_box", tmp_path / "scratch")

    content = _bytes(crew, _made(crew, "prp_box")["turntable-video"])
    assert content.index(b"moov") < content.index(b"mdat")


def test_what_is_there_is_not_made_again(crew: Crew, tmp_path: Path) -> None:
    _films(crew, tmp_path)
    _renders(crew, "prp_box", tmp_path / "scratch")
    before = _made(crew, "prp_box")["turntable-strip"].rendered_at

    _renders(crew, "prp_box", tmp_path / "scratch")

    assert _made(crew, "prp_box")["turntable-strip"].rendered_at == before


@pytest.mark.parametrize("lost", ["bytes", "row", "version"])
def test_what_is_lost_or_older_is_made_again(crew: Crew, tmp_path: Path, lost: str) -> None:
    _films(crew, tmp_path)
    _renders(crew, "prp_box", tmp_path / "scratch")
    strip = _made(crew, "prp_box")["turntable-strip"]
    if lost == "bytes":
        crew.stores.derived.remove(strip.key)
    with crew.desk.bookkeeping() as session:
        if lost == "row":
            session.execute(delete(Preview).where(Preview.derivative == "turntable-strip"))
        if lost == "version":
            session.execute(update(Rendering).values(tool_version="0"))

    _renders(crew, "prp_box", tmp_path / "scratch")

    again = _made(crew, "prp_box")["turntable-strip"]
    assert again.rendered_at > strip.rendered_at
    assert len(_bytes(crew, again)) == again.size_bytes


def test_what_cannot_be_made_is_not_tried_again_and_says_why(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"box.glb": files.glb()[:60]})
    _renders(crew, "prp_box", tmp_path / "scratch")
    looked = {kind: (count, reason[:9]) for kind, count, reason in _looked(crew)}
    with crew.desk.read() as session:
        before = session.scalars(select(Rendering.rendered_at)).all()

    _renders(crew, "prp_box", tmp_path / "scratch")

    with crew.desk.read() as session:
        assert session.scalars(select(Rendering.rendered_at)).all() == before
    assert looked[PreviewKind.TURNTABLE] == (0, "box.glb: ")


def _moody(*groups: str) -> Maker:
    """A maker that does what the names of these files say."""
    return Maker(
        kind=PreviewKind.TURNTABLE,
        version="2",
        choose=lambda _: [(path,) for path in groups],
        module="tests.rooms.media.moods",
        limits=Limits(wall_s=4 if "hang" in groups else 60, cpu_s=5, memory_bytes=5120 * MIB),
    )


@pytest.mark.parametrize("mood", ["hang", "crash", "hunger"])
def test_a_failure_of_the_moment_fails_the_job_when_all_had_their_turn(crew: Crew, tmp_path: Path, mood: str) -> None:
    crew.publishes("prp_box", {mood: b"any", "box.glb": files.glb()})
    model = next(each for each in MAKERS if each.kind is PreviewKind.MODEL)

    (tmp_path / "scratch").mkdir()
    with pytest.raises(ChildFailed) as failed:
        render_details(crew.workshop(tmp_path / "scratch"), _version_id(crew, "prp_box"), [_moody(mood), model])

    assert failed.value.reason not in (FailureReason.REFUSED, FailureReason.GARBLED)
    assert _looked(crew) == [("model", 1, "")]


def test_a_failure_of_the_moment_takes_nothing_away_that_was_there(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"film": b"any", "hang": b"other"})
    (tmp_path / "scratch").mkdir()
    render_details(crew.workshop(tmp_path / "scratch"), _version_id(crew, "prp_box"), [_moody("film")])
    crew.stores.derived.remove(_made(crew, "prp_box")["turntable-strip"].key)

    with pytest.raises(ChildFailed, match="did not finish"):
        render_details(crew.workshop(tmp_path / "scratch"), _version_id(crew, "prp_box"), [_moody("hang")])

    assert (_made(crew, "prp_box")["turntable-strip"].path, _looked(crew)) == ("film", [("turntable", 1, "")])


def test_what_stands_in_after_a_failure_of_the_moment_is_shown_and_not_final(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"film": b"any", "hang": b"other"})
    (tmp_path / "scratch").mkdir()

    with pytest.raises(ChildFailed, match="did not finish"):
        render_details(crew.workshop(tmp_path / "scratch"), _version_id(crew, "prp_box"), [_moody("hang", "film")])

    assert (_made(crew, "prp_box")["turntable-strip"].path, _looked(crew)) == ("film", [])


def test_what_was_drawn_by_hand_is_rendered_by_the_first_that_can(
    crew: Crew, blind_bench: Bench, bench: Bench, tmp_path: Path
) -> None:
    crew.publishes("prp_box", {"box.glb": files.glb()})
    wireframe = next(each for each in MAKERS if each.kind is PreviewKind.WIREFRAME)
    (tmp_path / "scratch").mkdir()

    tools, times = [], set()
    for here in (blind_bench, blind_bench, bench, blind_bench):
        render_details(crew.workshop(tmp_path / "scratch"), _version_id(crew, "prp_box"), [wireframe], on=here)
        shown = _made(crew, "prp_box")["wireframe"]
        tools.append(shown.tool.partition(" ")[0])
        times.add(shown.rendered_at)

    assert tools == ["reprise", "reprise", "F3D", "F3D"]
    assert len(times) == 2


def test_of_files_that_cannot_be_read_from_here_nothing_is_said(crew: Crew, tmp_path: Path) -> None:
    crew.has_root(path=str(tmp_path / "elsewhere"))
    crew.registers("prp_box")
    crew.drafts("prp_box", referenced("box.glb", files.glb()))
    crew.submits("prp_box", 1)

    _renders(crew, "prp_box", tmp_path / "scratch")

    assert _looked(crew) == []


def test_a_version_that_has_nothing_to_turn_costs_a_look_only(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("ldr_scan", {"notes.txt": b"nothing to see"})

    _renders(crew, "ldr_scan", tmp_path / "scratch")

    assert (_made(crew, "ldr_scan"), _looked(crew)) == ({}, [])


def test_an_open_version_is_left_alone(crew: Crew, tmp_path: Path) -> None:
    crew.registers("prp_box")
    draft = crew.drafts("prp_box", stored("box.glb", files.glb()))

    render_details(crew.workshop(tmp_path), draft.id)

    assert _looked(crew) == []
