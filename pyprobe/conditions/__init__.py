"""The expression language of triggers and breakpoints. Pure; empty until triggers exist."""
