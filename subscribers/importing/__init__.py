"""Taking in a file of people: a million rows, rubbish among them, on a machine that may die at any moment.

A file is cut into pieces as it arrives (cutting.py), and nothing of it is ever whole in memory. Each piece is read into
staged lines (reading.py: what a row means, or what is wrong with it). When the last piece is read, the lines are looked
at together (checking.py: twice in the file, suppressed, known already). Then a person sees what would happen and says
how these people agreed to be written to (agreeing.py), and each piece's lines become people (applying.py).

A piece is the intention: whoever takes it locks its row, does its work and marks or deletes it, all in one transaction.
A process that is killed takes nothing with it, and any number may work at once (working.py).

The file is kept in the database, because web servers and workers share nothing else for certain: in pieces until they
are read, as staged lines until they are applied. What was rejected is kept for a month, so that it can be mended.
"""
