"""What happens to text before it is repaired, and sound text that looks like it. Nothing here imports jiaokan."""
