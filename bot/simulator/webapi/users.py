"""users.*, team.info, bots.info, emoji.list, auth.* and apps.*: who and what is here."""

from bot.simulator.errors import SlackError
from bot.simulator.people import Person
from bot.simulator.webapi.call import Call, Json


def info(call: Call) -> Json:
    """users.info"""
    return {"user": _shown(call, call.workspace.person(call.required("user", "user_not_found")))}


def listed(call: Call) -> Json:
    """users.list"""
    page, cursor = call.page(list(call.workspace.people.values()))
    shown = [_shown(call, person) for person in page]
    return {
        "members": shown,
        "cache_ts": int(call.workspace.clock.seconds()),
        "response_metadata": {"next_cursor": cursor},
    }


def by_email(call: Call) -> Json:
    """users.lookupByEmail"""
    email = call.required("email", "users_not_found").lower()
    for person in call.workspace.people.values():
        if person.email.lower() == email and not person.deleted:
            return {"user": _shown(call, person)}
    raise SlackError("users_not_found")


def team(call: Call) -> Json:
    """team.info"""
    found = call.workspace.team
    icon = {"image_default": True}
    return {"team": {"id": found.id, "name": found.name, "domain": found.domain, "email_domain": "", "icon": icon}}


def bot(call: Call) -> Json:
    """bots.info"""
    found = call.workspace.team
    if call.text("bot") not in ("", found.bot_id):
        raise SlackError("bot_not_found")
    person = call.workspace.person(found.bot_user_id)
    described = {"id": found.bot_id, "deleted": False, "name": person.name, "updated": 0, "app_id": found.app_id}
    return {"bot": described | {"user_id": person.id, "icons": {}}}


def emoji(call: Call) -> Json:  # noqa: ARG001 - a simulated workspace has no custom emoji
    """emoji.list"""
    return {"emoji": {}, "cache_ts": "0"}


def auth_test(call: Call) -> Json:
    """auth.test"""
    found = call.workspace.team
    return {
        "url": f"{call.simulator.base_url}/",
        "team": found.name,
        "user": call.workspace.person(found.bot_user_id).name,
        "team_id": found.id,
        "user_id": found.bot_user_id,
        "bot_id": found.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Json:
    """auth.revoke"""
    if call.flag("test"):
        return {"revoked": False}
    call.simulator.revoked = True
    tokens = {"oauth": [], "bot": [call.workspace.bot]}
    call.workspace.emit({"type": "tokens_revoked", "tokens": tokens}, None)
    return {"revoked": True}


def api_test(call: Call) -> Json:
    """api.test"""
    if call.text("error"):
        raise SlackError(call.text("error"))
    return {"args": {k: v for k, v in call.args.items() if k != "token"}}


def connections_open(call: Call) -> Json:
    """apps.connections.open"""
    address = call.simulator.base_url.replace("http", "ws", 1)
    ticket, app = call.simulator.socket.ticket(), call.workspace.team.app_id
    return {"url": f"{address}/link/?ticket={ticket}&app_id={app}"}


def manifest_export(call: Call) -> Json:
    """apps.manifest.export"""
    if call.required("app_id", "invalid_app_id") != call.workspace.team.app_id:
        raise SlackError("app_not_found")
    return {"manifest": dict(call.simulator.install.manifest)}


def _shown(call: Call, person: Person) -> Json:
    with_email = "users:read.email" in call.simulator.install.scopes
    return person.as_user(call.workspace.team.id, with_email=with_email)
