"""Writes the client's classes: frozen dataclasses that read themselves from JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from scripts.generation.plan import Kind, class_name, fields_of, home_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from scripts.generation.plan import Answers, Field

HEAD = '"""{title}\n\nWritten by scripts/generate_client from the table of operations; change that, not this.\n"""\n\n'
IMPORTS = """from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.client.wire import Json, moment
"""


def answer_modules(answers: Answers) -> Iterator[tuple[str, str]]:
    """Yield each module's path below ``catalog/client`` and its text, not yet formatted."""
    for home, models in answers.modules.items():
        text = HEAD.format(title=f"What the server answers about {home}.") + IMPORTS
        for other, names in _borrowed(home, models, answers).items():
            text += f"from catalog.client.answers.{other} import {', '.join(sorted(names))}\n"
        text += "".join(_class(model, answers) for model in models)
        yield f"answers/{home}.py", text
    yield (
        "answers/__init__.py",
        '"""What the server answers: frozen dataclasses, one module for each part of the API."""\n',
    )


def type_text(kind: Kind) -> str:
    """Return a field's type as annotations spell it."""
    text = (
        "Any"
        if kind.base is Any
        else class_name(kind.base)
        if kind.is_model
        else "str"
        if kind.words
        else kind.base.__name__
    )
    text = f"list[{text}]" if kind.many else text
    text = f"dict[str, {text}]" if kind.mapped else text
    return f"{text} | None" if kind.empty and text != "Any" else text


def _borrowed(home: str, models: list[type[BaseModel]], answers: Answers) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for model in models:
        names = {class_name(one.kind.base) for one in fields_of(model) if one.kind.is_model}
        names |= {name for name in map(_base_name, [model]) if name}
        for name in names:
            if answers.homes[name] != home:
                found.setdefault(answers.homes[name], set()).add(name)
    return found


def _base_name(model: type[BaseModel]) -> str | None:
    base = model.__mro__[1]
    return class_name(base) if base.__name__ not in {"Answer", "Model", "BaseModel"} else None


def _class(model: type[BaseModel], answers: Answers) -> str:
    name, base = class_name(model), _base_name(model)
    own = [one for one in fields_of(model) if base is None or one.name not in model.__mro__[1].model_fields]  # type: ignore[attr-defined]
    told = answers.inputs.get(name)
    defaults = {one.name: one.default for one in fields_of(told) if not one.required} if told else {}
    own.sort(key=lambda one: one.name in defaults)
    lines = [f"\n\n@dataclass(frozen=True)\nclass {name}{f'({base})' if base else ''}:", f'    """{model.__doc__}"""\n']
    for one in own:
        default = f" = {_default(defaults[one.name])}" if one.name in defaults else ""
        spelled = type_text(one.kind)
        lines.append(
            f"    {one.name}: {spelled.replace('list', 'Sequence') if default.endswith('()') else spelled}{default}"
        )
        if one.description:
            lines.append(f'    """{sentence(one.description)}"""')
    lines += [
        "",
        "    @classmethod",
        f"    def read(cls, found: Json) -> {name}:",
        f'        """Read {name} from what a JSON document holds."""',
    ]
    inherited = [f"**vars({base}.read(found))"] if base else []
    read = [f"{one.name}={_reading(one)}" for one in fields_of(model) if base is None or one in own]
    lines.append(f"        return cls({', '.join(inherited + read)},)")
    return "\n".join(lines) + "\n"


def sentence(text: str) -> str:
    """Return a description as a sentence of a docstring."""
    text = text[0].upper() + text[1:] if not text.startswith("`") else text
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _default(value: object) -> str:
    return repr(str(value) if isinstance(value, str) else value)


def _reading(one: Field) -> str:
    kind, found = one.kind, f'found["{one.name}"]'
    if not one.required and isinstance(one.default, bool | int | float | str | list | dict) and not kind.words:
        # An older server may not know the field yet; then it means what the server says that it means.
        found = f'found.get("{one.name}", {one.default!r})'
    single = _wrapped(kind, "one")
    if kind.mapped and (kind.many or single != "one"):
        inner = f"[{single} for one in several]" if kind.many else _wrapped(kind, "several")
        return f"{{name: {inner} for name, several in {found}.items()}}"
    if kind.many and single != "one":
        reading = f"[{single} for one in {found}]"
    else:
        reading = found if kind.many or kind.mapped else _wrapped(kind, found)
    if not kind.empty:
        return reading
    return f'found.get("{one.name}")' if reading == found else f'None if found.get("{one.name}") is None else {reading}'


def _wrapped(kind: Kind, expression: str) -> str:
    if kind.is_model:
        return f"{class_name(kind.base)}.read({expression})"
    return {datetime: f"moment({expression})", UUID: f"UUID({expression})"}.get(kind.base, expression)


__all__ = ["HEAD", "answer_modules", "home_of", "sentence", "type_text"]
