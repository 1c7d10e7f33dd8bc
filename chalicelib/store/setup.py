"""What the outside may do with the tables as such: say where they are, make them, name them."""

from chalicelib.store.tables import connect, create_all, names

__all__ = ["connect", "create_all", "names"]
