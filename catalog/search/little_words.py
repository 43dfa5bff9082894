"""English words that say nothing of what is looked for: the sword of the hero is a sword and a hero. Pure."""

from __future__ import annotations

LITTLE_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "do",
        "does",
        "for",
        "from",
        "has",
        "have",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "there",
        "these",
        "this",
        "those",
        "to",
        "was",
        "were",
        "where",
        "which",
        "with",
    }
)


def is_little(typed: str) -> bool:
    """Whether a word is little as it is typed; a capital alone is more likely a name: crowd A, A. Karlsson."""
    word = "".join(filter(str.isalnum, typed))
    return word.casefold() in LITTLE_WORDS and not (len(word) == 1 and word.isupper())
