"""What schemathesis has to know about the interface beyond its document. Loaded by schemathesis itself."""

import schemathesis

# What a shape refuses by itself, so that the document promises it. Any other code is a rule that no schema can say,
# such as a price in another currency than the store's. `required` is both: rules use it for what another field makes
# necessary.
PROMISED = {
    "type", "unknown_field", "unknown_parameter", "format", "control_character", "out_of_range", "money.out_of_range",
    "too_long", "too_short", "too_many", "too_few",
}


def whole(value):
    """JSON Schema takes 1.0 for an integer; the interface wants integers written as such, and so writes the test."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole(element) for element in value]
    if isinstance(value, dict):
        return {key: whole(member) for key, member in value.items()}
    return value


def was_sent(body, pointer):
    """Whether the body has a value, not null, at an RFC 6901 pointer; rules also speak of what was left out."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(body, dict) and step in body:
            body = body[step]
        elif isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        else:
            return False
    return body is not None


@schemathesis.hook
def map_body(context, body):
    """Before a body is sent."""
    return whole(body)


@schemathesis.check
def refusals_rest_on_rules(context, response, case):
    """A request that the document allows may break a rule, but is not refused for what the document describes."""
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    problem = response.json()
    broken = [
        error for error in problem.get("errors", [])
        if error["code"] in PROMISED
        # A cursor is what a page ended with, and no schema says which those are.
        and error["pointer"] != "?cursor"
        and (not error["pointer"].startswith("/") or was_sent(case.body, error["pointer"]))
    ]
    if broken:
        raise AssertionError(f"The document allows what was refused: {broken}")
