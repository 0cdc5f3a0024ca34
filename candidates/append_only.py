"""The tables of this app that the database keeps as they were written."""

from dataclasses import replace

from smarter.audit.triggers import AppendOnly

DECISIONS_WITHOUT_DOOR = AppendOnly(
    "candidates_decision", "decision", "decisions never change; a later one is a new one"
)
# Erasing a person takes words out and says when. Whatever else the row holds stays as it is; what a text becomes says
# that something was taken out of it. The database knows no more than this row, or changing other tables would be hard.
DECISIONS = replace(
    DECISIONS_WITHOUT_DOOR,
    door="""NEW.id = OLD.id AND NEW.application_id = OLD.application_id AND NEW.outcome = OLD.outcome
        AND NEW.snapshot = OLD.snapshot AND NEW.decided_by_id = OLD.decided_by_id AND NEW.decided_at = OLD.decided_at
        AND NEW.erased_at IS NOT NULL AND (OLD.erased_at IS NULL OR NEW.erased_at >= OLD.erased_at)
        AND (NEW.rationale = OLD.rationale OR NEW.rationale LIKE '%[erased]%')
        AND (NEW.against_order_reason = OLD.against_order_reason OR NEW.against_order_reason LIKE '%[erased]%')""",
    columns=("erased_at",),
)
