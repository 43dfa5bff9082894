"""What scripts say on the pages that register: pages hand the texts to them, in the language they are in."""

from __future__ import annotations

from catalog.web.languages import gettext, marked, ngettext, paired

TEXTS: dict[str, str] = {
    "first": marked("The first %(count)s are shown."),
    "role": marked("Role of %(file)s"),
    "unread": marked("Cannot be read"),
    "read": marked("Read"),
    "waiting": marked("Waiting"),
    "twin": marked("%(asset)s version %(number)s"),
    "none": marked("Choose at least one file."),
    "remove": marked("%(fault)s Or remove it from the list."),
    "again": marked(
        "Some of these files are in the catalog already, see above. Press again to upload them all the same."
    ),
    "unreached": marked("The server cannot be reached. What you typed is still here; try again."),
    "unable": marked(
        "%(file)s cannot be hashed by this browser here. Use a secure address (https), or a command above."
    ),
    "unreadable": marked("%(file)s cannot be read; it may have been moved or changed. Choose it again."),
    "reading": marked("Reading %(file)s"),
    "strange": marked(
        "%(files)s: not among the files that are missing. A file that has changed since belongs to another version."
    ),
    "late": marked("The store refuses every upload as expired. Is the clock of this machine or of the server wrong?"),
    "arrived": marked("Arrived"),
    "ended": marked("Your session has ended. Load the page again and sign in: the upload goes on where it stopped."),
    "over": marked("The version does not wait for files any more. Load the page again."),
    "silent": marked("The server cannot be reached. Try again: it goes on where it stopped."),
    "changed": marked(
        "%(file)s is not what it was when it was read (%(answer)s). Close what writes to it, and choose it again."
    ),
    "refused": marked(
        "%(file)s could not be uploaded: the store does not take it now. Try again, it goes on where it stopped."
    ),
    "pause": marked("Pause"),
    "retry": marked("Try again"),
    "resume": marked("Resume"),
    "whole": marked("Every file has arrived"),
    "upload": marked("Upload"),
    "asking": marked("Asking what is missing."),
    "way": marked("%(percent)s %% of %(size)s"),
    "uploading": marked("Uploading: %(way)s has arrived."),
    "paused": marked("Paused: %(way)s has arrived."),
}
COUNTED: dict[str, tuple[str, str]] = {
    "bytes": paired("%(count)s byte", "%(count)s bytes"),
    "files": paired("%(count)s file, %(size)s.", "%(count)s files, %(size)s."),
    "left_out": paired("%(count)s hidden or leftover file left out.", "%(count)s hidden or leftover files left out."),
    "twins": paired("%(count)s file in the catalog already:", "%(count)s files in the catalog already:"),
    "lacking": paired(
        "%(count)s file not arrived yet. Choose the same files again: only what is missing is sent.",
        "%(count)s files not arrived yet. Choose the same files again: only what is missing is sent.",
    ),
}


def words() -> dict[str, str | list[str]]:
    """Return every text by its name, those that count for one and for several; values still have to be put in."""
    found: dict[str, str | list[str]] = {name: gettext(text) for name, text in TEXTS.items()}
    for name, (one, several) in COUNTED.items():
        kept = {"count": "%(count)s", "size": "%(size)s"}
        found[name] = [ngettext(one, several, count, **kept) for count in (1, 2)]
    return found
