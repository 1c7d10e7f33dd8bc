"""Why nothing can be packaged, in a sentence that says what to do."""


class CannotPackageError(Exception):
    """Raised with that sentence."""
