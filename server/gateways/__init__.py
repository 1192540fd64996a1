"""The outside, in our words: WeChat, storage, Redis, pictures, sheets, the queue. No models, no rules."""
