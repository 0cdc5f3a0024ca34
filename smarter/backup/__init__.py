"""Backup and restore: everything stored, in one file that knows no database (docs/adr/0015-backup.md)."""
