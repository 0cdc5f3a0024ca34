"""The generation of an opening: a stamp that the database itself moves with every row that its figures stand on.

All rubrics together have one as well, for what is kept of published versions.

What a process has worked out for a reader may be shown again for as long as the stamp is the same (see
`candidates.keeping`). Triggers move it, in the transaction of the change, so that no act can forget to. It
is random, never counted: after a rollback or a restore no stamp comes back with other rows under it.

The table belongs to no model: a stamp says nothing by itself, and no backup holds one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

TABLE = "candidates_generation"
RANDOM = {"postgresql": "gen_random_uuid()::text", "sqlite": "lower(hex(randomblob(16)))"}
OF_CARD = """SELECT a.opening_id FROM candidates_application a JOIN candidates_interview i ON i.application_id = a.id
    JOIN candidates_scorecard c ON c.interview_id = i.id WHERE c.id = {}"""
OF_ALL_RUBRICS = "SELECT 0 AS opening_id"
QUESTION_COLUMNS = tuple(
    f"{{0}}.{name}" for name in ("id", "dimension_id", "key", "kind", "text", "probes", "listen_for", "position")
)
# A card seals its holder for the candidate in every opening.
OF_SAME_CANDIDATE = """SELECT a.opening_id FROM candidates_application a JOIN candidates_application own
    ON own.candidate_id = a.candidate_id WHERE own.id = {}"""

OF_PERSON = f"""SELECT o.opening_id, g.stamp FROM (
    SELECT m.opening_id FROM candidates_openingmember m WHERE m.user_id = %s
    UNION SELECT a.opening_id FROM candidates_scorecard c JOIN candidates_interview i ON i.id = c.interview_id
    JOIN candidates_application a ON a.id = i.application_id WHERE c.interviewer_id = %s
    ) o LEFT JOIN {TABLE} g ON g.opening_id = o.opening_id ORDER BY o.opening_id"""  # noqa: S608 - constants


@dataclass(frozen=True)
class Watched:
    """A table whose rows move stamps: which columns matter, in which rows, and of which openings.

    In all three `{0}` stands for the row.
    """

    name: str
    columns: tuple[str, ...]
    openings: str
    where: str = "1 = 1"

    @property
    def table(self) -> str:
        """Its name in the database."""
        return self.name if "_" in self.name else f"candidates_{self.name}"

    def trigger(self, event: str) -> str:
        """The name of the trigger for INSERT, UPDATE or DELETE."""
        return f"generation_{self.name}_{event.lower()}"


WATCHED = (
    Watched("opening", ("{0}.id", "{0}.rubric_version_id", "{0}.title", "{0}.state"), "SELECT {0}.id AS opening_id"),
    Watched("openingmember", ("{0}.opening_id", "{0}.user_id", "{0}.role"), "SELECT {0}.opening_id"),
    Watched("openingweight", ("{0}.opening_id", "{0}.dimension_key", "{0}.points"), "SELECT {0}.opening_id"),
    Watched("application", ("{0}.opening_id", "{0}.candidate_id", "{0}.stage"), "SELECT {0}.opening_id"),
    Watched(
        "candidate",
        ("{0}.id", "{0}.name", "{0}.current_role"),
        "SELECT a.opening_id FROM candidates_application a WHERE a.candidate_id = {0}.id",
    ),
    Watched(
        "interview",
        (
            *("{0}.id", "{0}.application_id", "{0}.rubric_version_id", "{0}.cancelled_at"),
            *("{0}.starts_at", "{0}.minutes"),
        ),
        OF_SAME_CANDIDATE.format("{0}.application_id"),
    ),
    Watched(
        "scorecard",
        (
            *("{0}.id", "{0}.interview_id", "{0}.interviewer_id", "{0}.state", "{0}.focus", "{0}.is_shadow"),
            "{0}.is_independent",
            "CASE WHEN {0}.state = 'submitted' THEN {0}.recommendation END",
            "CASE WHEN {0}.state = 'submitted' THEN {0}.summary END",
        ),
        OF_SAME_CANDIDATE.format("(SELECT i.application_id FROM candidates_interview i WHERE i.id = {0}.interview_id)"),
    ),
    Watched(
        "score",
        (
            *("{0}.scorecard_id", "{0}.dimension_id", "{0}.value", "{0}.not_observed", "{0}.evidence"),
            "{0}.is_final",
        ),
        OF_CARD.format("{0}.scorecard_id"),
        where="{0}.is_final",
    ),
    Watched(
        "revision",
        ("{0}.score_id", "{0}.value", "{0}.reason", "{0}.text"),
        OF_CARD.format("(SELECT s.scorecard_id FROM candidates_score s WHERE s.id = {0}.score_id)"),
    ),
    Watched(
        "earlylook",
        ("{0}.application_id", "{0}.viewer_id"),
        "SELECT a.opening_id FROM candidates_application a WHERE a.id = {0}.application_id",
    ),
    Watched(
        "accounts_user",
        ("{0}.id", "{0}.name", "{0}.job_title", "{0}.level", "{0}.is_active"),
        """SELECT a.opening_id FROM candidates_application a JOIN candidates_interview i ON i.application_id = a.id
            JOIN candidates_scorecard c ON c.interview_id = i.id WHERE c.interviewer_id = {0}.id""",
    ),
    Watched("rubrics_rubric", ("{0}.id", "{0}.name"), OF_ALL_RUBRICS),
    Watched("rubrics_rubricversion", ("{0}.id", "{0}.rubric_id", "{0}.number", "{0}.state"), OF_ALL_RUBRICS),
    Watched(
        "rubrics_dimension",
        (
            *("{0}.id", "{0}.version_id", "{0}.key", "{0}.letter", "{0}.name", "{0}.meaning", "{0}.weight"),
            "{0}.position",
        ),
        OF_ALL_RUBRICS,
    ),
    Watched("rubrics_question", QUESTION_COLUMNS, OF_ALL_RUBRICS),
    Watched(
        "rubrics_sampleanswer",
        ("{0}.id", "{0}.version_id", "{0}.key", "{0}.answer", "{0}.rating"),
        OF_ALL_RUBRICS,
    ),
    Watched("rubrics_anchor", ("{0}.id", "{0}.dimension_id", "{0}.value", "{0}.text"), OF_ALL_RUBRICS),
)


def stamp_of(opening: str) -> RawSQL:
    """The stamp of an opening whose primary key stands in this column, "0" for that of all rubrics.

    Without one, nothing may be kept.
    """
    return RawSQL(f"(SELECT g.stamp FROM {TABLE} g WHERE g.opening_id = {opening})", [])  # noqa: S608, S611 - constants


def stamp_of_person(connection: BaseDatabaseWrapper, person: int) -> str | None:
    """The stamps of all openings on whose team or panels somebody is, as one; None where one of them has none."""
    with connection.cursor() as cursor:
        cursor.execute(OF_PERSON, [person, person])
        found = dict(cursor.fetchall())
    return None if None in found.values() else " ".join(f"{opening}:{stamp}" for opening, stamp in found.items())


def watch(connection: BaseDatabaseWrapper) -> None:
    """Have the database move the stamps from now on; whatever was worked out before is past."""
    if not {watched.table for watched in WATCHED} <= set(connection.introspection.table_names()):
        return  # migrated back to where there is nothing to watch
    unwatch(connection)
    statements = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}[connection.vendor]
    everything = "(SELECT id FROM candidates_opening UNION SELECT 0) x"  # 0 stands for all rubrics
    fresh = f"INSERT INTO {TABLE} SELECT x.id, {RANDOM[connection.vendor]} FROM {everything}"  # noqa: S608
    create = f"CREATE TABLE IF NOT EXISTS {TABLE} (opening_id bigint PRIMARY KEY, stamp varchar(36) NOT NULL)"
    with connection.cursor() as cursor:
        for statement in (create, f"DELETE FROM {TABLE}", fresh):  # noqa: S608 - constants
            cursor.execute(statement)
        for watched in WATCHED:
            for statement in statements(watched):
                cursor.execute(statement)


def unwatch(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away for as long as migrations rebuild the tables, and the stamps, so that nothing is kept."""
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608 - a constant
        for watched in WATCHED:
            for event in ("INSERT", "UPDATE", "DELETE"):
                table = f" ON {watched.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {watched.trigger(event)}{table}")


