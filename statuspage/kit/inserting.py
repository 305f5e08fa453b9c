"""`INSERT INTO … SELECT …` for a model: what a column is not given, it gets from its field's default, as in `create`.

So a column that is added to the model later needs no change where rows are made by the thousand.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.fields import NOT_PROVIDED


class Insertion:
    """`columns` are SQL expressions over `source` ("FROM …")."""

    def __init__(self, model: type[Model], columns: Mapping[str, str], source: str, *, returning: str = "") -> None:
        self._model, self._columns, self._source, self._returning = model, columns, source, returning

    @cached_property
    def sql(self) -> str:
        """Takes `defaults` beside its own parameters, by name."""
        expressions = {**self._columns, **{column: f"%({self._name(column)})s" for column in self._defaults}}
        return (
            f"INSERT INTO {self._model._meta.db_table} ({', '.join(expressions)})"
            f" SELECT {', '.join(expressions.values())} {self._source}"
            + (f" RETURNING {self._returning}" if self._returning else "")
        )

    @property
    def defaults(self) -> dict[str, Any]:
        return {self._name(column): value for column, value in self._defaults.items()}

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        left = [
            field
            for field in self._model._meta.concrete_fields
            if field.column not in self._columns and not field.primary_key and field.db_default is NOT_PROVIDED
        ]
        return {str(field.column): field.get_db_prep_save(field.get_default(), connection) for field in left}

    def _name(self, column: str) -> str:
        return f"{self._model._meta.model_name}_{column}"
