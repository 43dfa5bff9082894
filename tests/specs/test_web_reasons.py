"""Mistakes on pages in Chinese: told in Chinese by their code; the English, with value and remedy, comes after it."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from catalog.accounts.vocabulary import Role
from catalog.jobs import claiming, owing
from catalog.jobs.owing import OwedJob
from catalog.jobs.vocabulary import Lane
from catalog.kernel import clock
from catalog.kernel.errors import Conflict
from catalog.media.jobs import RENDER_PREVIEWS
from tests.files import png
from tests.studio import Studio, digest
from tests.visitors import Visitor, visitor


@pytest.fixture
def reader(studio: Studio) -> Visitor:
    """A curator who reads Chinese."""
    found = visitor(studio, studio.person("sue", Role.SUPERVISOR))
    found.client.set_cookie("language", "zh-Hans")
    return found


def test_a_page_that_is_not_there_is_told_with_its_code_and_the_english_stays(studio: Studio, reader: Visitor) -> None:
    told = reader.opens("/assets/nope_x")
    english = visitor(studio, studio.artist).opens("/assets/nope_x")

    assert told.status == english.status == 404
    assert "没有代码、标识或外部标识为“nope_x”的资产" in told.text
    assert "lang=\"en\">There is no asset 'nope_x'; search finds codes" in told.html.replace("&#39;", "'")
    assert "There is no asset 'nope_x'; search finds codes, names and external ids." in english.text
    assert "没有" not in english.html


def test_a_form_that_is_refused_says_why_in_chinese(studio: Studio, reader: Visitor) -> None:
    studio.artist.registers("prp_lamp")
    page = reader.opens("/assets/prp_lamp/edit")
    studio.artist.patch("/assets/prp_lamp", {"tags": ["brass"]})

    refused = reader.forges("/assets/prp_lamp/edit", csrf_token=page.csrf, name="Lamp", kind="prop", revision="1")

    assert refused.status == 412
    assert "“prp_lamp”在您打开之后已被别人修改。" in refused.text
    assert '<bdi lang="en">prp_lamp was changed since you read it' in refused.html


@pytest.mark.parametrize(
    "code, reason",
    [("灯笼 1", "这个代码不能使用。"), ("prp_LAMP", "代码“prp_LAMP”已被占用。")],
)
def test_a_code_that_is_checked_while_it_is_typed_is_refused_in_chinese(
    studio: Studio, reader: Visitor, code: str, reason: str
) -> None:
    studio.artist.registers("prp_lamp")

    said = reader.client.get("/register/code", query_string={"code": code}).get_json()

    assert said["free"] is False
    assert said["reason"] == reason
    assert said["message"].startswith("Code '")


def test_findings_are_told_in_chinese(studio: Studio, reader: Visitor) -> None:
    studio.artist.publishes("prp_box", {"a.png": png()[:40] + b"a"})

    shown = reader.opens("/assets/prp_box")

    assert "a.png 文件无法读取。 not readable as a picture" in shown.text


def test_what_holds_untrusted_files_is_told_in_chinese(studio: Studio) -> None:
    operator = visitor(studio, studio.admin)
    operator.client.set_cookie("language", "zh-Hans")
    studio.house.confinement_file.parent.mkdir(parents=True, exist_ok=True)
    studio.house.confinement_file.write_text('{"network": true, "system_calls": false}', encoding="utf-8")

    assert "打开不可信文件的进程受 网络 限制；本机缺少：系统调用" in operator.opens("/health").text


def test_why_two_assets_cannot_be_merged_is_told_in_chinese(studio: Studio, reader: Visitor) -> None:
    studio.artist.registers("prp_lamp")
    studio.artist.registers("env_hall", kind="environment")

    shown = reader.opens("/assets/prp_lamp/merge?into=env_hall")

    assert "两个资产的类型不同；请先修改其中一项。 prp_lamp is of kind prop" in shown.text


def test_a_reason_that_the_catalog_wrote_is_told_in_chinese_and_one_of_a_person_as_it_is(
    studio: Studio, reader: Visitor
) -> None:
    studio.artist.registers("prp_lamp")
    studio.artist.registers("prp_old")
    asked = "/assets/prp_old/merge?into=prp_lamp"
    found = re.search(r'name="revision" value="(\d+)"', reader.opens(asked).html)
    assert found
    reader.sends("/assets/prp_old/merge", found_on=asked, into="prp_lamp", revision=found[1])

    shown = reader.opens("/assets/prp_old")

    assert "已合并到 prp_lamp prp_lamp" in shown.text
    assert "Merged into" not in shown.text


def test_why_a_version_was_not_published_is_told_in_chinese_by_file(studio: Studio) -> None:
    artist = studio.artist
    artist.registers("prp_lamp")
    artist.drafts("prp_lamp", {"a.txt": b"declared"})
    artist.uploads("prp_lamp", 1, {"a.txt": b"declared"})
    version_id = artist.get("/assets/prp_lamp/versions/1").id
    studio.house.stores.originals.remove(f"incoming/{version_id}/{digest(b'declared')}")
    artist.submits("prp_lamp", 1)
    studio.settles()
    maker = visitor(studio, artist)
    english = maker.opens("/register/prp_lamp/1")
    maker.client.set_cookie("language", "zh-Hans")

    pages = [maker.opens(path) for path in ("/register/prp_lamp/1", "/assets/prp_lamp/versions/1", "/register")]

    assert [page.status for page in pages] == [200, 200, 200]
    assert [page.text.count("a.txt：文件的字节没有送达；请发送。 ") for page in pages] == [1, 1, 1]
    assert all('<bdi lang="en" class="hint">' in page.html for page in pages)
    assert "It could not be published. a.txt: the bytes of" in english.text
    assert "没有送达" not in english.html


def test_what_a_reviewer_wrote_is_shown_as_it_is(studio: Studio) -> None:
    artist = studio.artist
    artist.registers("prp_lamp")
    artist.drafts("prp_lamp", {"a.txt": b"a"})
    artist.uploads("prp_lamp", 1, {"a.txt": b"a"})
    artist.post("/assets/prp_lamp/versions/1/publication", {"review": True})
    studio.settles()
    studio.person("sue", Role.SUPERVISOR).post("/assets/prp_lamp/versions/1/return", {"reason": "把手太短"})

    shown = visitor(studio, artist).opens("/register/prp_lamp/1")

    assert "<bdi>把手太短</bdi>" in shown.html


def test_why_an_edit_was_stopped_is_told_in_chinese(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    sue = studio.person("sue", Role.SUPERVISOR)
    edit = sue.post("/edits", {"assets": ["prp_lamp"], "add_tags": ["brass"]}).id
    sue.post(f"/edits/{edit}/start")
    studio.admin.patch("/users/sue", {"roles": ["viewer"]})
    studio.settles()
    admin = visitor(studio, studio.admin)
    admin.client.set_cookie("language", "zh-Hans")

    shown = admin.opens(f"/edits/{edit}")

    assert "发起人已没有做这件事的权限。" in shown.text
    assert '<bdi lang="en" class="hint">Whoever began it may no longer do it: sue with token' in shown.html


def test_why_a_job_failed_is_told_in_chinese_where_the_catalog_refused_it(studio: Studio) -> None:
    version = studio.artist.publishes("prp_lamp")
    studio.settles()
    job = OwedJob(kind=RENDER_PREVIEWS, subject_id=UUID(version.id), lane=Lane.NORMAL)
    with studio.house.desk.bookkeeping() as session:
        owing.owe(session, [job], clock.now())
        claim = claiming.claim(session, "worker-1", 1, clock.now())
        assert claim is not None
        refusal = Conflict("the index is of another version", code="index-damaged")
        claiming.failed(session, claim, refusal, clock.now(), final=True)
    operator = visitor(studio, studio.admin)
    operator.client.set_cookie("language", "zh-Hans")

    shown = operator.opens("/jobs?state=dead")

    assert "搜索索引" in shown.text
    assert '<pre lang="en">the index is of another version</pre>' in shown.html
