"""What is deployed: the zip for Lambda, its template, and the files for the bucket."""
