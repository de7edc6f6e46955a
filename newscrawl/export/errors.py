"""What a person must know when an export cannot be made."""


class ExportError(Exception):
    """An export that was not made; the text is one line that says what to do."""
