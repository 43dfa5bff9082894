"""What an actor may do. Roles (``accounts.roles``) and token scopes are sets of these."""

from __future__ import annotations

from enum import StrEnum


class Ability(StrEnum):
    """One right to act or to see; rights to *use* an asset are another matter (clearance)."""

    BROWSE = "browse"
    """Read what the audience admits."""
    SEE_EVERYTHING = "see-everything"
    """Read beyond audiences: administrators and those who audit."""
    REGISTER = "register"
    """Enter assets, describe and relate them."""
    PUBLISH = "publish"
    """Draft, upload and publish versions."""
    ANNOTATE = "annotate"
    """Write notes and known issues on versions, and see to them."""
    CURATE = "curate"
    """Merge tags and assets, approve versions or send them back, change and remove what others wrote."""
    WITHDRAW = "withdraw"
    """Deprecate or withdraw a version, retire an asset."""
    RELEASE = "release"
    """Take originals out: download, pull, resolve, export."""
    IMPORT = "import"
    """Register in bulk."""
    COLLECT = "collect"
    """Keep collections, and change those that are shared for it."""
    MANAGE_SHOWS = "manage-shows"
    MANAGE_ROOTS = "manage-roots"
    MANAGE_FIELDS = "manage-fields"
    """Define what assets carry besides: custom fields."""
    MANAGE_ACCOUNTS = "manage-accounts"
    MANAGE_OWN_TOKENS = "manage-own-tokens"
    ACT_FOR_OTHERS = "act-for-others"
    """A service token's right to act on behalf of a user."""
    AUDIT = "audit"
    """Read the ledger."""
    OPERATE = "operate"
    """See and retry jobs, verify, sweep, reindex."""
