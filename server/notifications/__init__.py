"""Notifications: the inbox, WeChat's subscribe messages, and what people have allowed."""
