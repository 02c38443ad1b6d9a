"""Migrations of the fixed tables; each is a `.sql` file with a `.py` file of the same name that places it in order."""