def _on_postgresql(watched: Watched) -> Iterator[str]:
    """One trigger for each kind of statement, whatever the number of its rows."""
    of_old, of_new = (watched.openings.format(row) for row in ("o", "n"))
    differs = "({}) IS DISTINCT FROM ({})".format(*(", ".join(watched.columns).format(row) for row in ("o", "n")))
    counts = {row: watched.where.format(row) for row in ("o", "n")}
    moved = {
        "INSERT": f"after_it n, LATERAL ({of_new}) x (opening) WHERE {counts['n']}",
        "UPDATE": f"""before_it o JOIN after_it n ON n.id = o.id, LATERAL ({of_old} UNION {of_new}) x (opening)
            WHERE ({counts["o"]} OR {counts["n"]}) AND {differs}""",
        "DELETE": f"before_it o, LATERAL ({of_old}) x (opening) WHERE {counts['o']}",
    }
    tables = {
        "INSERT": "NEW TABLE AS after_it",
        "UPDATE": "OLD TABLE AS before_it NEW TABLE AS after_it",
        "DELETE": "OLD TABLE AS before_it",
    }
    for event, rows in moved.items():
        # In the order of openings, so that two of these never wait for each other.
        yield f"""CREATE OR REPLACE FUNCTION {watched.trigger(event)}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO {TABLE} SELECT found.opening, {RANDOM["postgresql"]}
            FROM (SELECT DISTINCT x.opening FROM {rows} ORDER BY x.opening) found
            ON CONFLICT (opening_id) DO UPDATE SET stamp = excluded.stamp;
            RETURN NULL; END $$"""  # noqa: S608 - constants
        yield f"""CREATE TRIGGER {watched.trigger(event)} AFTER {event} ON {watched.table}
            REFERENCING {tables[event]} FOR EACH STATEMENT EXECUTE FUNCTION {watched.trigger(event)}()"""


def _on_sqlite(watched: Watched) -> Iterator[str]:
    """One trigger for each kind of statement and every row; it knows no other kind."""
    differs = "({}) IS NOT ({})".format(*(", ".join(watched.columns).format(row) for row in ("OLD", "NEW")))
    counts = {row: watched.where.format(row) for row in ("OLD", "NEW")}
    events = {
        "INSERT": (("NEW",), counts["NEW"]),
        "UPDATE": (("OLD", "NEW"), f"({counts['OLD']} OR {counts['NEW']}) AND {differs}"),
        "DELETE": (("OLD",), counts["OLD"]),
    }
    for event, (rows, condition) in events.items():
        openings = " UNION ".join(watched.openings.format(row) for row in rows)
        # Not by ON CONFLICT, which an INSERT OR IGNORE outside would override in here.
        yield f"""CREATE TRIGGER {watched.trigger(event)} AFTER {event} ON {watched.table} WHEN {condition} BEGIN
            DELETE FROM {TABLE} WHERE opening_id IN ({openings});
            INSERT INTO {TABLE} SELECT x.opening_id, {RANDOM["sqlite"]} FROM (SELECT DISTINCT * FROM ({openings})) x;
            END"""  # noqa: S608 - constants
