"""The table of Web API methods: who answers, which scope it takes, which token it wants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.simulator.webapi import agents, blocks, chat, conversations, files, reactions, streams, users, views
from bot.simulator.webapi.call import Call, Json


@dataclass(frozen=True, slots=True)
class Method:
    """One method; `app_level` ones take the xapp token, `configures` ones the configuration token, others the bot's."""

    answer: Callable[[Call], Json]
    scope: str = ""
    app_level: bool = False
    configures: bool = False


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "api.test": Method(users.api_test),
        "auth.test": Method(users.auth_test),
        "auth.revoke": Method(users.auth_revoke),
        "apps.connections.open": Method(users.connections_open, app_level=True),
        "apps.manifest.export": Method(users.manifest_export, configures=True),
        "agents.sessions.rename": Method(agents.rename, "chat:write"),
        "agents.sessions.setStatus": Method(agents.session_status, "chat:write"),
        "assistant.threads.setStatus": Method(agents.set_status, "chat:write"),
        "assistant.threads.setSuggestedPrompts": Method(agents.set_prompts, "assistant:write"),
        "assistant.threads.setTitle": Method(agents.set_title, "assistant:write"),
        "blocks.validate": Method(blocks.validate),
        "bots.info": Method(users.bot, "users:read"),
        "chat.appendStream": Method(streams.append, "chat:write"),
        "chat.delete": Method(chat.delete, "chat:write"),
        "chat.getPermalink": Method(chat.permalink),
        "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
        "chat.postMessage": Method(chat.post, "chat:write"),
        "chat.startStream": Method(streams.start, "chat:write"),
        "chat.stopStream": Method(streams.stop, "chat:write"),
        "chat.update": Method(chat.update, "chat:write"),
        "conversations.history": Method(conversations.history),
        "conversations.info": Method(conversations.info),
        "conversations.join": Method(conversations.join, "channels:join"),
        "conversations.leave": Method(conversations.leave),
        "conversations.list": Method(conversations.listed),
        "conversations.members": Method(conversations.members),
        "conversations.open": Method(conversations.opened, "im:write"),
        "conversations.replies": Method(conversations.replies),
        "emoji.list": Method(users.emoji, "emoji:read"),
        "files.completeUploadExternal": Method(files.complete, "files:write"),
        "files.getUploadURLExternal": Method(files.upload_url, "files:write"),
        "files.info": Method(files.info, "files:read"),
        "reactions.add": Method(reactions.add, "reactions:write"),
        "reactions.get": Method(reactions.found, "reactions:read"),
        "reactions.remove": Method(reactions.remove, "reactions:write"),
        "team.info": Method(users.team, "team:read"),
        "users.conversations": Method(conversations.of_user),
        "users.info": Method(users.info, "users:read"),
        "users.list": Method(users.listed, "users:read"),
        "users.lookupByEmail": Method(users.by_email, "users:read.email"),
        "views.open": Method(views.opened),
        "views.publish": Method(views.publish),
        "views.push": Method(views.push),
        "views.update": Method(views.update),
    }
)
