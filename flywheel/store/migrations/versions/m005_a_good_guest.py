"""a good guest"""

import sqlalchemy as sa
from alembic import op


revision = "m005"
down_revision = "m004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said", sa.JSON(), nullable=True))

    op.create_table(
        "answer_check",
        sa.Column("answer_id", sa.String(length=64), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("answer_id", "state_hash", name=op.f("pk_answer_check")),
    )
    with op.batch_alter_table("answer_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_check_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_check_verdict"), ["verdict"], unique=False)

    op.create_table(
        "channel_setting",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("experts", sa.JSON(), nullable=False),
        sa.Column("daily_answers", sa.Integer(), nullable=False),
        sa.Column("daily_cost", sa.Float(), nullable=True),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("muted_why", sa.Text(), nullable=False),
        sa.Column("read_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_setting")),
    )
    op.create_table(
        "escalation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("answer_id", sa.String(length=64), nullable=False),
        sa.Column("question_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("expert", sa.String(length=64), nullable=True),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_by", sa.String(length=64), nullable=True),
        sa.Column("reply_ts", sa.String(length=32), nullable=True),
        sa.Column("correction_id", sa.String(length=64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_asker"), ["asker"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_expert"), ["expert"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_state"), ["state"], unique=False)

    op.create_table(
        "said",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("root", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("edited", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("channel", "ts", name=op.f("pk_said")),
    )
    with op.batch_alter_table("said", schema=None) as batch_op:
        batch_op.create_index("ix_said_channel_day", ["channel", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_said_person"), ["person"], unique=False)

    op.create_table(
        "workspace_setting",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workspace_setting")),
    )


def downgrade() -> None:
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_column("said")

    op.drop_table("workspace_setting")
    with op.batch_alter_table("said", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_said_person"))
        batch_op.drop_index("ix_said_channel_day")

    op.drop_table("said")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_state"))
        batch_op.drop_index(batch_op.f("ix_escalation_expert"))
        batch_op.drop_index(batch_op.f("ix_escalation_at"))
        batch_op.drop_index(batch_op.f("ix_escalation_asker"))
        batch_op.drop_index(batch_op.f("ix_escalation_answer_id"))

    op.drop_table("escalation")
    op.drop_table("channel_setting")
    with op.batch_alter_table("answer_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_check_verdict"))
        batch_op.drop_index(batch_op.f("ix_answer_check_at"))

    op.drop_table("answer_check")
