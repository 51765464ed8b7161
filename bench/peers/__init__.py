"""Those that jiaokan is compared with: repairs, detectors of charsets, language models, services."""
