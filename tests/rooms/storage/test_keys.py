"""How objects are named."""

from uuid import UUID

import pytest

from catalog.kernel.errors import InvalidInput
from catalog.storage.keys import blob_key, derivative_key, digest_in, incoming_key

ABCD = "abcd" + "0" * 60


def test_a_blobs_key_is_made_of_its_digest() -> None:
    assert blob_key(ABCD) == f"sha256/ab/cd/{ABCD}"


def test_a_blobs_key_tells_its_digest_and_no_other_key_does() -> None:
    assert digest_in(f"sha256/ab/cd/{ABCD}") == ABCD
    assert digest_in(f"sha256/ab/ce/{ABCD}") is None
    assert digest_in(f"incoming/x/{ABCD}") is None
    assert digest_in("sha256/ab/cd/abcd") is None


def test_bytes_land_under_a_key_of_who_brings_them() -> None:
    owner = UUID("01900000-0000-7000-8000-000000000000")

    assert incoming_key(owner, ABCD) == f"incoming/01900000-0000-7000-8000-000000000000/{ABCD}"


def test_a_derivatives_key_says_what_made_it_of_what() -> None:
    assert derivative_key(ABCD, "thumbnail-240", "f3d-4.0.0+1") == f"{ABCD}/thumbnail-240/f3d-4.0.0+1"


@pytest.mark.parametrize("derivative", ["", "..", "a b", "a/../b", "é"])
def test_a_derivative_is_named_in_plain_letters(derivative: str) -> None:
    with pytest.raises(InvalidInput, match="is no key"):
        derivative_key(ABCD, derivative, "1")
