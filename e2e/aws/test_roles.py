"""The roles of the template are what lets the functions work: without a right they cannot."""

import json
from contextlib import contextmanager

from pipeline import PipelineTest, rows
from stack import ROOT


class RolesTest(PipelineTest):
    @contextmanager
    def without(self, policy, role):
        """Takes a policy from a role, and gives it back."""
        iam, role = self.stack.client("iam"), self.stack.resources[role]
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
        try:
            yield
        finally:
            iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))

    def test_the_counter_cannot_count_without_its_right(self):
        request = "GET /counter?path=roles.example%2F"
        self.assert_answer(self.ask("CounterApi", request), 200, {"count": 1})
        with self.without("count", "CounterFunctionIamRole"):
            answer = self.ask("CounterApi", request)
            self.assert_answer(answer, 500, {"message": "Something went wrong on our side."})
        self.assert_answer(self.ask("CounterApi", request), 200, {"count": 2})

    def test_a_file_that_is_gone_is_no_failure_and_one_that_may_not_be_read_is(self):
        event = json.loads((ROOT / "events/jobs-split.json").read_text())
        event["Records"][0]["s3"]["bucket"]["name"] = self.stack.resources["JobsBucket"]
        event["Records"][0]["s3"]["object"]["key"] = "job_offers/gone.csv"
        answer, failed = self.stack.invoke("JobsSplitFunction", event)
        self.assertFalse(failed, answer)
        with self.without("bucket", "JobsSplitFunctionIamRole"):
            answer, failed = self.stack.invoke("JobsSplitFunction", event)
            self.assertTrue(failed, answer)

    def test_what_the_store_may_not_write_waits_as_dead_letters_and_is_stored_later(self):
        wanted = sorted(f"redrive {n}" for n in range(12))
        with self.given_again_after_a_second():
            with self.without("store", "JobsStoreFunctionIamRole"):
                self.put("job_offers/redrive.csv", rows(wanted, "Redrive"))
                self.wait_until(lambda: self.depth("JobsDeadLetters"), len(wanted))
                self.assertEqual(self.stored("Redrive"), [])
        # What SQS's redrive does, which MiniStack lacks.
        letters = [letter["Body"] for letter in self.take_dead_letters()]
        for start in range(0, len(letters), 10):
            self.send(letters[start : start + 10])
        self.wait_until(lambda: self.stored("Redrive"), wanted)
        self.assertEqual(self.depth("JobsDeadLetters"), 0)
