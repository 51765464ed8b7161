"""Many documents: where they come from, what is done with them, and where they go.

Read it in this order: ``documents`` (one document in, one repaired document out, whatever happens), ``census`` (what
was seen), ``pieces`` (the part of an input that a worker reads), ``compression`` and ``formats`` (how a piece is read
and written); then what makes a run of that: ``plan`` (which inputs there are, and where each goes), ``files`` (writing
whole or not at all), ``jobs`` (what a worker is given), ``work`` and ``workers`` (doing it), ``journal`` (what is
done), ``outputs`` (joining it), ``run``, and ``begin``, with ``sample`` beside it; then ``report`` (telling it); and
``kernel`` with ``columns`` (the same for Arrow), on which ``spark``, ``submit`` and ``ray`` stand.
"""
