"""The kinds of damage, one per file. Each exports ``find(text)``, which proposes and never applies."""
