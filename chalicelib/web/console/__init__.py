"""The console: who signs in sets campaigns up, publishes them and sees what was changed."""
