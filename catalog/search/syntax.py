"""What people type, read as a tree. Pure, in linear time; never fails: what is no syntax is words.

=================== ================================================================================
``ann face``        all of these; the last word may still be in the making: ``ann fa`` finds ``face``
``"ann face"``      the words in this order, next to each other
``fa*`` ``fcae~``   a word that begins so; a word with one letter wrong, ``~2``: two
``-wolf``           not this; also ``NOT wolf``, ``-"grey wolf"``, ``-(wolf fox)``
``wolf OR fox cub`` either of the neighbors of OR, and cub; also ``wolf | fox``
``(a b) OR c``      parentheses hold together
``kind:prop``       a field; ``kind:prop,creature`` and ``kind:(prop OR creature)`` are either
``has:vendor``      any value of a field of the studio
``polys:<50k``      a range: ``<`` ``<=`` ``>`` ``>=`` or ``1.6m..1.9m``
=================== ================================================================================

``str`` of a tree is a text that reads as the same tree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as of

from catalog.search import ranges
from catalog.search.fields import BY_NAME, EXAMPLES, NO_FIELDS, RANGED, Field, Form, carrying, spelled, values_under
from catalog.search.notices import NOTICES_MAX, Mistake, Notice, nearest
from catalog.search.recorded import Recorded
from catalog.search.vocabulary import Tier

FUZZY_MAX = 8
"""So many words may be misspelt: each is compared with all that there are."""

DEPTH_MAX = 16
"""So deep at most stand parentheses in one another."""

_MINUS = "-−－"
_TOKEN = re.compile(
    rf"(?P<minus>[{_MINUS}]*)"
    r"(?:(?P<field>[^\W\d]\w{0,30})[:：])?"
    r"(?:[\"“”「『](?P<quoted>[^\"“”」』]*)(?P<closed>[\"“”」』]?)|(?P<bare>[^\s\"“”「『()（）]+))?"
)
_OPENING, _CLOSING = "(（", ")）"
_ORS = frozenset({"OR", "|", "||"})
_ANDS = frozenset({"AND", "&", "&&"})
_DISTANCES = {"": 1, "1": 1, "2": 2}


@dataclass(frozen=True, kw_only=True)
class Word:
    """One chunk of text without spaces. ``prefix``: it may go on; ``fuzzy``: so many letters may be wrong.

    ``at`` says where it stands.
    """

    text: str
    prefix: bool = False
    fuzzy: int = 0
    at: tuple[int, int] = of(default=(0, 0), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.text}~{self.fuzzy}" if self.fuzzy else self.text + "*" * self.prefix


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """Words in this order, next to each other."""

    text: str
    prefix: bool = False

    def __str__(self) -> str:
        return f'"{self.text}{"*" * self.prefix}"'


@dataclass(frozen=True, kw_only=True)
class Ranged:
    """A range, with the text that it was written as."""

    text: str
    range: ranges.Range

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class Fielded:
    """A value of a field; ``at`` says where it stands."""

    field: Field
    value: Word | Quoted | Ranged
    at: tuple[int, int] = of(default=(0, 0), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.field.name}:{self.value}"


@dataclass(frozen=True, kw_only=True)
class Not:
    """What must not be."""

    node: Node

    def __str__(self) -> str:
        return f"-({self.node})" if isinstance(self.node, All | Either | Not) else f"-{self.node}"


@dataclass(frozen=True, kw_only=True)
class All:
    """All of these; nothing at all limits nothing."""

    nodes: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.nodes))


@dataclass(frozen=True, kw_only=True)
class Either:
    """Any of these."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({node})" if isinstance(node, All) else str(node) for node in self.nodes)


