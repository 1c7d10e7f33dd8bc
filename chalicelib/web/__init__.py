"""Routes and pages: parse, call once, answer."""
