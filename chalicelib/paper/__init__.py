"""What is printed: a sheet of shapes and words, in millimetres, as SVG for a page and as PDF."""
