"""The formats that documents come in, one to a file."""
