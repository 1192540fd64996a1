from tests.server.reminders.conftest import city

__all__ = ["city"]
