"""The command as a whole: what it prints and what it ends with."""

import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from tanheng.billing.v1 import billing_service_pb2, customer_service_pb2
from tanheng.common.v1 import common_pb2

from tests.fakes.scripted_server import refusal
from tests.unit.clients.cli.conftest import CommandLine

PREVIEW = ("fee", "preview", "--model", "FLAT", "--tier", ":0.30", "--scale", "8200000")


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, "TIERS_DO_NOT_TILE", 3),
        (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED", 4),
        (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_MISSING", 4),
        (grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND", 5),
        (grpc.StatusCode.FAILED_PRECONDITION, "MONTH_CLOSED", 6),
        (grpc.StatusCode.ABORTED, "DIGEST_CHANGED", 6),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED", 7),
        (grpc.StatusCode.UNIMPLEMENTED, "NOT_CANCELLABLE", 8),
        (grpc.StatusCode.INTERNAL, "FAULT", 1),
    ],
)
def test_ends_with_the_code_of_the_refusal_and_names_its_reason(
    tanheng: CommandLine, status: grpc.StatusCode, reason: str, code: int
) -> None:
    tanheng.script.refusals.append(refusal(status, reason, "it cannot be"))
    ended, answered, remarked = tanheng(*PREVIEW)
    assert (ended, answered) == (code, "")
    assert f"{reason} it cannot be" in remarked


def test_prints_every_violation_with_its_field_and_the_message_in_chinese(
    tanheng: CommandLine,
) -> None:
    wrong = error_details_pb2.BadRequest()
    wrong.field_violations.add(field="tiers[0].up_to", description="it must be above 0")
    wrong.field_violations.add(field="year", description="is missing")
    chinese = error_details_pb2.LocalizedMessage(locale="zh-CN", message="请求有误")
    tanheng.script.refusals.append(
        refusal(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS", "2 fields", wrong, chinese)
    )
    _, _, remarked = tanheng(*PREVIEW)
    assert "tiers[0].up_to it must be above 0" in remarked
    assert "year is missing" in remarked
    assert "请求有误" in remarked


def test_says_nothing_twice_and_takes_no_word_for_a_picture(tanheng: CommandLine) -> None:
    wrong = error_details_pb2.BadRequest()
    wrong.field_violations.add(field="customer", description="'a:bank:b' is not a name")
    message = "customer: 'a:bank:b' is not a name"
    tanheng.script.refusals.append(
        refusal(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS", message, wrong)
    )
    _, _, remarked = tanheng(*PREVIEW)
    assert f"INVALID_FIELDS {message}" in remarked
    assert remarked.count("is not a name") == 1


def test_names_a_field_that_the_message_leaves_out_without_saying_all_again(
    tanheng: CommandLine,
) -> None:
    wrong = error_details_pb2.BadRequest()
    wrong.field_violations.add(field="trade_date", description="the exchange is closed")
    tanheng.script.refusals.append(
        refusal(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS", "the exchange is closed", wrong)
    )
    _, _, remarked = tanheng(*PREVIEW)
    lines = remarked.splitlines()
    assert lines[:2] == ["INVALID_FIELDS the exchange is closed", "  trade_date"]


def test_sends_no_token_that_cannot_be_sent(
    tanheng: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANHENG_TOKEN", "x\ny")
    ended, _, remarked = tanheng(*PREVIEW)
    assert ended == 3
    assert "INPUT_REFUSED TANHENG_TOKEN holds what no token can" in remarked


def test_says_that_its_answer_finds_no_room() -> None:
    command = "from clients.cli.main import main; raise SystemExit(main(['--help']))"
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-c", command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 3
    assert ended.stderr.startswith("INPUT_REFUSED the output cannot be written or read: No space")
    assert "Traceback" not in ended.stderr


def test_makes_no_token_and_no_folder_where_no_service_runs(
    tanheng: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "dta"
    ended, answered, remarked = tanheng("token", "--data-dir", str(folder), "--role", "hr")
    assert (ended, answered, folder.exists()) == (3, "", False)
    assert "there is no data folder" in remarked


@pytest.mark.parametrize("span", ["2025-03-01:2025-03-01", "2025-03-01:2025-02-01"])
def test_draws_no_promise_that_ends_before_it_starts(
    tanheng: CommandLine, tmp_path: Path, span: str
) -> None:
    out = str(tmp_path / "p.svg")
    chart = ("pricing", "chart", "price-history", "priceSeries/cea", "--out", out)
    ended, _, remarked = tanheng(*chart, "--promise", f"65:{span}")
    assert ended == 2
    assert "END is the day after the last" in " ".join(remarked.split())


def test_names_the_condition_that_was_not_met(tanheng: CommandLine) -> None:
    unmet = error_details_pb2.PreconditionFailure()
    unmet.violations.add(type="MONTH_CLOSED", subject="months/2025-01", description="is closed")
    tanheng.script.refusals.append(
        refusal(grpc.StatusCode.FAILED_PRECONDITION, "MONTH_CLOSED", "too late", unmet)
    )
    assert "months/2025-01 is closed" in tanheng(*PREVIEW)[2]


def test_drafts_no_scheme_whose_people_it_cannot_read(tanheng: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "scheme.yaml"
    people = "[{staff_id: s-1, executive: maybe}]"
    file.write_text(f"scheme_id: x\nscheme: {{}}\nassignments: {people}\n", encoding="utf-8")
    ended, _, remarked = tanheng("import", "scheme", str(file))
    assert ended == 3
    assert "assignments[0].executive is 'maybe'; write true or false" in remarked


def test_says_how_to_start_the_service_when_nothing_answers(
    tanheng: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANHENG_ADDRESS", "127.0.0.1:1")
    ended, _, remarked = tanheng(*PREVIEW)
    assert ended == 7
    assert "make serve" in remarked
    assert "Traceback" not in remarked


def test_repeats_an_unavailable_call_with_the_same_request_id(
    tanheng: CommandLine, tmp_path: Path
) -> None:
    away = refusal(grpc.StatusCode.UNAVAILABLE, "DATABASE_UNAVAILABLE", "later")
    tanheng.script.refusals += [away, away]
    file = tmp_path / "customers.csv"
    file.write_text("customer_id,display_name\nhanchuan,Hanchuan\n", encoding="utf-8")
    assert tanheng("import", "customers", str(file))[0] == 0
    asked = [
        request.request_id
        for request in tanheng.script.requests
        if isinstance(request, customer_service_pb2.CreateCustomerRequest)
    ]
    assert len(asked) == 3
    assert len(set(asked)) == 1


def test_sends_the_token_of_the_environment(tanheng: CommandLine) -> None:
    tanheng(*PREVIEW)
    assert tanheng.script.tokens == ["Bearer a-token"]


def test_reads_options_into_the_request(tanheng: CommandLine) -> None:
    tanheng(*PREVIEW, "--year", "2025", "--start", "2025-03-10", "--end", "2026-01-01")
    asked = tanheng.script.requests[0]
    assert isinstance(asked, billing_service_pb2.PreviewManagementFeeRequest)
    assert asked.charge_model == common_pb2.CHARGE_MODEL_FLAT
    assert asked.tiers[0].unit_price.value == "0.30"
    assert asked.service_period.start_date.month == 3


def test_answers_in_json_with_amounts_as_text(tanheng: CommandLine) -> None:
    answer = tanheng.json(*PREVIEW)
    assert isinstance(answer, dict)
    assert answer["annual_amount"] == "2350000.00"


def test_lists_to_the_last_page(tanheng: CommandLine) -> None:
    answer = tanheng.json("customers", "list")
    assert isinstance(answer, dict)
    assert [each["name"] for each in answer["customers"]] == [f"customers/c{n}" for n in (1, 2, 3)]


def test_counts_what_was_there_already(tanheng: CommandLine, tmp_path: Path) -> None:
    there = refusal(grpc.StatusCode.ALREADY_EXISTS, "ALREADY_EXISTS", "customers/a exists")
    tanheng.script.refusals.append(there)
    file = tmp_path / "customers.yaml"
    file.write_text("customers: [{customer_id: a}, {customer_id: b}]", encoding="utf-8")
    answer = tanheng.json("import", "customers", str(file))
    assert isinstance(answer, dict)
    assert (answer["accepted_count"], answer["already_there_count"]) == (1, 1)


def test_names_the_row_of_a_file_that_the_service_refused(
    tanheng: CommandLine, tmp_path: Path
) -> None:
    wrong = refusal(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS", "no such class")
    tanheng.script.refusals.append(wrong)
    file = tmp_path / "customers.csv"
    file.write_text("customer_id\na\n", encoding="utf-8")
    ended, _, remarked = tanheng("import", "customers", str(file))
    assert ended == 3
    assert "row 2" in remarked


def test_names_the_row_and_field_that_it_cannot_read(tanheng: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("customer_id,kind\na,THERMAL\nb,MAGIC\n", encoding="utf-8")
    ended, _, remarked = tanheng("import", "customers", str(file))
    assert ended == 3
    assert "row 3" in remarked
    assert "customer.kind" in remarked


@pytest.mark.parametrize("wrong", [("--nonsense",), ("fee", "preview", "--tier", "dear"), ("x",)])
def test_ends_with_2_when_it_is_used_wrongly(tanheng: CommandLine, wrong: tuple[str, ...]) -> None:
    assert tanheng(*wrong)[0] == 2


@pytest.mark.parametrize("group", ["import", "month", "fee", "settlement", "ledger", "incentives"])
def test_every_group_has_help(tanheng: CommandLine, group: str) -> None:
    ended, answered, _ = tanheng(group, "--help")
    assert ended == 0
    assert "Commands" in answered


@pytest.mark.parametrize("kind", ["band", "distribution"])
def test_draws_nothing_from_a_file_that_is_no_quote(
    tanheng: CommandLine, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "empty.json").write_text("{}", encoding="utf-8")
    out = tmp_path / "picture.png"
    drawn = tanheng("pricing", "chart", kind, str(tmp_path / "empty.json"), "--out", str(out))
    assert drawn[0] == 3
    assert "is no quote" in drawn[2]
    assert not out.exists()
