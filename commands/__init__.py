"""The longer commands of `manage.py`; never deployed."""
