"""Validates lines of `decode --json` against the JSON Schema of the stored form.

usage: validate.py SCHEMA LINES
"""

import copy
import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)

passed = failed = 0
with open(sys.argv[2], encoding="utf-8") as file:
    for line in map(json.loads, file):
        if "event" not in line:
            continue
        payload = {line["family"]: line["event"]}
        spoilt = [copy.deepcopy(payload) for _ in range(3)]
        spoilt[0][line["family"]]["unknown"] = "x"
        del spoilt[1][line["family"]][next(iter(line["event"]))]
        spoilt[2][line["family"]][next(iter(line["event"]))] = []
        if validator.is_valid(payload) and not any(map(validator.is_valid, spoilt)):
            passed += 1
        else:
            failed += 1
            print(json.dumps(line), *validator.iter_errors(payload), sep="\n")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0 or passed == 0)
