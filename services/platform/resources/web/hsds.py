"""A service or place as HSDS 3.0 writes it (Open Referral's Human Services Data Specification).

What the public's policy withholds is left out, so a place whose address is secret is a service without one.
"""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from libs.errors.problems import InvalidInput
from libs.japan import municipalities
from services.platform.members.words import CAPACITIES
from services.platform.resources.words import KINDS

Json = dict[str, Any]
Node = Mapping[str, Any]
VERSION: Final = "3.0"
JAPAN: Final = 9
_EVERY_DAY: Final = "MO,TU,WE,TH,FR,SA,SU"
_PARTS: Final = {"INTERVAL": "interval", "BYDAY": "byday", "BYMONTHDAY": "bymonthday"}
_NAMESPACE: Final = uuid.UUID("5f6f0d3c-8d0a-5a5e-9a3e-7b1d2c4e6f80")
"""Of what has no id of its own here: the same part of the same service keeps its id."""


def service(node: Node) -> Json:
    """With all that belongs to it, as the API of HSDS answers for one service."""
    own = _uuid(node["id"])
    schedules = _schedules(own, node)
    return _said(
        id=own,
        organization=_organisation(node["organisation"]),
        name=node["name"],
        alternate_name=node["nameKana"],
        description=node["description"],
        url=node["url"],
        email=node["email"],
        status="active",
        fees_description=node["fee"],
        eligibility_description=node["eligibility"],
        assured_date=node["verifiedOn"],
        last_modified=node["updatedAt"],
        alert=_alert(node),
        phones=[{"id": _part(own, "phone"), "number": node["phone"]}] if node["phone"] else [],
        schedules=schedules,
        service_areas=[_area(own, code) for code in node["areas"]],
        languages=[{"id": _part(own, f"language {tag}"), "code": tag} for tag in node["languages"]],
        service_at_locations=_places(own, node),
        attributes=[_kind(own, node["kind"].lower())],
    )


def _organisation(node: Node | None) -> Json | None:
    """Left out where the organisation itself is not in the public directory."""
    if node is None:
        return None
    name = node["name"]
    return _said(
        id=_uuid(node["id"]), name=name, description=node["services"] or name, website=node["website"]
    )


def _schedules(own: str, node: Node) -> list[Json]:
    hours: dict[str, list[dict[str, Any]]] = node["hours"] or {}
    rules = hours.get("rules", [])
    said = [_schedule(own, number, rule) for number, rule in enumerate(rules)]
    if said:
        said[0]["description"] = node["hoursJa"]
    return said


def _schedule(own: str, number: int, rule: Node) -> Json:
    parts = dict(each.split("=", 1) for each in rule["rrule"].split(";"))
    daily = parts["FREQ"] == "DAILY"
    values: Json = {_PARTS[name]: value for name, value in parts.items() if name in _PARTS}
    if daily and values.get("interval", "1") == "1":
        values["byday"] = _EVERY_DAY
    if "interval" in values:
        values["interval"] = int(values["interval"])
    return _said(
        id=_part(own, f"schedule {number}"),
        service_id=own,
        timezone=JAPAN,
        wkst="MO",
        # HSDS knows weeks and months: every third day is said in words alone
        freq="WEEKLY" if daily else parts["FREQ"],
        opens_at=_clock(rule["opens"]),
        closes_at=_clock(rule["closes"]),
        dtstart=rule["startsOn"],
        valid_from=rule["startsOn"],
        valid_to=rule["endsOn"],
        **values,
    )


def _clock(text: str) -> str:
    return f"{text.zfill(5)}+09:00"


def _places(own: str, node: Node) -> list[Json]:
    if "address" in node["hiddenFields"] or not (node["address"] or node["placeName"]):
        return []
    place = _part(own, "location")
    location = _said(
        id=place,
        location_type="physical",
        name=node["placeName"] or node["name"],
        transportation=node["access"],
        latitude=node["latitude"],
        longitude=node["longitude"],
        addresses=_addresses(own, place, node),
    )
    return [{"id": _part(own, "at location"), "service_id": own, "location": location}]


def _addresses(own: str, place: str, node: Node) -> list[Json]:
    if not node["address"]:
        return []
    where = municipalities.find(node["municipalityCode"]) if node["municipalityCode"] else None
    return [
        {
            "id": _part(own, "address"),
            "location_id": place,
            "address_1": node["address"],
            "address_2": node["building"],
            "city": where.display_name if where else "",
            "state_province": where.prefecture if where else "",
            "postal_code": node["postalCode"] or "",
            "country": "JP",
            "address_type": "physical",
        }
    ]


def _area(own: str, code: str) -> Json:
    try:
        name = municipalities.name_of(code)
    except InvalidInput:
        name = code
    return {"id": _part(own, f"area {code}"), "service_id": own, "name": name, "extent": code}


def _kind(own: str, code: str) -> Json:
    ja, en = KINDS[code]
    term = {"id": _part("kind", code), "code": code, "name": ja, "description": en, "language": "ja"}
    return {"id": _part(own, "kind"), "link_id": own, "link_entity": "service", "taxonomy_term": term}


def _alert(node: Node) -> str | None:
    """What it can take on, with the day of that word."""
    if node["capacity"] is None:
        return None
    return f"受入余力: {CAPACITIES[node['capacity'].lower()][0]}({node['capacityAsOf']}時点)"


def _uuid(identity: str) -> str:
    return identity.rpartition("_")[2]


def _part(own: str, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{own} {name}"))


def _said(**values: Any) -> Json:  # noqa: ANN401 - of JSON
    """HSDS has no null: what is not said is left out."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}
