"""The suites' files `<event>.json`: Great Expectations' own JSON, one part derived from the contract, one by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from expectations.derive import CONTRACT, CRITICAL, HAND, WARNING, derived_expectations, derived_suite
from infra.errors import OperatorError
from schemas.contract import Contract

Json = dict[str, Any]
FOLDER = Path(__file__).parent


class SuiteInvalid(OperatorError):
    """A suite's file cannot be used: mend what is named, then run `hagiang contracts derive` to bring it up to date."""


def suite_path(contract: Contract, folder: Path = FOLDER) -> Path:
    """Where the contract's suite is kept, if it has a file."""
    return folder / f"{contract.event}.json"


def suite_json(contract: Contract, folder: Path = FOLDER) -> Json:
    """The contract's suite: its file, or what the contract itself says when there is none; raises SuiteInvalid."""
    path = suite_path(contract, folder)
    if not path.is_file():
        return derived_suite(contract)
    suite = _read(path)
    _refuse_incomplete(suite, path)
    return suite


def rederived(contract: Contract, folder: Path = FOLDER) -> Json:
    """The suite with the derived part made anew and the one written by hand as it is; raises SuiteInvalid."""
    suite = suite_json(contract, folder)
    by_hand = [each for each in suite["expectations"] if each["meta"]["origin"] != CONTRACT]
    return {**suite, "name": contract.event, "expectations": [*derived_expectations(contract), *by_hand]}


def is_up_to_date(contract: Contract, folder: Path = FOLDER) -> bool:
    """Whether the file says the same as the contract; one that is not there says nothing wrong."""
    path = suite_path(contract, folder)
    return not path.is_file() or path.read_text(encoding="utf-8") == dumped(rederived(contract, folder))


def write_suite(contract: Contract, folder: Path = FOLDER) -> Path:
    """Bring the file up to date, or make it; returns its path."""
    path = suite_path(contract, folder)
    path.write_text(dumped(rederived(contract, folder)), encoding="utf-8")
    return path


def dumped(suite: Json) -> str:
    """The suite as its file has it."""
    return json.dumps(suite, ensure_ascii=False, indent=2) + "\n"


def _read(path: Path) -> Json:
    try:
        suite: Json = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise SuiteInvalid(f"{path.name}: not JSON: {error}") from error
    return suite


def _refuse_incomplete(suite: Json, path: Path) -> None:
    for expectation in suite["expectations"]:
        meta = expectation.get("meta", {})
        wrong = [name for name in ("rule", "reason_en", "reason_vi") if not meta.get(name)]
        wrong += ["origin"] if meta.get("origin") not in (CONTRACT, HAND) else []
        wrong += ["severity"] if expectation.get("severity") not in (CRITICAL, WARNING) else []
        if wrong:
            raise SuiteInvalid(f"{path.name}: {', '.join(wrong)} missing or unknown in {expectation}")
    rules = Counter(each["meta"]["rule"] for each in suite["expectations"])
    doubled = [rule for rule, count in rules.items() if count > 1]
    if doubled:
        raise SuiteInvalid(f"{path.name}: more than one expectation is called {', '.join(doubled)}")
