"""The rules that counter and district obey: standard library only, no I/O, no clock."""
