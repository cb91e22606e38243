"""What administrators do to people and channels, and what the app hears of it."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.integration.simulator.world import Slack, eventually


def heard(slack: Slack, kind: str) -> dict[str, Any]:
    return dict(eventually(lambda: slack.deliveries(kind))[-1]["payload"])


def test_a_deactivated_person_is_gone_from_every_channel(slack: Slack) -> None:
    slack.act("people/deactivate", user="U2")

    assert heard(slack, "user_change")["event"]["user"]["deleted"] is True
    assert "U2" not in slack.client.conversations_members(channel="C1")["members"]


def test_of_a_deactivated_person_slack_tells_little(slack: Slack) -> None:
    slack.act("people/deactivate", user="U2")

    assert "is_restricted" not in slack.client.users_info(user="U2")["user"]


def test_a_deactivated_person_can_do_nothing(slack: Slack) -> None:
    slack.act("people/deactivate", user="U2")

    assert slack.try_to("messages", by="U2", channel="C1", text="hello")[0] == 404


def test_a_person_can_become_a_guest_and_a_member_again(slack: Slack) -> None:
    slack.act("people/guest", user="U2", single=True)
    guest = slack.client.users_info(user="U2")["user"]
    slack.act("people/guest", user="U2", guest=False)
    member = slack.client.users_info(user="U2")["user"]

    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
    assert (member["is_restricted"], member["is_ultra_restricted"]) == (False, False)


def test_a_partner_belongs_to_another_team_and_sees_no_public_channel(slack: Slack) -> None:
    slack.act("people/partner", user="U9", name="pat", stranger=True)
    user = slack.client.users_info(user="U9")["user"]

    assert user["team_id"] != "T1"
    assert user["is_stranger"] is True
    assert slack.try_to("messages", by="U9", channel="C1", text="hello")[0] == 404


@pytest.mark.parametrize("shared", [True, False])
def test_a_channel_can_be_shared_and_not_any_more(slack: Slack, shared: bool) -> None:
    slack.act("channels/share", channel="C1")
    if not shared:
        slack.act("channels/share", channel="C1", shared=False)

    assert heard(slack, "channel_shared" if shared else "channel_unshared")["event"]["channel"] == "C1"
    assert slack.client.conversations_info(channel="C1")["channel"]["is_ext_shared"] is shared


def test_events_say_that_their_channel_is_shared(slack: Slack) -> None:
    slack.act("channels/share", channel="C1")
    slack.say("U1", "C1", "hello")

    assert heard(slack, "message")["is_ext_shared_channel"] is True


@pytest.mark.parametrize(("archived", "kind"), [(True, "channel_archive"), (False, "channel_unarchive")])
def test_a_channel_can_be_archived_and_opened_again(slack: Slack, archived: bool, kind: str) -> None:
    slack.act("channels/archive", channel="C1", archived=archived)

    assert heard(slack, kind)["event"]["channel"] == "C1"
    assert slack.client.conversations_info(channel="C1")["channel"]["is_archived"] is archived


def test_a_deleted_channel_is_not_found(slack: Slack) -> None:
    slack.act("channels/delete", channel="C1")

    assert heard(slack, "channel_deleted")["event"]["channel"] == "C1"
    with pytest.raises(SlackApiError, match="channel_not_found"):
        slack.client.conversations_info(channel="C1")


def test_what_a_person_looks_at_is_told_by_relevance(slack: Slack) -> None:
    slack.act("context", by="U1", channel="C1")

    told = heard(slack, "app_context_changed")["event"]
    assert (told["user"], told["context"]["entities"][0]["value"]) == ("U1", "C1")


def test_opening_the_agent_view_tells_what_is_open_beside_it(slack: Slack) -> None:
    slack.act("home/open", by="U1", tab="messages", channel="C1")

    assert heard(slack, "app_home_opened")["event"]["context"]["entities"][0]["value"] == "C1"


def test_nobody_can_look_at_what_they_may_not_see(slack: Slack) -> None:
    assert slack.try_to("context", by="U2", channel="C3")[0] == 404
