"""How maintainers make the language model that the package ships: run by ``make model``, never by a user.

A pinned Debian package goes in, the same bytes come out on every machine. Read in this order:

* :mod:`model.source` fetches the package, checks its digest and takes the model file out of it.
* :mod:`model.kenlm` reads that file, a KenLM trie, into arrays.
* :mod:`model.ngrams` is what those arrays are: words, bigrams and trigrams with their probabilities.
* :mod:`model.pack` writes the file that ``jiaokan.lexicon.model_file`` maps into memory.
"""