Node = Word | Quoted | Fielded | Not | All | Either


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A text as read: the tree, and what was wrong. ``plain``: it has words and quotations only, so may be a name."""

    tree: All
    notices: tuple[Notice, ...] = ()
    plain: bool = True

    def __str__(self) -> str:
        """Return a text that reads as the same tree; the space says that no word is in the making."""
        return f"{self.tree} "


def read(text: str, custom: Mapping[str, Field] = NO_FIELDS) -> Reading:
    """Read what somebody typed, which may name ``custom`` fields, too; never fails."""
    return _Reader(text, {**custom, **BY_NAME}).read()


@dataclass(kw_only=True)
class _Frame:
    """What stands between two parentheses so far: all of ``groups``, each of which is any of its nodes."""

    start: int
    field: Field | None = None
    negated: bool = False
    groups: list[list[Node]] = of(default_factory=list)
    either: tuple[int, int] | None = None
    negate: bool = False

    def add(self, node: Node | None, *, negated: bool) -> None:
        if node is not None:
            node = Not(node=node) if negated or self.negate else node
            if self.either and self.groups:
                self.groups[-1].append(node)
            else:
                self.groups.append([node])
        self.either, self.negate = None, False

    def node(self) -> Node | None:
        either = (_joined(Either, group) for group in self.groups)
        return _joined(All, [node for node in either if node is not None])


class _Reader:
    """One reading of one text."""

    def __init__(self, text: str, fields: Mapping[str, Field]) -> None:
        self._text = text
        self._fields = fields
        self._notices: list[Notice] = []
        self._frames = [_Frame(start=0)]
        self._ignored = 0
        self._fuzzy = 0
        self._plain = True

    def read(self) -> Reading:
        at, end = 0, len(self._text)
        while at < end:
            if self._text[at].isspace():
                at += 1
            elif self._text[at] in _CLOSING:
                self._close(at)
                at += 1
            else:
                at = self._token(at)
        while len(self._frames) > 1:
            self._tell(Mistake.NOT_CLOSED, self._frames[-1].start, self._frames[-1].start + 1)
            self._pop()
        self._end_of_either()
        tree = self._frames[0].node()
        found = tree if isinstance(tree, All) else All(nodes=() if tree is None else (tree,))
        return Reading(tree=found, notices=tuple(self._notices), plain=self._plain)

    def _token(self, at: int) -> int:
        """Read what begins at ``at``; return where it ends."""
        found = _TOKEN.match(self._text, at)
        end = found.end() if found else at
        negated = bool(found and found["minus"])
        if end < len(self._text) and self._text[end] in _OPENING and (found is None or not _has_value(found)):
            self._open(end, found["field"] if found else None, negated=negated)
            return end + 1
        if found is None or end == at:
            return at + 1
        word = self._text[at:end]
        if word in _ORS or word in _ANDS or word == "NOT":
            self._operator(word, at, end)
            return end
        self._plain = self._plain and not (negated and _has_value(found))
        begins = at + len(found["minus"])
        self._frames[-1].add(
            self._value(found, begins, growing=end == len(self._text) and not negated), negated=negated
        )
        return end

    def _operator(self, word: str, at: int, end: int) -> None:
        frame = self._frames[-1]
        self._plain = False
        if word == "NOT":
            frame.negate = True
        elif word in _ORS:
            if frame.either or not frame.groups:
                self._tell(Mistake.LONE_OR, at, end, instead="")
            frame.either = (at, end)
        else:
            frame.either = None

    def _end_of_either(self) -> None:
        either = self._frames[-1].either
        if either and self._frames[-1].groups:
            self._tell(Mistake.LONE_OR, *either, instead="")

    def _open(self, at: int, name: str | None, *, negated: bool) -> None:
        self._plain = False
        if len(self._frames) > DEPTH_MAX:
            self._ignored += 1
            self._tell(Mistake.TOO_DEEP, at, at + 1, {"most": str(DEPTH_MAX)}, instead="")
            return
        field = self._fields.get(name.casefold()) if name else None
        if name and field is None:
            self._unknown_field(name, at - len(name) - 1)
            self._frames[-1].add(_as_words(Word(text=name)), negated=False)
        inherited = field or self._frames[-1].field
        self._frames.append(_Frame(start=at, field=inherited, negated=negated))

    def _close(self, at: int) -> None:
        if self._ignored:
            self._ignored -= 1
        elif len(self._frames) == 1:
            self._plain = False
            self._tell(Mistake.NOT_OPENED, at, at + 1, instead="")
        else:
            self._pop()

    def _pop(self) -> None:
        self._end_of_either()
        frame = self._frames.pop()
        self._frames[-1].add(frame.node(), negated=frame.negated)

    def _value(self, found: re.Match[str], at: int, *, growing: bool) -> Node | None:
        name, quoted = found["field"], found["quoted"]
        if quoted is None and found["bare"] is None:
            return self._field_without_value(name, at) if name else None
        field = self._fields.get(name.casefold()) if name else self._frames[-1].field
        if name and field is None:
            if quoted is None and (found["bare"].startswith(("//", "\\", "/")) or len(name) == 1):
                return self._word(f"{name}:{found['bare']}", at, growing=growing)
            self._unknown_field(name, at)
            if quoted is None:
                return self._word(f"{name}:{found['bare']}", at, growing=growing)
        if quoted is not None:
            leaf: Node | None = self._quoted(found, growing=growing)
            return leaf if field is None or leaf is None else self._fielded(field, leaf, at, found.end())
        if field is None:
            return self._word(found["bare"], at, growing=growing)
        return self._several(field, found["bare"], at, found.start("bare"), growing=growing)

    def _several(self, field: Field, bare: str, at: int, begins: int, *, growing: bool) -> Node | None:
        """Read ``creature,prop`` and ``-prop``: the values of a field in one chunk."""
        nodes = []
        parts = [bare] if field.form in RANGED or field.form is Form.WORDS else re.split("[,，]", bare)
        for part in parts:
            value = part if field.form is Form.NUMBER else part.lstrip(_MINUS)
            end = begins + len(part)
            word = self._word(value, begins, growing=growing and part is parts[-1]) if value else None
            node = self._fielded(field, word, at, end) if word is not None else None
            if node is not None:
                nodes.append(Not(node=node) if value != part else node)
            begins = at = end + 1
        return _joined(Either, nodes)

    def _quoted(self, found: re.Match[str], *, growing: bool) -> Quoted | None:
        text = found["quoted"]
        bare = text.rstrip("*")
        prefix = bare != text or (growing and not found["closed"] and not text.endswith(" "))
        return Quoted(text=bare, prefix=prefix) if bare.strip() else None

    def _word(self, text: str, at: int, *, growing: bool) -> Word | None:
        body, tilde, distance = text.rpartition("~")
        fuzzy = _DISTANCES.get(distance, 0) if tilde and body else 0
        if tilde and body and not fuzzy and distance.isdecimal():
            self._tell(Mistake.BAD_FUZZINESS, at + len(body), at + len(text), instead="~2")
        begun = body if fuzzy else text
        bare = begun.rstrip("*")
        self._fuzzy += bool(fuzzy)
        if self._fuzzy > FUZZY_MAX and fuzzy:
            fuzzy = 0
            self._tell(Mistake.TOO_MANY_FUZZY, at + len(body), at + len(text), {"most": str(FUZZY_MAX)}, instead="")
        if not bare:
            self._tell(Mistake.LONE_STAR, at, at + len(text), instead="")
            return None
        if "*" in bare:
            star = at + bare.index("*")
            self._tell(Mistake.INNER_STAR, star, star + 1)
        starred = bare != begun
        stands = (at, at + len(text))
        return Word(text=bare, fuzzy=fuzzy, prefix=not fuzzy and (starred or growing), at=stands)

    def _fielded(self, field: Field, leaf: Node, at: int, end: int) -> Node | None:
        """Return a value of a field, or words where it is none."""
        self._plain = False
        if not isinstance(leaf, Word | Quoted):
            return leaf
        if field.form in RANGED:
            return self._ranged(field, leaf, at, end)
        field = carrying(field, leaf.text, self._fields)
        leaf = replace(leaf, text=spelled(field, leaf.text))
        if field.values and leaf.text not in field.values:
            said = {"field": field.name, "found": leaf.text[:80]}
            near = nearest(leaf.text, values_under(field, self._fields)) if len(self._notices) < NOTICES_MAX else None
            self._tell(Mistake.UNKNOWN_VALUE, at, end, said, instead=near and f"{field.name}:{near}")
            return _as_words(leaf)
        if field.behind is None:
            self._tell(Mistake.NOTHING_BEHIND, at, end, {"field": field.name}, instead="")
        elif isinstance(leaf, Word) and leaf.fuzzy and not isinstance(field.behind, Tier):
            self._tell(Mistake.NOT_FUZZY, leaf.at[0] + len(leaf.text), leaf.at[1], {"field": field.name}, instead="")
            leaf = replace(leaf, fuzzy=0)
        return Fielded(field=field, value=leaf, at=(at, end))

    def _ranged(self, field: Field, leaf: Word | Quoted, at: int, end: int) -> Node | None:
        text = unicodedata.normalize("NFKC", leaf.text)  # full-width, as Chinese keyboards write digits and signs
        unit = field.behind.unit if isinstance(field.behind, Recorded) else ""
        found = ranges.read(ranges.without_unit(text, unit), field.form)
        if found is None:
            said = {"field": field.name, "found": text[:80], "example": EXAMPLES[field.form]}
            self._tell(Mistake.BAD_RANGE, at, end, said)
            return _as_words(leaf)
        if field.behind is None:
            self._tell(Mistake.NOTHING_BEHIND, at, end, {"field": field.name}, instead="")
        elif found.reversed:
            first, _, last = text.partition("..")
            self._tell(Mistake.RANGE_REVERSED, at, end, instead=f"{field.name}:{last}..{first}")
        return Fielded(field=field, value=Ranged(text=text, range=found), at=(at, end))

    def _field_without_value(self, name: str, at: int) -> Word | Quoted:
        if (field := self._fields.get(name.casefold())) is not None:
            self._tell(Mistake.FIELD_WITHOUT_VALUE, at, at + len(name) + 1, {"field": field.name})
        return _as_words(Word(text=name))

    def _unknown_field(self, name: str, at: int) -> None:
        if len(self._notices) < NOTICES_MAX:  # what is nearest takes its time
            self._tell(Mistake.UNKNOWN_FIELD, at, at + len(name), {"found": name}, instead=nearest(name, self._fields))

    def _tell(
        self, mistake: Mistake, start: int, end: int, said: dict[str, str] | None = None, *, instead: str | None = None
    ) -> None:
        if len(self._notices) < NOTICES_MAX:
            values = tuple((said or {}).items())
            self._notices.append(Notice(mistake=mistake, start=start, end=end, said=values, instead=instead))


def _has_value(found: re.Match[str]) -> bool:
    return found["quoted"] is not None or found["bare"] is not None


def _as_words(leaf: Word | Quoted) -> Word | Quoted:
    """Return a leaf that stands where no field is; a word that would be syntax there is quoted."""
    syntax = isinstance(leaf, Word) and (":" in leaf.text or "：" in leaf.text or leaf.text in _ORS | _ANDS | {"NOT"})
    return Quoted(text=leaf.text) if syntax else leaf


def _joined(kind: type[All | Either], nodes: Iterable[Node]) -> Node | None:
    """Return one node for several: those of the same kind are taken into it; one alone stands for itself."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, kind) else [node])
    unique = list(dict.fromkeys(flat))
    return kind(nodes=tuple(unique)) if len(unique) > 1 else unique[0] if unique else None
