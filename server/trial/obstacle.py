"""What prevents a start, in the words of the person at the keyboard."""


class Obstacle(Exception):
    """The trial cannot start or continue; the text is one plain Chinese sentence saying what to do."""
