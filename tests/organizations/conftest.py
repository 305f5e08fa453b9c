"""Nobody was invited before, as far as limits know."""

from tests.subscribers.conftest import fresh

__all__ = ["fresh"]
