"""Mistakes on pages in Chinese: told in Chinese by their code; the English, with value and remedy, comes after it."""

from __future__ import annotations

import re

import pytest

from catalog.accounts.vocabulary import Role
from tests.files import png
from tests.studio import Studio
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
