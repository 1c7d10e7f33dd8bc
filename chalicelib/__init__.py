"""Marquee: pop-up promotions, exact and offline."""
