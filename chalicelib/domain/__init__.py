"""The rules of the product, pure: no clock, no chance, no network."""
