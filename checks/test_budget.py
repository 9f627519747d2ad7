"""aws/budget.yaml: the notices come in time, and only the stack's functions are
shut."""

import json
import unittest

from cfnlint.decode import cfn_yaml

from template import ROOT, arn, ref

BUDGET = json.loads(json.dumps(cfn_yaml.load(str(ROOT / "aws/budget.yaml"))))


class Budget(unittest.TestCase):
    def properties(self, name):
        return BUDGET["Resources"][name]["Properties"]

    def test_it_writes_before_it_is_spent(self):
        budget = self.properties("Budget")
        self.assertEqual(budget["Budget"]["BudgetLimit"], {"Amount": ref("Amount"), "Unit": "USD"})
        self.assertEqual((budget["Budget"]["BudgetType"], budget["Budget"]["TimeUnit"]), ("COST", "MONTHLY"))
        told = [
            (one["Notification"]["NotificationType"], one["Notification"]["Threshold"], one["Subscribers"][0]["Address"])
            for one in budget["NotificationsWithSubscribers"]
        ]
        self.assertEqual(told, [("ACTUAL", 80, ref("Email")), ("FORECASTED", 100, ref("Email"))])

    def test_at_three_times_as_much_the_functions_lose_their_rights_by_themselves(self):
        gate = self.properties("Gate")
        self.assertEqual((gate["ActionType"], gate["ApprovalModel"]), ("APPLY_IAM_POLICY", "AUTOMATIC"))
        self.assertEqual(gate["ActionThreshold"], {"Type": "PERCENTAGE", "Value": ref("CloseAt")})
        self.assertEqual(BUDGET["Parameters"]["CloseAt"]["Default"], 300)
        self.assertEqual(
            gate["Definition"], {"IamActionDefinition": {"PolicyArn": ref("Closed"), "Roles": ref("Roles")}}
        )
        (closed,) = self.properties("Closed")["PolicyDocument"]["Statement"]
        self.assertEqual(closed, {"Effect": "Deny", "Action": "*", "Resource": "*"})

    def test_budgets_may_put_that_policy_on_the_stacks_roles_and_take_it_off(self):
        self.assertEqual(self.properties("Gate")["ExecutionRoleArn"], arn("GateRole"))
        (policy,) = self.properties("GateRole")["Policies"]
        (statement,) = policy["PolicyDocument"]["Statement"]
        self.assertEqual(statement["Action"], ["iam:AttachRolePolicy", "iam:DetachRolePolicy"])
        self.assertTrue(statement["Resource"]["Fn::Sub"].endswith(":role/${StackName}-*"))
        self.assertEqual(statement["Condition"], {"ArnEquals": {"iam:PolicyARN": ref("Closed")}})


if __name__ == "__main__":
    unittest.main()
