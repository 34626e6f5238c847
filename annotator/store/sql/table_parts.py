"""What the tables are made of: their base, and columns that many of them have."""

from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Integer,
    MetaData,
    Text,
)
from sqlmodel import Field, SQLModel

from annotator.store.sql.column_types import Utc


class Base(SQLModel):
    """Every table; names of indexes and keys are made in one way, as upgrades need them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def big(*, nullable: bool = False) -> Any:
    """A whole number of 64 bits."""
    return Field(sa_column=Column(BigInteger, nullable=nullable))


def moment(*, nullable: bool = False) -> Any:
    """A time, in UTC."""
    return Field(default=None if nullable else ..., sa_column=Column(Utc, nullable=nullable))


def chained() -> Any:
    """A chain value of the journal (`core.journal.chain`): 64 hexadecimal digits."""
    return Field(sa_column=Column(Text, nullable=False, server_default=""))


def count() -> Any:
    """A count that rows of earlier versions begin with as 0."""
    return Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))


def as_json(*, nullable: bool = False) -> Any:
    """A value as JSON; None is NULL."""
    kind = JSON(none_as_null=True)
    return Field(default=None if nullable else ..., sa_column=Column(kind, nullable=nullable))
