"""Adapters to the outside: WeChat, storage, Redis, pictures, sheets, the queue. No models, no rules."""
