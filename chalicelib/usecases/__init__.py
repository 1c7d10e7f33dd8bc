"""One verb a module: what the product does, with the outside handed in."""
