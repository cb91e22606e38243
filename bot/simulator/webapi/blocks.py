"""blocks.validate: Slack's own check, without sending anything."""

from bot.simulator.blockcheck import Problem, Surface, problems, view_problems
from bot.simulator.errors import SlackError
from bot.simulator.webapi.call import Call, Json


def validate(call: Call) -> Json:
    """blocks.validate"""
    code, found = _check(call)
    if not found:
        return {}
    errors = [{"pointer": p.pointer, "code": p.code, "message": p.message} for p in found]
    raise SlackError(code, extra={"errors": errors})


def _check(call: Call) -> tuple[str, list[Problem]]:
    if call.has("view"):
        view = call.structure("view", "invalid_view")
        if not isinstance(view, dict):
            raise SlackError("invalid_view")
        return "invalid_view", view_problems(view)
    if call.has("message"):
        message = call.structure("message", "invalid_message")
        if not isinstance(message, dict):
            raise SlackError("invalid_message")
        return "invalid_message", problems(message.get("blocks", []), Surface.MESSAGE)
    given = call.structure("blocks", "invalid_blocks")
    if not isinstance(given, list):
        raise SlackError("invalid_blocks")
    return "invalid_blocks", problems(given, Surface.MESSAGE)
