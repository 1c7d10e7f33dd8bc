"""The run on one laptop: engine, seed, projector, gateway, clock, persona strip. Never packaged."""
