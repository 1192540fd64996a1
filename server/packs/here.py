"""The city that this process serves: one per installation, as there is one database."""

from server.packs.opening import Ways, ways_of

_served: list[str] = []


def serve_city(name: str) -> None:
    """Serve the city with this pack name from now on."""
    _served[:] = [name]


def city() -> Ways:
    """Return the settings of the city that this process serves, or the defaults before it is known."""
    return ways_of(_served[0]) if _served else Ways()
