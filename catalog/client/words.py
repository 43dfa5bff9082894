"""Closed words that arguments are taken from.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from typing import Literal

Kind = Literal[
    "digital_double",
    "creature",
    "crowd",
    "vehicle",
    "prop",
    "environment",
    "vegetation",
    "groom",
    "costume",
    "fx_element",
    "matte_painting",
    "hdri",
    "material",
    "mocap",
    "lidar",
    "rig_template",
]
AssetStatus = Literal["active", "retired"]
RelationKind = Literal["contains", "revision", "variant", "derivation", "representation", "alternative"]
IssueState = Literal["open", "closed"]
Severity = Literal["minor", "major", "blocking"]
Purpose = Literal[
    "production",
    "previs",
    "lookdev_test",
    "reference",
    "marketing",
    "advertising",
    "archive",
    "research",
    "education",
    "resale",
    "data_mining",
    "ai_inference",
    "ai_training",
    "ai_generative_training",
]
Platform = Literal["linux", "windows", "macos"]
Sort = Literal["relevance", "newest", "name", "reused"]
Form = Literal["csv", "json"]
RowState = Literal["planned", "same", "refused", "applied", "left", "undone", "kept"]
Whose = Literal["mine", "shared", "studio"]
ShareRole = Literal["view", "edit"]
FieldType = Literal["text", "exact", "number"]
WhoseSearches = Literal["mine", "shared", "studio"]
Language = Literal["en", "zh-Hans"]
Role = Literal["viewer", "artist", "supervisor", "pipeline", "licensing", "privacy_officer", "admin"]
Ability = Literal[
    "browse",
    "see-everything",
    "register",
    "publish",
    "annotate",
    "curate",
    "withdraw",
    "release",
    "import",
    "collect",
    "manage-shows",
    "manage-roots",
    "manage-fields",
    "manage-accounts",
    "manage-own-tokens",
    "act-for-others",
    "audit",
    "operate",
]
JobState = Literal["owed", "running", "done", "dead"]
