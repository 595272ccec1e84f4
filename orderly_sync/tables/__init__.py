"""What lists and single values look like: as frames of pandas, polars or Arrow, and as compact HTML in a notebook."""
