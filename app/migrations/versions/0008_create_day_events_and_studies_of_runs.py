"""Create day events and studies of runs; keep what a run was asked and what it told"""

import sqlalchemy as sa
from alembic import op

from app.core import db as types

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    # Columns are added one by one: versions refer to this table, which SQLite could then not copy.
    op.add_column("schedule_run", sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("schedule_run", sa.Column("report", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "schedule_study",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("gains", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["schedule_run.id"],
            name=op.f("fk_schedule_study_run_id_schedule_run"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_schedule_study_job_id_job")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_schedule_study")),
        sa.UniqueConstraint("job_id", name=op.f("uq_schedule_study_job_id")),
    )
    _create_day_events()


def _create_day_events() -> None:
    kinds = ("no_show", "late", "lost_tables", "newcomer")
    op.create_table(
        "day_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*kinds, name="dayeventkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("delegation_id", sa.Integer(), nullable=True),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("until_id", sa.Integer(), nullable=True),
        sa.Column("tables", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'lost_tables') = (delegation_id IS NULL)", name=op.f("ck_day_event_delegation")
        ),
        sa.CheckConstraint("(kind = 'lost_tables') = (tables IS NOT NULL)", name=op.f("ck_day_event_tables")),
        sa.CheckConstraint("tables IS NULL OR tables > 0", name=op.f("ck_day_event_tables_positive")),
        sa.CheckConstraint("(kind = 'late') = (until_id IS NOT NULL)", name=op.f("ck_day_event_until")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_day_event_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["delegation_id"],
            ["delegation.id"],
            name=op.f("fk_day_event_delegation_id_delegation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name=op.f("fk_day_event_slot_id_slot"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["until_id"], ["slot.id"], name=op.f("fk_day_event_until_id_slot"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_day_event_recorded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_event")),
    )
    with op.batch_alter_table("day_event") as batch_op:
        for column in ("event_id", "delegation_id"):
            batch_op.create_index(op.f(f"ix_day_event_{column}"), [column])


def downgrade() -> None:
    op.drop_table("day_event")
    op.drop_table("schedule_study")
    op.drop_column("schedule_run", "report")
    op.drop_column("schedule_run", "options")
