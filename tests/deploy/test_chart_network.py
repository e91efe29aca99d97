"""Who may reach whom: nothing but what is written, and from outside no path but the API's."""

from typing import Any

import pytest

from tests.deploy.rendered import KEY_SERVICE, Document, container, of_kind, pods, values

DATABASE = ("10.20.0.0/28", 5432)
INTERNET = ("0.0.0.0/0", 443)
DNS = ("kube-system", 53)
MAIL = ("203.0.113.25/32", 465)
REACHES = {
    "platform": {DATABASE, INTERNET, DNS},
    "secretariat": {DATABASE, INTERNET, DNS},
    "worker": {DATABASE, DNS, INTERNET, MAIL},
    "migration": {DATABASE, DNS},
}
INSIDE = (
    "/metrics",
    "/readyz",
    "/healthz",
    "/explorer",
    "/explorer/people",
    "/explorer/assets/0/explorer.js",
)


def test_all_is_closed_first() -> None:
    nothing = of_kind("NetworkPolicy")["nothing"]["spec"]
    assert nothing["policyTypes"] == ["Ingress", "Egress"]
    assert not {"ingress", "egress"} & set(nothing)
    chosen = nothing["podSelector"]["matchLabels"].items()
    for kind in ("Deployment", "Job"):
        for each in of_kind(kind).values():
            assert chosen <= each["spec"]["template"]["metadata"]["labels"].items()


@pytest.mark.parametrize("component", sorted(REACHES))
def test_a_pod_reaches_what_its_work_needs(component: str) -> None:
    policy = of_kind("NetworkPolicy")[component]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == component
    assert {end for rule in policy["egress"] for end in _ends(rule)} == REACHES[component]


def test_every_kind_of_pod_has_its_policy() -> None:
    assert set(of_kind("NetworkPolicy")) == {*pods(), "nothing"}


@pytest.mark.parametrize("component", ["platform", "secretariat"])
def test_services_are_reached_by_the_proxy_and_by_prometheus(component: str) -> None:
    rules = of_kind("NetworkPolicy")[component]["spec"]["ingress"]
    namespaces = [_namespace(peer) for rule in rules for peer in rule["from"]]
    assert namespaces == ["ingress-nginx", "monitoring"]
    assert [rule["ports"] for rule in rules] == [[{"protocol": "TCP", "port": "http"}]] * 2


def test_nothing_reaches_what_does_not_listen_and_prometheus_alone_the_worker() -> None:
    assert "ingress" not in of_kind("NetworkPolicy")["migration"]["spec"]
    assert "ports" not in container("migration")
    (rule,) = of_kind("NetworkPolicy")["worker"]["spec"]["ingress"]
    assert [_namespace(peer) for peer in rule["from"]] == ["monitoring"]
    assert rule["ports"] == [{"protocol": "TCP", "port": "watched"}]


def test_the_key_service_is_reached_by_who_opens_secrets_alone() -> None:
    policies = of_kind("NetworkPolicy", values(**KEY_SERVICE))
    reached = {
        component: ("10.30.0.4/32", 8200) in {end for rule in policy["spec"]["egress"] for end in _ends(rule)}
        for component, policy in policies.items()
        if component != "nothing"
    }
    assert reached == {"platform": True, "worker": True, "secretariat": False, "migration": False}


def test_tokens_issuers_are_not_a_way_into_private_networks() -> None:
    blocks = _blocks(of_kind("NetworkPolicy")["platform"])
    whole = next(block for block in blocks if block["cidr"] == INTERNET[0])
    assert {"10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"} <= set(whole["except"])
    issuers: dict[str, Any] = {"cidrs": ["10.9.0.0/16"]}
    inside = _blocks(of_kind("NetworkPolicy", values(network={"issuers": issuers}))["platform"])
    assert {"cidr": "10.9.0.0/16"} in inside


def test_webhooks_are_not_a_way_into_private_networks_and_mail_may_have_no_way() -> None:
    blocks = _blocks(of_kind("NetworkPolicy")["worker"])
    whole = next(block for block in blocks if block["cidr"] == INTERNET[0])
    assert {"10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"} <= set(whole["except"])
    without = _blocks(of_kind("NetworkPolicy", values(network={"mail": {"cidrs": []}}))["worker"])
    assert {block["cidr"] for block in without} == {DATABASE[0], INTERNET[0]}


def test_the_migrations_policy_is_there_before_its_job() -> None:
    def weight(document: Document) -> int:
        return int(document["metadata"]["annotations"]["helm.sh/hook-weight"])

    assert weight(of_kind("NetworkPolicy")["migration"]) < weight(of_kind("Job")["migration"])


def test_services_are_inside_only() -> None:
    services = of_kind("Service")
    assert set(services) == {"platform", "secretariat"}
    for component, service in services.items():
        assert service["spec"]["type"] == "ClusterIP"
        labels = of_kind("Deployment")[component]["spec"]["template"]["metadata"]["labels"]
        assert service["spec"]["selector"].items() <= labels.items()


def test_no_ingress_unless_wanted() -> None:
    assert of_kind("Ingress", values(ingress={"enabled": False})) == {}


def test_the_ingress_passes_the_api_and_nothing_else() -> None:
    ingresses = of_kind("Ingress")
    open_ = {name: {path for _, path in _paths(each)} for name, each in ingresses.items()}
    assert open_ == {"platform": {"/graphql", "/t"}, "secretariat": {"/graphql"}}
    for paths in open_.values():
        assert not [inside for inside in INSIDE if any(_covers(path, inside) for path in paths)]
        assert any(_covers(path, "/graphql") for path in paths)


def test_the_ingress_speaks_tls_for_every_host() -> None:
    for each in of_kind("Ingress").values():
        (tls,) = each["spec"]["tls"]
        assert tls["secretName"]
        assert {host for host, _ in _paths(each)} == set(tls["hosts"])


def _ends(rule: Document) -> list[tuple[str, int]]:
    peers = [peer["ipBlock"]["cidr"] if "ipBlock" in peer else _namespace(peer) for peer in rule["to"]]
    return [(peer, port["port"]) for peer in peers for port in rule["ports"]]


def _namespace(peer: Document) -> str:
    return peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]


def _blocks(policy: Document) -> list[Document]:
    return [peer["ipBlock"] for rule in policy["spec"]["egress"] for peer in rule["to"] if "ipBlock" in peer]


def _paths(ingress: Document) -> list[tuple[str, str]]:
    assert all(
        each["pathType"] == "Prefix" for rule in ingress["spec"]["rules"] for each in rule["http"]["paths"]
    )
    return [
        (rule["host"], each["path"]) for rule in ingress["spec"]["rules"] for each in rule["http"]["paths"]
    ]


def _covers(prefix: str, path: str) -> bool:
    """Prefix as Kubernetes means it: by whole elements."""
    return path == prefix or path.startswith(f"{prefix.rstrip('/')}/")
