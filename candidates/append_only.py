"""The tables of this app that the database keeps as they were written."""

from smarter.audit.triggers import AppendOnly

DECISIONS = AppendOnly("candidates_decision", "decision", "decisions never change; a later one is a new one")
