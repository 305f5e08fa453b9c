"""What is wrong with a communication plan and what to do about it. Pure."""

from datetime import timedelta

from statuspage.organizations.plan import Cell, Channel, Mode, Plan, SmsOn

SLACK = timedelta(minutes=1)
"""Between the earliest moment a word may be sent and the latest it is promised for."""


def problems(plan: Plan) -> list[str]:
    """A sentence each; none means that the plan may be used."""
    found = _problems_with_rings(plan) + _problems_with_severities(plan)
    severities = {severity.key: severity.name for severity in plan.severities}
    rings = {ring.key: ring.name for ring in plan.rings}
    for (severity, ring), cell in plan.cells.items():
        if severity not in severities or ring not in rings:
            found.append(f"The plan has a row for {severity} and {ring}, which do not both exist. Remove it.")
            continue
        where = f"{severities[severity]}, {rings[ring]}"
        found += [f"{where}: {problem}" for problem in _problems_with_cell(cell)]
    return found


def _problems_with_rings(plan: Plan) -> list[str]:
    positions = [ring.position for ring in plan.line_rings]
    found = []
    if positions.count(0) != 1:
        found.append("There must be exactly one innermost ring. Give one ring position 0.")
    if len(set(positions)) < len(positions):
        found.append("Two rings have the same position. Give each ring its own.")
    if len({ring.key for ring in plan.rings}) < len(plan.rings):
        found.append("Two rings have the same key. Give each ring its own.")
    if not set(plan.open_rings) <= set(plan.line_rings):
        found.append("A ring that is open to everybody stands beside the line. Give it a position, or close it.")
    return found


def _problems_with_severities(plan: Plan) -> list[str]:
    found = []
    if not plan.severities_of_incidents:
        found.append("There is no severity. Add at least one.")
    if len(plan.severities) - len(plan.severities_of_incidents) > 1:
        found.append("Two rows are for maintenance. Keep one.")
    if len({severity.position for severity in plan.severities}) < len(plan.severities):
        found.append("Two severities have the same position. Put them in order.")
    if len({severity.key for severity in plan.severities}) < len(plan.severities):
        found.append("Two severities have the same key. Give each severity its own.")
    return found


def _problems_with_cell(cell: Cell) -> list[str]:
    if cell.mode is Mode.NEVER:
        return ["this ring is never told, so nothing can be promised. Remove the promise."] if cell.promise else []
    return _problems_with_times(cell) + _problems_with_channels(cell)


def _problems_with_times(cell: Cell) -> list[str]:
    found = []
    if min(cell.delay, cell.min_gap, cell.digest_every) < timedelta(0):
        found.append("a time is below zero. Use zero or more minutes.")
    if cell.mode is Mode.DIGEST and not cell.digest_every:
        found.append("a digest needs to know how often. Say every how many minutes.")
    if cell.promise is not None:
        found += _problems_with_promise(cell, cell.promise)
    return found


def _problems_with_promise(cell: Cell, promise: timedelta) -> list[str]:
    if cell.mode is Mode.MILESTONE:
        return [
            "milestones come when they come, so nothing can be promised. Remove the promise or choose another mode."
        ]
    pause = cell.digest_every if cell.mode is Mode.DIGEST else cell.min_gap
    least = pause + SLACK
    if promise >= least:
        return []
    broken = f"a word is promised every {_minutes(promise)}, but {_minutes(pause)} must pass between two."
    return [f"{broken} Promise {_minutes(least)} or more, or shorten the pause."]


def _problems_with_channels(cell: Cell) -> list[str]:
    if not cell.channels:
        return ["this ring is told, but by no channel. Choose one, or choose never."]
    if any(channel.is_endpoint for channel in cell.channels):
        return ["endpoints of a ring always hear. Choose between e-mail and SMS here."]
    if set(cell.channels) == {Channel.SMS} and cell.sms_on is SmsOn.MILESTONES and cell.mode is not Mode.MILESTONE:
        return ["SMS carries only milestones here, so other updates reach nobody. Add e-mail, or send all by SMS."]
    return []


def _minutes(length: timedelta) -> str:
    count = length / timedelta(minutes=1)
    return "1 minute" if count == 1 else f"{count:g} minutes"
