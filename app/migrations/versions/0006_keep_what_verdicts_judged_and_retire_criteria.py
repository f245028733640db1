"""Keep what each verdict judged; version, source and retirement of criteria"""

import sqlalchemy as sa
from alembic import op

from app.core import db as types

revision = "0006"
down_revision = "0005"

CRITERION = ("source", "source_on", "retired_at", "version")
VERDICT = ("run_id", "need_version", "need_text", "rank", "score", "signals")


def upgrade() -> None:
    # Columns are added one by one: claims refer to this table, which SQLite could then not copy.
    op.add_column("criterion", sa.Column("source", sa.Text(), nullable=False, server_default=""))
    op.add_column("criterion", sa.Column("source_on", sa.Date(), nullable=True))
    op.add_column("criterion", sa.Column("retired_at", types.UtcDateTime(timezone=True), nullable=True))
    op.add_column("criterion", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("verdict") as batch_op:
        batch_op.add_column(sa.Column("run_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("need_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("need_text", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("score", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("signals", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.create_foreign_key(
            op.f("fk_verdict_run_id_match_run"), "match_run", ["run_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_check_constraint(op.f("ck_verdict_rank"), "(rank IS NULL) = (score IS NULL)")


def downgrade() -> None:
    with op.batch_alter_table("verdict") as batch_op:
        batch_op.drop_constraint(op.f("ck_verdict_rank"), type_="check")
        batch_op.drop_constraint(op.f("fk_verdict_run_id_match_run"), type_="foreignkey")
        for name in VERDICT:
            batch_op.drop_column(name)
    for name in CRITERION:
        op.drop_column("criterion", name)
