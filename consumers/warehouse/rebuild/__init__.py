"""rebuild: core tables made anew from the lake, compared with those that are there, and swapped in on demand."""
