"""Many documents: where they come from, what is done with them, and where they go.

Read it in this order: ``documents`` (one document in, one repaired document out, whatever happens), ``census`` (what
was seen), ``pieces`` (which part of which input a worker reads), ``compression`` and ``formats`` (how a piece is read
and written), ``plan`` (which inputs there are, and where each goes), ``journal`` (what is done), ``workers`` and
``run`` (doing it), ``report`` (telling it); and ``kernel`` for Arrow, on which ``spark`` and ``ray`` stand.
"""
