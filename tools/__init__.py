"""Tools of the set-up; nothing here is packaged."""
