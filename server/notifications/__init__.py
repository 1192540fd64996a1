"""What reaches people: the inbox, WeChat's subscribe messages, and what they allowed."""
