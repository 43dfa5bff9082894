"""The table of search: what people decide about it. The index itself is derived and is no table."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db.base import Base, UtcDateTime


class SynonymFile(Base):
    """The synonyms of this studio, as people write them. There is one, once somebody has changed what is shipped."""

    __tablename__ = "synonym_file"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
